from django.apps import AppConfig


class ReaderApiConfig(AppConfig):
    name = "backend.reader_api"
    label = "reader_api"
    default_auto_field = "django.db.models.BigAutoField"
