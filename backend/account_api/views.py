"""Signing in and out, and what the signed-in person is part of."""

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from backend.accounts.authentication import signed_in
from backend.accounts.models import User
from backend.accounts.preferences import preferences_of, preferences_save

from .serializers import MeOutput, SignInInput, ViewerPreferencesBody
from .throttles import AccountThrottle


def _me(user: User) -> dict[str, object]:
    memberships = (
        user.memberships.filter(withdrawn_at=None).select_related("study").order_by("study__slug", "role")
    )
    return {
        "username": user.username,
        "shown_name": user.shown_name,
        "is_staff": user.is_staff,
        "memberships": memberships,
        "may_create_studies": user.has_perm("studies.add_readerstudy"),
    }


class MeView(APIView):
    @extend_schema(responses=MeOutput)
    def get(self, request: Request) -> Response:
        get_token(request._request)
        return Response(MeOutput(_me(signed_in(request))).data)


@method_decorator(csrf_protect, name="dispatch")
class SignInView(APIView):
    """Nobody is signed in yet, so the framework's own CSRF check does not run: Django's does."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ScopedRateThrottle, AccountThrottle)
    throttle_scope = "sign_in"

    @extend_schema(request=SignInInput, responses=MeOutput)
    def post(self, request: Request) -> Response:
        given = SignInInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        if user is None:
            body = {"code": "invalid_credentials", "text": "The user name or the password is not right."}
            return Response(body, status=status.HTTP_400_BAD_REQUEST)
        login(request._request, user)
        return Response(MeOutput(_me(user)).data)


class SignOutView(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ViewerPreferencesView(APIView):
    """One's own only: nobody is asked for by name."""

    @extend_schema(responses=ViewerPreferencesBody)
    def get(self, request: Request) -> Response:
        return Response(preferences_of(signed_in(request)))

    @extend_schema(request=ViewerPreferencesBody, responses=ViewerPreferencesBody)
    def put(self, request: Request) -> Response:
        kept = preferences_save(document=request.data, by=signed_in(request), now=timezone.now())
        return Response(kept)
