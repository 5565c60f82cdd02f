"""What the study designer sends and gets."""

from datetime import date

from django.core.validators import MaxValueValidator
from rest_framework import serializers

from backend.studies.session_states import CasePurpose

MAX_CASES_AT_ONCE = 2_000
# The last day of the longest study is still a date.
LATEST_START = date(2999, 12, 31)


class OptionOutput(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the field's own label
    default = serializers.IntegerField()
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField()


class TemplateOutput(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    options = OptionOutput(many=True)


class PatternOutput(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    options = OptionOutput(many=True)


class TemplatesOutput(serializers.Serializer):
    templates = TemplateOutput(many=True)
    patterns = PatternOutput(many=True)


# Pages that stand where a study's would.
RESERVED_SLUGS = ("analyses", "new")


class NewStudyInput(serializers.Serializer):
    slug = serializers.SlugField(max_length=50)
    title = serializers.CharField(max_length=200)
    template = serializers.CharField(max_length=60)
    options = serializers.DictField(child=serializers.IntegerField(), required=False, default=dict)

    def validate_slug(self, slug: str) -> str:
        if slug in RESERVED_SLUGS:
            raise serializers.ValidationError("This name is taken by a page.")
        return slug


class NewStudyOutput(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()


class DesignProblemOutput(serializers.Serializer):
    path = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    is_blocking = serializers.BooleanField()


class ModelOutput(serializers.Serializer):
    id = serializers.CharField()
    semver = serializers.CharField()


class ProtocolOutput(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()
    phase = serializers.CharField()
    may_edit = serializers.BooleanField()
    revision = serializers.IntegerField()
    version = serializers.IntegerField()
    sha256 = serializers.CharField(allow_blank=True)
    frozen_at = serializers.DateTimeField(allow_null=True)
    document = serializers.JSONField()
    problems = DesignProblemOutput(many=True)
    models = ModelOutput(many=True)
    centers = serializers.ListField(child=serializers.CharField())
    cohorts = serializers.ListField(child=serializers.CharField())


class ProtocolInput(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0)
    title = serializers.CharField(max_length=200, required=False)
    document = serializers.JSONField()


class SavedOutput(serializers.Serializer):
    revision = serializers.IntegerField()
    problems = DesignProblemOutput(many=True)


class PaceInput(serializers.Serializer):
    minutes = serializers.FloatField(min_value=0.1, max_value=480, required=False)
    later_step_minutes = serializers.FloatField(min_value=0, max_value=480, required=False)
    by_arm = serializers.DictField(
        child=serializers.FloatField(min_value=0.1, max_value=480), required=False, default=dict
    )


class SummaryInput(serializers.Serializer):
    document = serializers.JSONField()
    pace = PaceInput(required=False)
    start = serializers.DateField(required=False, validators=[MaxValueValidator(LATEST_START)])


class SessionLoadOutput(serializers.Serializer):
    ordinal = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    cases = serializers.IntegerField()
    repeats = serializers.IntegerField()
    reads = serializers.IntegerField()
    reads_by_arm = serializers.DictField(child=serializers.IntegerField())
    minutes = serializers.FloatField()
    sittings = serializers.IntegerField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class CellLoadOutput(serializers.Serializer):
    group = serializers.CharField()
    sequence = serializers.CharField()
    readers = serializers.IntegerField()
    sessions = SessionLoadOutput(many=True)
    reads = serializers.IntegerField()
    minutes = serializers.FloatField()
    last_day = serializers.DateField()


class PeriodCountOutput(serializers.Serializer):
    sequence = serializers.CharField()
    period = serializers.IntegerField()
    arm = serializers.CharField()
    reads = serializers.IntegerField()


class CoverageOutput(serializers.Serializer):
    arm = serializers.CharField()
    fewest = serializers.IntegerField()
    most = serializers.IntegerField()
    unread_cases = serializers.IntegerField()


class SetMixOutput(serializers.Serializer):
    case_set = serializers.CharField()
    is_expected = serializers.BooleanField()
    cases = serializers.IntegerField()
    by_center = serializers.DictField(child=serializers.IntegerField())
    by_cohort = serializers.DictField(child=serializers.IntegerField())


class ForecastOutput(serializers.Serializer):
    panels = serializers.IntegerField()
    share = serializers.FloatField()
    items = serializers.FloatField()
    hours = serializers.FloatField()


class DesignSummaryOutput(serializers.Serializer):
    cases = serializers.IntegerField()
    readers = serializers.IntegerField()
    are_cases_assumed = serializers.BooleanField()
    are_readers_assumed = serializers.BooleanField()
    training_cases = serializers.IntegerField()
    cells = CellLoadOutput(many=True)
    reads = serializers.IntegerField()
    minutes = serializers.FloatField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    periods = PeriodCountOutput(many=True)
    coverage = CoverageOutput(many=True)
    case_sets = SetMixOutput(many=True)
    assumptions = serializers.ListField(child=serializers.CharField())
    power_note = serializers.CharField()


class SummaryOutput(serializers.Serializer):
    problems = DesignProblemOutput(many=True)
    summary = DesignSummaryOutput(allow_null=True)
    adjudication = ForecastOutput(allow_null=True)
    answer_schema = serializers.JSONField(allow_null=True)


class PatternInput(serializers.Serializer):
    document = serializers.JSONField()
    pattern = serializers.CharField(max_length=60)
    options = serializers.DictField(child=serializers.IntegerField(), required=False, default=dict)


class PatternedOutput(serializers.Serializer):
    document = serializers.JSONField()


class CandidateOutput(serializers.Serializer):
    number = serializers.CharField()
    center = serializers.CharField()
    studies = serializers.ListField(child=serializers.CharField())


class CaseInfoLine(serializers.Serializer):
    label = serializers.CharField(max_length=60)  # type: ignore[assignment]  # the API's word, not the field's own label
    value = serializers.CharField(max_length=200)


class DesignCaseOutput(serializers.Serializer):
    number = serializers.CharField()
    center = serializers.CharField()
    purpose = serializers.CharField()
    cohort = serializers.CharField(allow_blank=True)
    case_info = CaseInfoLine(many=True)
    training_key = serializers.JSONField()


class CasesInput(serializers.Serializer):
    numbers = serializers.ListField(
        child=serializers.CharField(max_length=30), allow_empty=False, max_length=MAX_CASES_AT_ONCE
    )
    purpose = serializers.ChoiceField(choices=[one.value for one in CasePurpose], default=CasePurpose.STUDY)
    cohort = serializers.CharField(max_length=40, allow_blank=True, default="")


class TrainingKeyInput(serializers.Serializer):
    answers = serializers.DictField(allow_empty=True)
    text = serializers.CharField(max_length=2_000, allow_blank=True, default="")


class CaseChangeInput(serializers.Serializer):
    purpose = serializers.ChoiceField(choices=[one.value for one in CasePurpose], required=False)
    cohort = serializers.CharField(max_length=40, allow_blank=True, required=False)
    case_info = serializers.ListField(child=CaseInfoLine(), max_length=20, required=False)
    training_key = TrainingKeyInput(required=False)
