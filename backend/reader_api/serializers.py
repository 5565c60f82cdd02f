"""What a reader's browser may send and get. Every field is named; a new one is a visible change."""

from rest_framework import serializers


class NextTurnOutput(serializers.Serializer):
    status = serializers.CharField()
    session_ordinal = serializers.IntegerField(allow_null=True)
    position = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
    opens_at = serializers.DateTimeField(allow_null=True)
    resumes_draft = serializers.BooleanField()


class StudyOutput(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()
    instructions = serializers.CharField()


class WorklistSessionOutput(serializers.Serializer):
    ordinal = serializers.IntegerField()
    title = serializers.CharField()
    is_aided = serializers.BooleanField()
    is_training = serializers.BooleanField()
    attempt = serializers.IntegerField()
    steps = serializers.IntegerField()
    total = serializers.IntegerField()
    submitted = serializers.IntegerField()
    status = serializers.CharField()
    opens_at = serializers.DateTimeField(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    is_passed = serializers.BooleanField(allow_null=True)
    meaning = serializers.CharField(allow_null=True)


class TrainingRulesOutput(serializers.Serializer):
    pass_mark = serializers.FloatField()
    max_attempts = serializers.IntegerField()


class CorrectionStateOutput(serializers.Serializer):
    """How far a request to correct a read is, and what the desk said to it."""

    status = serializers.CharField()
    decision = serializers.CharField(allow_blank=True)


class CorrectableOutput(serializers.Serializer):
    """A submitted read of one's own: that it exists, and nothing of what it holds."""

    read_id = serializers.UUIDField()
    alias = serializers.CharField()
    session_title = serializers.CharField()
    step = serializers.IntegerField()
    steps = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    request = CorrectionStateOutput(allow_null=True)


class WorklistOutput(serializers.Serializer):
    study = StudyOutput()
    washout_days = serializers.IntegerField()
    training = TrainingRulesOutput(allow_null=True)
    sessions = WorklistSessionOutput(many=True)
    next = NextTurnOutput()
    correctable = CorrectableOutput(many=True)


class ReadOpenedOutput(serializers.Serializer):
    read_id = serializers.UUIDField()


class SessionOutput(serializers.Serializer):
    ordinal = serializers.IntegerField()
    title = serializers.CharField()
    is_aided = serializers.BooleanField()
    is_training = serializers.BooleanField()


class WindowOutput(serializers.Serializer):
    center = serializers.FloatField()
    width = serializers.FloatField()


class ReformatsOutput(serializers.Serializer):
    """Whether other planes may be made of a series, and why not."""

    allowed = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)


class SeriesOutput(serializers.Serializer):
    index = serializers.IntegerField()
    title = serializers.CharField()
    role = serializers.CharField()
    plane = serializers.CharField()
    slices = serializers.IntegerField()
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    row_spacing_mm = serializers.FloatField(allow_null=True)
    column_spacing_mm = serializers.FloatField(allow_null=True)
    slice_step_mm = serializers.FloatField(allow_null=True)
    initial_slice = serializers.IntegerField()
    window = WindowOutput(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
    is_synthetic = serializers.BooleanField()
    mpr = ReformatsOutput()


class HangingWindowOutput(serializers.Serializer):
    """A window, or the percentiles of the middle slice."""

    center = serializers.FloatField(required=False)
    width = serializers.FloatField(required=False)
    low = serializers.FloatField(required=False)
    high = serializers.FloatField(required=False)


class HangingPaneOutput(serializers.Serializer):
    role = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    plane = serializers.CharField(allow_null=True)
    start = serializers.CharField(allow_null=True)
    window = HangingWindowOutput(allow_null=True)


class HangingOutput(serializers.Serializer):
    """The panes that the protocol begins the case with, those that the case can fill."""

    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    panes = HangingPaneOutput(many=True)
    linked = serializers.BooleanField()


class UpcomingOutput(serializers.Serializer):
    """The images that the reader is given next: under which id, and their series; no id where none may come yet."""

    read_id = serializers.UUIDField(allow_null=True)
    series = SeriesOutput(many=True)


class SegmentStepOutput(serializers.Serializer):
    """A step that drew a segment, as the browser said it."""

    tool = serializers.CharField()
    version = serializers.CharField(allow_blank=True)
    seed_ijk = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    parameters = serializers.DictField()


class SegmentOutput(serializers.Serializer):
    value = serializers.IntegerField()
    question = serializers.CharField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # the API's word, not the field's own label
    status = serializers.CharField(allow_null=True)
    origin = SegmentStepOutput(many=True)
    edited_voxels = serializers.IntegerField()


class LabelmapOutput(serializers.Serializer):
    """What is painted on a series: gzip of a byte per voxel, slice by slice, in base64."""

    series = serializers.IntegerField()
    segments = SegmentOutput(many=True)
    shape = serializers.ListField(child=serializers.IntegerField())
    data = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the serializer's own data


class DraftOutput(serializers.Serializer):
    revision = serializers.IntegerField()
    answers = serializers.DictField()
    measurements = serializers.ListField(child=serializers.DictField())
    annotations = serializers.ListField(child=serializers.DictField())
    labelmaps = LabelmapOutput(many=True)
    saved_at = serializers.DateTimeField(allow_null=True)
    client_id = serializers.CharField(allow_null=True)
    view = serializers.DictField(allow_null=True)


class CaseInfoOutput(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the field's own label
    value = serializers.CharField()


class OpenCorrectionOutput(serializers.Serializer):
    """Why a submitted read is open again, in its reader's own words."""

    reason = serializers.CharField()


class ReadOutput(serializers.Serializer):
    """An open read: all that the reading room shows."""

    id = serializers.UUIDField()
    alias = serializers.CharField()
    status = serializers.CharField()
    session = SessionOutput()
    position = serializers.IntegerField()
    total = serializers.IntegerField()
    study = StudyOutput()
    case_info = CaseInfoOutput(many=True)
    form = serializers.DictField()
    schema = serializers.DictField()
    step = serializers.IntegerField()
    steps = serializers.IntegerField()
    draft = DraftOutput()
    series = SeriesOutput(many=True)
    primary_series = serializers.IntegerField()
    hanging = HangingOutput(allow_null=True)
    tools = serializers.ListField(child=serializers.CharField(), allow_null=True)
    aid_released = serializers.BooleanField()
    correction = OpenCorrectionOutput(allow_null=True)
    reader = serializers.CharField()


class LockedReadOutput(serializers.Serializer):
    """A submitted read: that it is locked, and nothing of what it holds."""

    id = serializers.UUIDField()
    alias = serializers.CharField()
    status = serializers.CharField()
    has_feedback = serializers.BooleanField()


class DraftInput(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0)
    client_id = serializers.CharField(max_length=64, required=False)
    view = serializers.DictField(required=False)
    answers = serializers.DictField()
    measurements = serializers.ListField(child=serializers.DictField())
    annotations = serializers.ListField(child=serializers.DictField(), required=False)
    labelmaps = serializers.ListField(child=serializers.DictField(), required=False)


class DifferenceOutput(serializers.Serializer):
    """A value of a drawing that the browser and the server do not have alike."""

    uuid = serializers.UUIDField()
    field = serializers.CharField()
    here = serializers.FloatField()
    server = serializers.FloatField()


class MeasuredSegmentOutput(serializers.Serializer):
    """What the server measured on a segment that is painted for a question; `slices` are frames from 1."""

    series = serializers.IntegerField()
    value = serializers.IntegerField()
    question = serializers.CharField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # the API's word, not the field's own label
    status = serializers.CharField(allow_null=True)
    frame = serializers.IntegerField(allow_null=True)
    short_axis_mm = serializers.FloatField(allow_null=True)
    long_axis_mm = serializers.FloatField(allow_null=True)
    volume_ml = serializers.FloatField(allow_null=True)
    slices = serializers.ListField(child=serializers.IntegerField())
    borderline = serializers.BooleanField(allow_null=True)


class DraftSavedOutput(serializers.Serializer):
    revision = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    derived = serializers.DictField()
    measurements = serializers.ListField(child=serializers.DictField())
    annotations = serializers.ListField(child=serializers.DictField())
    segments = MeasuredSegmentOutput(many=True)
    differences = DifferenceOutput(many=True)


class SubmitInput(serializers.Serializer):
    idempotency_key = serializers.UUIDField()
    revision = serializers.IntegerField(min_value=0, required=False)
    answers = serializers.DictField()
    measurements = serializers.ListField(child=serializers.DictField())
    annotations = serializers.ListField(child=serializers.DictField(), required=False)
    labelmaps = serializers.ListField(child=serializers.DictField(), required=False)
    timing = serializers.DictField(required=False, default=dict)
    open_next = serializers.BooleanField(required=False, default=False)


class SubmittedOutput(serializers.Serializer):
    """`opened` is the read that comes next, where it was asked for and could be opened."""

    status = serializers.CharField()
    has_feedback = serializers.BooleanField()
    next = NextTurnOutput()
    opened = ReadOutput(allow_null=True)


class DevelopmentScoresOutput(serializers.Serializer):
    """Where the scores of the model's development lay, in bins."""

    source = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the field's own source
    bin_edges = serializers.ListField(child=serializers.FloatField())
    counts = serializers.ListField(child=serializers.IntegerField())
    counts_by_class = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))
    is_demonstration = serializers.BooleanField()


class AidModelOutput(serializers.Serializer):
    """The card of the model, as the version that answered has it."""

    id = serializers.CharField()
    semver = serializers.CharField()
    digest = serializers.CharField()
    title = serializers.CharField()
    weights_status = serializers.CharField()
    intended_use = serializers.CharField(allow_blank=True)
    training_data = serializers.CharField(allow_blank=True)
    positive_rule = serializers.CharField(allow_blank=True)
    calibration_note = serializers.CharField(allow_blank=True)
    limits = serializers.ListField(child=serializers.CharField())
    references = serializers.ListField(child=serializers.CharField())
    development_scores = DevelopmentScoresOutput(allow_null=True)


class AidOverlayOutput(serializers.Serializer):
    """What the output shows on the images of a series; the voxels have an address of their own."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["mask", "heat"])
    title = serializers.CharField()
    note = serializers.CharField()
    method = serializers.CharField()
    low = serializers.CharField(allow_blank=True)
    high = serializers.CharField(allow_blank=True)
    series = serializers.IntegerField()
    shape = serializers.ListField(child=serializers.IntegerField())


class AidOutput(serializers.Serializer):
    """What the protocol releases of a model in an aided read."""

    status = serializers.CharField()
    model = AidModelOutput()
    score = serializers.FloatField(allow_null=True)
    probability = serializers.FloatField(allow_null=True)
    probability_note = serializers.CharField(allow_blank=True)
    cut_off = serializers.FloatField(allow_null=True)
    is_positive = serializers.BooleanField(allow_null=True)
    near_cut_off = serializers.BooleanField(allow_null=True)
    numeric_uncertainty = serializers.FloatField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    synthetic = serializers.BooleanField()
    overlays = AidOverlayOutput(many=True)
