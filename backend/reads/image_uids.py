"""Identifiers of images that hold for one read alone.

The same case comes back in a later session. Were its UIDs the same, a reader's browser history would match the two.
"""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings


def uid_in_read(read_id: UUID, uid: str) -> str:
    """A UID that stands for `uid` in this read only (DICOM PS3.5 B.2: 2.25 and a 128-bit number)."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{read_id}|{uid}".encode(), hashlib.sha256).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"
