from .celery import app as celery_app

# Loaded with the settings, so that whoever sends a message sends it by this application.
__all__ = ["celery_app"]
