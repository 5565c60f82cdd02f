from django.apps import AppConfig


class TruthConfig(AppConfig):
    name = "backend.truth"
    label = "truth"
    default_auto_field = "django.db.models.BigAutoField"
