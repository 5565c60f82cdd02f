from rest_framework import serializers

from backend.accounts.preferences import DRAGS


class SignInInput(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class MembershipOutput(serializers.Serializer):
    study = serializers.SlugField(source="study.slug")
    title = serializers.CharField(source="study.title")
    role = serializers.CharField()
    phase = serializers.CharField(source="study.phase")


class MeOutput(serializers.Serializer):
    username = serializers.CharField()
    display_name = serializers.CharField(source="shown_name")
    memberships = MembershipOutput(many=True)
    is_operator = serializers.BooleanField(source="is_staff")
    may_create_studies = serializers.BooleanField()


class LayoutBody(serializers.Serializer):
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()


class PreferredWindowBody(serializers.Serializer):
    """Percentiles of the middle slice; for CT center and width."""

    low = serializers.FloatField(required=False)
    high = serializers.FloatField(required=False)
    center = serializers.FloatField(required=False)
    width = serializers.FloatField(required=False)


class DragsBody(serializers.Serializer):
    """What a drag with a mouse button does; the left one has the tool in hand."""

    middle = serializers.ChoiceField(choices=DRAGS)
    right = serializers.ChoiceField(choices=DRAGS)


class ViewerPreferencesBody(serializers.Serializer):
    """How a person likes the viewer: nothing of a study and nothing of a case."""

    keys = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    remember_windows = serializers.BooleanField(required=False)
    windows = serializers.DictField(child=PreferredWindowBody(), required=False)
    linked = serializers.BooleanField(required=False, allow_null=True)
    lines = serializers.BooleanField(required=False, allow_null=True)
    drags = DragsBody(required=False)
    layouts = serializers.DictField(child=LayoutBody(), required=False)
