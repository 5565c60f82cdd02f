"""What the desk may send and get. Every field is named; none holds an answer, a score or truth before the lock."""

from rest_framework import serializers


class StudyRowOutput(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()
    phase = serializers.CharField()
    role = serializers.CharField()


class StudySessionOutput(serializers.Serializer):
    ordinal = serializers.IntegerField()
    title = serializers.CharField()
    washout_days = serializers.FloatField()
    arms = serializers.ListField(child=serializers.CharField())
    model_ids = serializers.ListField(child=serializers.CharField())


class PermissionsOutput(serializers.Serializer):
    progress = serializers.BooleanField()
    cases = serializers.BooleanField()
    freeze = serializers.BooleanField()
    predictions = serializers.BooleanField()
    lock = serializers.BooleanField()
    people = serializers.BooleanField()
    enroll = serializers.BooleanField()
    protocol = serializers.BooleanField()
    amend = serializers.BooleanField()
    deviations = serializers.BooleanField()
    unblind = serializers.BooleanField()
    results = serializers.BooleanField()
    audit = serializers.BooleanField()


class LockStateOutput(serializers.Serializer):
    """Who has asked for the lock; null before anybody has."""

    requested_at = serializers.DateTimeField()
    requested_by = serializers.CharField()
    is_own = serializers.BooleanField()


class DeskStudyOutput(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()
    phase = serializers.CharField()
    template = serializers.CharField()
    protocol_version = serializers.IntegerField()
    protocol_sha256 = serializers.CharField(allow_blank=True)
    washout_days = serializers.FloatField()
    frozen_at = serializers.DateTimeField(allow_null=True)
    locked_at = serializers.DateTimeField(allow_null=True)
    locked_by = serializers.CharField(allow_blank=True)
    lock_reason = serializers.CharField(allow_blank=True)
    lock_request = LockStateOutput(allow_null=True)
    sessions = StudySessionOutput(many=True)
    cases = serializers.IntegerField()
    readers = serializers.IntegerField()
    missing_reads = serializers.IntegerField(allow_null=True)
    role = serializers.CharField()
    permissions = PermissionsOutput()


class SessionProgressOutput(serializers.Serializer):
    ordinal = serializers.IntegerField(source="progress.ordinal")
    submitted = serializers.IntegerField(source="progress.submitted")
    total = serializers.IntegerField(source="progress.total")
    status = serializers.CharField(source="progress.status")
    opens_at = serializers.DateTimeField(source="progress.opens_at", allow_null=True)
    last_submitted_at = serializers.DateTimeField(allow_null=True)
    median_active_s = serializers.FloatField(allow_null=True)


class ReaderProgressOutput(serializers.Serializer):
    name = serializers.CharField()
    is_withdrawn = serializers.BooleanField()
    sessions = SessionProgressOutput(many=True)


class TotalsOutput(serializers.Serializer):
    submitted = serializers.IntegerField()
    total = serializers.IntegerField()


class AdjudicationForecastOutput(serializers.Serializer):
    items = serializers.FloatField()
    hours = serializers.FloatField()


class AdjudicationProgressOutput(serializers.Serializer):
    """Counts of cases times arms, and of those on which readers disagree; nothing of which or on what."""

    panels = serializers.IntegerField()
    complete = serializers.IntegerField()
    raised = serializers.IntegerField()
    open = serializers.IntegerField()
    settled = serializers.IntegerField()
    by_majority = serializers.IntegerField()
    needs_review = serializers.IntegerField()
    forecast = AdjudicationForecastOutput()


class ProgressOutput(serializers.Serializer):
    readers = ReaderProgressOutput(many=True)
    totals = TotalsOutput()
    blinded_note = serializers.CharField()
    adjudication = AdjudicationProgressOutput(allow_null=True)


class WarningOutput(serializers.Serializer):
    code = serializers.CharField()
    reason = serializers.CharField()


class CaseSeriesOutput(serializers.Serializer):
    title = serializers.CharField()
    role = serializers.CharField()
    slices = serializers.IntegerField()
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    row_spacing_mm = serializers.FloatField(allow_null=True)
    column_spacing_mm = serializers.FloatField(allow_null=True)
    slice_step_mm = serializers.FloatField(allow_null=True)
    warnings = WarningOutput(many=True)


class PredictionStateOutput(serializers.Serializer):
    status = serializers.CharField()
    progress = serializers.FloatField()
    reason = serializers.CharField(allow_blank=True)


class CaseOutput(serializers.Serializer):
    number = serializers.CharField()
    center = serializers.CharField()
    series = CaseSeriesOutput(many=True)
    masks = serializers.IntegerField()
    prediction = PredictionStateOutput()
    synthetic = serializers.BooleanField()


class JobOutput(serializers.Serializer):
    id = serializers.UUIDField()
    case = serializers.CharField()
    model = serializers.CharField()
    status = serializers.CharField()
    progress = serializers.FloatField()
    message = serializers.CharField(allow_blank=True)
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class RequestedOutput(serializers.Serializer):
    queued = serializers.IntegerField()
    existing = serializers.IntegerField()


class AuditEventOutput(serializers.Serializer):
    sequence = serializers.IntegerField()
    sha256 = serializers.CharField()
    at = serializers.DateTimeField(source="event.at")
    event = serializers.CharField(source="event.event")
    actor = serializers.CharField(source="event.actor_name", allow_blank=True)
    role = serializers.CharField(source="event.actor_role", allow_blank=True)
    subject_type = serializers.CharField(source="event.subject_type")
    old = serializers.JSONField(source="event.old", allow_null=True)
    new = serializers.JSONField(source="event.new", allow_null=True)
    reason = serializers.CharField(source="event.reason", allow_blank=True)
    detail = serializers.DictField(source="event.detail")


class AuditPageOutput(serializers.Serializer):
    events = AuditEventOutput(many=True)
    next_before = serializers.IntegerField(allow_null=True)


class AuditFaultOutput(serializers.Serializer):
    sequence = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    text = serializers.CharField()


class AuditVerificationOutput(serializers.Serializer):
    verified_at = serializers.DateTimeField()
    count = serializers.IntegerField(source="report.count")
    last_sequence = serializers.IntegerField(source="report.last_sequence")
    last_sha256 = serializers.CharField(source="report.last_sha256")
    faults = AuditFaultOutput(many=True, source="report.faults")
