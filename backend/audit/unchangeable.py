"""The base of rows that are only ever added; the database refuses their change too (`append_only`)."""

from typing import Any

from django.db import models


class Unchangeable(models.Model):
    """A row that is only ever added."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"An existing {self._meta.verbose_name} is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"An existing {self._meta.verbose_name} is never deleted.")
