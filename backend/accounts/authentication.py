from rest_framework import authentication, exceptions
from rest_framework.request import Request

from .models import User


def signed_in(request: Request) -> User:
    """The person who sends the request; 401 for nobody."""
    if not isinstance(request.user, User):
        raise exceptions.NotAuthenticated
    return request.user


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session with CSRF, answering 401 (not 403) to somebody who has not signed in."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
