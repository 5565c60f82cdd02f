from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session with CSRF, answering 401 (not 403) to somebody who has not signed in."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
