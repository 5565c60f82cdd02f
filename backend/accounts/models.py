import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. What the person may do is said per study, by membership."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    display_name = models.CharField(max_length=150, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def shown_name(self) -> str:
        return self.display_name or self.username


class Center(models.Model):
    """A hospital that contributes cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.code


class ViewerPreferences(models.Model):
    """How a person likes the viewer, in whichever study; `accounts.preferences` says what it can hold."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="viewer_preferences"
    )
    document = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "viewer preferences"

    def __str__(self) -> str:
        return f"viewer preferences of {self.user_id}"
