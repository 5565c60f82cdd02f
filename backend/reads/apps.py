from django.apps import AppConfig


class ReadsConfig(AppConfig):
    name = "backend.reads"
    label = "reads"
    default_auto_field = "django.db.models.BigAutoField"
