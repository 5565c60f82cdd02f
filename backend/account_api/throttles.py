import hashlib

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class AccountThrottle(SimpleRateThrottle):
    """Counts the attempts on one account, wherever they come from: an address can be changed, the name cannot."""

    scope = "sign_in_account"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        username = request.data.get("username") if isinstance(request.data, dict) else None
        if not isinstance(username, str):
            return None
        return self.cache_format % {"scope": self.scope, "ident": hash_of(username.strip().lower())}


def hash_of(name: str) -> str:
    """A key for the cache: any name, in few plain characters."""
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()
