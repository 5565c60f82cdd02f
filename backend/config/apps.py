from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "backend.config"
    label = "config"
    default_auto_field = "django.db.models.BigAutoField"
