from django.apps import AppConfig


class AdjudicatorApiConfig(AppConfig):
    name = "backend.adjudicator_api"
    label = "adjudicator_api"
    default_auto_field = "django.db.models.BigAutoField"
