"""What the desk sends and gets in the conduct of a study. Nothing here holds an answer, but the unblinded case."""

from rest_framework import serializers

from backend.accounts.roles import Role

REASON = 2_000


class PasswordField(serializers.CharField):
    def __init__(self, **options: object) -> None:
        super().__init__(max_length=200, trim_whitespace=False, write_only=True, **options)  # type: ignore[arg-type]


class ProblemOutput(serializers.Serializer):
    path = serializers.CharField()
    text = serializers.CharField()
    is_blocking = serializers.BooleanField()


class FreezeOutput(serializers.Serializer):
    """The freeze as it would be now: faults, the digest that would be signed, and the words to sign."""

    problems = ProblemOutput(many=True)
    can_freeze = serializers.BooleanField()
    sha256 = serializers.CharField(allow_blank=True)
    meaning = serializers.CharField()


class FreezeInput(serializers.Serializer):
    password = PasswordField()
    sha256 = serializers.CharField(max_length=64)


class ReasonInput(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON)


class LockRequestInput(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON, required=False, allow_blank=True, default="")


class LockConfirmInput(serializers.Serializer):
    password = PasswordField()


class MemberOutput(serializers.Serializer):
    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    center = serializers.CharField(allow_blank=True)
    group = serializers.CharField(allow_blank=True)
    sequence = serializers.CharField(allow_blank=True)
    enrolled_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    is_waiting = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True)


class PlaceOutput(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()


class PeopleOutput(serializers.Serializer):
    members = MemberOutput(many=True)
    groups = PlaceOutput(many=True)
    sequences = PlaceOutput(many=True)
    centers = PlaceOutput(many=True)


class EnrollInput(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)
    center = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    group = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=REASON, required=False, allow_blank=True, default="")


class WithdrawInput(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON, required=False, allow_blank=True, default="")


class ReplaceInput(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    reason = serializers.CharField(max_length=REASON)


class ChangeOutput(serializers.Serializer):
    path = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class SignedByOutput(serializers.Serializer):
    name = serializers.CharField()
    meaning = serializers.CharField()
    signed_at = serializers.DateTimeField()
    document_sha256 = serializers.CharField()


class VersionOutput(serializers.Serializer):
    version = serializers.IntegerField()
    sha256 = serializers.CharField()
    effective_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    changes = ChangeOutput(many=True)
    signatures = SignedByOutput(many=True)


class VersionsOutput(serializers.Serializer):
    versions = VersionOutput(many=True)
    may_amend = serializers.BooleanField()
    amend_meaning = serializers.CharField()


class AmendmentInput(serializers.Serializer):
    document = serializers.DictField()
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SignedAmendmentInput(AmendmentInput):
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=REASON)
    password = PasswordField()


class AmendmentOutput(serializers.Serializer):
    version = serializers.IntegerField()
    sha256 = serializers.CharField()
    changes = ChangeOutput(many=True)


class DeviationOutput(serializers.Serializer):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField(allow_blank=True)
    about = serializers.CharField(allow_blank=True)


class UnblindInput(serializers.Serializer):
    case = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=REASON)
    name = serializers.CharField(max_length=150)
    password = PasswordField()


class UnblindingsOutput(serializers.Serializer):
    """The cases that this person has unblinded, and what is signed before another one is."""

    cases = serializers.ListField(child=serializers.CharField())
    meaning = serializers.CharField()
    name = serializers.CharField()


class OutputOutput(serializers.Serializer):
    model = serializers.CharField()
    semver = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    probability = serializers.FloatField(allow_null=True)
    is_positive = serializers.BooleanField(allow_null=True)


class AnswerOutput(serializers.Serializer):
    section = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the field's own label
    answer = serializers.CharField(allow_blank=True)


class UnblindedReadOutput(serializers.Serializer):
    reader = serializers.CharField()
    session = serializers.IntegerField()
    arm = serializers.CharField()
    step = serializers.IntegerField()
    answers = AnswerOutput(many=True)


class UnblindedOutput(serializers.Serializer):
    number = serializers.CharField()
    unblinded_at = serializers.DateTimeField()
    reason = serializers.CharField()
    truth = serializers.BooleanField(allow_null=True)
    outputs = OutputOutput(many=True)
    reads = UnblindedReadOutput(many=True)
