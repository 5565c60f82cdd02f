"""What an adjudicator's browser may send and get. Every field is named; a new one is a visible change."""

from rest_framework import serializers


class AdjudicationStudyRowOutput(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()
    phase = serializers.CharField()
    waiting = serializers.IntegerField()


class AdjudicationStudyOutput(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()


class AdjudicationWorklistOutput(serializers.Serializer):
    """How much there is to do. `status` says why an item can or cannot be opened now."""

    study = AdjudicationStudyOutput()
    status = serializers.CharField()
    mode = serializers.CharField(allow_null=True)
    open_item = serializers.UUIDField(allow_null=True)
    waiting = serializers.IntegerField()
    settled = serializers.IntegerField()
    minutes_per_item = serializers.FloatField(allow_null=True)


class ItemOpenedOutput(serializers.Serializer):
    item_id = serializers.UUIDField()


class AdjudicationWindowOutput(serializers.Serializer):
    center = serializers.FloatField()
    width = serializers.FloatField()


class AdjudicationReformatsOutput(serializers.Serializer):
    """Whether other planes may be made of a series, and why not."""

    allowed = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)


class AdjudicationSeriesOutput(serializers.Serializer):
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
    window = AdjudicationWindowOutput(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
    is_synthetic = serializers.BooleanField()
    mpr = AdjudicationReformatsOutput()


class AdjudicationHangingWindowOutput(serializers.Serializer):
    """A window by its values, or by percentiles of the middle slice."""

    center = serializers.FloatField(required=False)
    width = serializers.FloatField(required=False)
    low = serializers.FloatField(required=False)
    high = serializers.FloatField(required=False)


class AdjudicationHangingPaneOutput(serializers.Serializer):
    role = serializers.CharField(allow_null=True)
    kind = serializers.CharField()
    plane = serializers.CharField(allow_null=True)
    start = serializers.CharField(allow_null=True)
    window = AdjudicationHangingWindowOutput(allow_null=True)


class AdjudicationHangingOutput(serializers.Serializer):
    """The panes in which readers find the case, those that it can fill."""

    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    panes = AdjudicationHangingPaneOutput(many=True)
    linked = serializers.BooleanField()


class AdjudicationCaseInfoOutput(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the field's own label
    value = serializers.CharField()


class ShownMarkOutput(serializers.Serializer):
    uuid = serializers.UUIDField()
    question = serializers.CharField()
    series = serializers.IntegerField()
    frame = serializers.IntegerField()
    sop_uid = serializers.CharField()
    frame_of_reference_uid = serializers.CharField()
    point_mm = serializers.ListField(child=serializers.FloatField())
    rating = serializers.JSONField(allow_null=True)


class ShownContourOutput(serializers.Serializer):
    uuid = serializers.UUIDField()
    question = serializers.CharField()
    series = serializers.IntegerField()
    frame = serializers.IntegerField()
    sop_uid = serializers.CharField()
    frame_of_reference_uid = serializers.CharField()
    points_mm = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class ShownSegmentOutput(serializers.Serializer):
    """A segment by its words and sizes; how it was painted is left out."""

    value = serializers.IntegerField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # the API's word, not the field's own label
    status = serializers.CharField(allow_null=True)
    frame = serializers.IntegerField(allow_null=True)
    short_axis_mm = serializers.FloatField(allow_null=True)
    long_axis_mm = serializers.FloatField(allow_null=True)
    volume_ml = serializers.FloatField(allow_null=True)
    slices = serializers.ListField(child=serializers.IntegerField())
    borderline = serializers.BooleanField(allow_null=True)


class ShownLabelmapOutput(serializers.Serializer):
    """The voxels of one mask question on one series: gzip of a byte per voxel, in base64."""

    question = serializers.CharField()
    series = serializers.IntegerField()
    shape = serializers.ListField(child=serializers.IntegerField())
    segments = ShownSegmentOutput(many=True)
    data = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the serializer's own data


class ShownMeasurementOutput(serializers.Serializer):
    """The axes that a reader drew: two points of the long one, two of the short one."""

    uuid = serializers.UUIDField()
    question = serializers.CharField(allow_blank=True)
    series = serializers.IntegerField()
    frame = serializers.IntegerField()
    points_mm = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
    long_axis_mm = serializers.FloatField()
    short_axis_mm = serializers.FloatField()


class ShownAnnotationOutput(serializers.Serializer):
    """What a reader measured beside the form, without any words."""

    uuid = serializers.UUIDField()
    tool = serializers.CharField()
    series = serializers.IntegerField()
    frame = serializers.IntegerField()
    points_mm = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
    values = serializers.DictField(child=serializers.FloatField())


class OriginalOutput(serializers.Serializer):
    """A reading under its letter: answers and drawings, and nothing of whose, when or in which arm."""

    letter = serializers.CharField()
    answers = serializers.DictField()
    marks = ShownMarkOutput(many=True)
    contours = ShownContourOutput(many=True)
    labelmaps = ShownLabelmapOutput(many=True)
    measurements = ShownMeasurementOutput(many=True)
    annotations = ShownAnnotationOutput(many=True)


class OverlapOutput(serializers.Serializer):
    """How far the masks of two readings agree on a question."""

    question = serializers.CharField()
    letters = serializers.ListField(child=serializers.CharField())
    dice = serializers.FloatField()


class DiscordantOutput(serializers.Serializer):
    question = serializers.CharField()
    words = serializers.CharField()


class FixedOutput(serializers.Serializer):
    """An answer that stands without a verdict."""

    question = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    how = serializers.CharField()


class AdjudicationDraftOutput(serializers.Serializer):
    revision = serializers.IntegerField()
    answers = serializers.DictField()
    reason = serializers.CharField(allow_blank=True)
    attendees = serializers.ListField(child=serializers.CharField())
    saved_at = serializers.DateTimeField(allow_null=True)


class ItemOutput(serializers.Serializer):
    """An open item: all that the adjudication room shows."""

    id = serializers.UUIDField()
    alias = serializers.CharField()
    status = serializers.CharField()
    mode = serializers.CharField()
    study = AdjudicationStudyOutput()
    case_info = AdjudicationCaseInfoOutput(many=True)
    form = serializers.DictField()
    schema = serializers.DictField()
    series = AdjudicationSeriesOutput(many=True)
    primary_series = serializers.IntegerField()
    hanging = AdjudicationHangingOutput(allow_null=True)
    originals = OriginalOutput(many=True)
    agreement = OverlapOutput(many=True)
    discordant = DiscordantOutput(many=True)
    to_settle = serializers.ListField(child=serializers.CharField())
    fixed = FixedOutput(many=True)
    attendee_codes = serializers.ListField(child=serializers.CharField())
    draft = AdjudicationDraftOutput()


class ClosedItemOutput(serializers.Serializer):
    """An item that is settled or was withdrawn: that it is, and nothing of what it holds."""

    id = serializers.UUIDField()
    alias = serializers.CharField()
    status = serializers.CharField()


class ItemDraftInput(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0)
    answers = serializers.DictField()
    reason = serializers.CharField(allow_blank=True, required=False, default="", trim_whitespace=False)
    attendees = serializers.ListField(
        child=serializers.CharField(max_length=10), required=False, default=list
    )


class ItemDraftSavedOutput(serializers.Serializer):
    revision = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    derived = serializers.DictField()


class SettleInput(serializers.Serializer):
    idempotency_key = serializers.UUIDField()
    revision = serializers.IntegerField(min_value=0, required=False)
    answers = serializers.DictField()
    reason = serializers.CharField(allow_blank=True, trim_whitespace=False)
    attendees = serializers.ListField(
        child=serializers.CharField(max_length=10), required=False, default=list
    )


class SettledOutput(serializers.Serializer):
    status = serializers.CharField()
    waiting = serializers.IntegerField()
