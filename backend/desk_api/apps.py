from django.apps import AppConfig


class DeskApiConfig(AppConfig):
    name = "backend.desk_api"
    label = "desk_api"
    default_auto_field = "django.db.models.BigAutoField"
