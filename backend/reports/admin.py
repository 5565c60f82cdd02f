from django.contrib import admin

from backend.cases.admin import ReadOnlyAdmin

from .models import FrozenDataset


@admin.register(FrozenDataset)
class FrozenDatasetAdmin(ReadOnlyAdmin):
    """Which datasets were frozen when, and by what digest; not what they hold."""

    list_display = ("study", "content_sha256", "frozen_at", "frozen_by")
    fields = ("study", "content_sha256", "frozen_at", "frozen_by")
    list_select_related = ("study", "frozen_by")
