from django.contrib import admin

from backend.cases.admin import ReadOnlyAdmin

from .models import CaseTruth


@admin.register(CaseTruth)
class CaseTruthAdmin(ReadOnlyAdmin):
    """Which cases have a reference standard, from whom, since when; the value itself is never shown here."""

    list_display = ("study_case", "version", "source", "entered_at", "entered_by")
    fields = ("study_case", "version", "source", "entered_at", "entered_by")
    list_select_related = ("study_case__case", "entered_by")
