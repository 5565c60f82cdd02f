from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from .models import Center, User

admin.site.register(User, UserAdmin)


@admin.register(Center)
class CenterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's own class takes no parameter
    """A center's code is part of its cases' numbers, pseudonyms and digests, so it stays as it was made."""

    list_display = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Center | None = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()
