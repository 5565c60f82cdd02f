from django.contrib import admin

from backend.cases.admin import ReadOnlyAdmin

from .models import InferenceJob, ModelVersion


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("model_id", "semver", "digest", "registered_at")


@admin.register(InferenceJob)
class InferenceJobAdmin(ReadOnlyAdmin):
    """Where jobs stand and why they failed. What a model said is not shown here to anybody."""

    list_display = (
        "case",
        "model_version",
        "queue",
        "status",
        "attempt",
        "progress",
        "reason_code",
        "created_at",
    )
    list_filter = ("status", "queue", "model_version")
    list_select_related = ("case", "model_version")
    search_fields = ("case__number",)
