from django.apps import AppConfig


class AccountApiConfig(AppConfig):
    name = "backend.account_api"
    label = "account_api"
    default_auto_field = "django.db.models.BigAutoField"
