from django.apps import AppConfig


class AdjudicationConfig(AppConfig):
    name = "backend.adjudication"
    label = "adjudication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.reads.hooks import on_committed, on_reopening

        from .services import check_no_meeting_on, review_after_commit

        on_committed(review_after_commit)
        on_reopening(check_no_meeting_on)
