"""What a reader's browser sends and gets around the reads: signature, feedback to training, corrections."""

from rest_framework import serializers

from .serializers import NextTurnOutput


class SignInput(serializers.Serializer):
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class SignedOutput(serializers.Serializer):
    meaning = serializers.CharField()
    signed_at = serializers.DateTimeField()
    document_sha256 = serializers.CharField()
    next = NextTurnOutput()


class ComparedOutput(serializers.Serializer):
    """A question of a training case: one's own answer beside the key, in words."""

    question = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the API's word, not the field's own label
    answer = serializers.CharField()
    expected = serializers.CharField()
    is_right = serializers.BooleanField(allow_null=True)


class FeedbackOutput(serializers.Serializer):
    alias = serializers.CharField()
    compared = ComparedOutput(many=True)
    text = serializers.CharField(allow_blank=True)


class CorrectionRequestInput(serializers.Serializer):
    reason = serializers.CharField(max_length=1_000)


class CorrectionRequestOutput(serializers.Serializer):
    status = serializers.CharField()


class CorrectionInput(serializers.Serializer):
    idempotency_key = serializers.UUIDField()
    answers = serializers.DictField()
    measurements = serializers.ListField(child=serializers.DictField())
    annotations = serializers.ListField(child=serializers.DictField(), required=False)
    labelmaps = serializers.ListField(child=serializers.DictField(), required=False)
    reason = serializers.CharField(max_length=1_000)


class CorrectedOutput(serializers.Serializer):
    status = serializers.CharField()
