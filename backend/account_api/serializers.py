from rest_framework import serializers


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
