from django.apps import AppConfig


class AdjudicationConfig(AppConfig):
    name = "backend.adjudication"
    label = "adjudication"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.reads.hooks import on_committed

        from .services import review_after_commit

        on_committed(review_after_commit)
