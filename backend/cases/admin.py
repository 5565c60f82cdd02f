from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Case, CaseImage, CaseMask, CaseSeries


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's own class takes no parameter
    """Cases change by import alone: every other way would leave files and rows apart."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ("number", "center", "created_at")
    list_filter = ("center",)
    search_fields = ("number",)


@admin.register(CaseSeries)
class CaseSeriesAdmin(ReadOnlyAdmin):
    list_display = (
        "case",
        "position",
        "title",
        "role",
        "slices",
        "rows",
        "columns",
        "is_uniform",
        "is_synthetic",
    )
    list_filter = ("role", "plane", "is_uniform", "is_synthetic")
    search_fields = ("case__number",)


@admin.register(CaseImage)
class CaseImageAdmin(ReadOnlyAdmin):
    list_display = ("series", "index", "transfer_syntax_uid", "frame_length")


@admin.register(CaseMask)
class CaseMaskAdmin(ReadOnlyAdmin):
    list_display = ("case", "role", "label", "voxels", "created_at")
    list_filter = ("role",)
