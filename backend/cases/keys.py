"""The de-identification key and what is derived from it. Without it no pseudonym leads back to a person."""

import hashlib
import hmac
import os
import secrets
import uuid
from datetime import date, timedelta
from pathlib import Path

KEY_BYTES = 32
MAX_SHIFT_DAYS = 3650
EARLIEST = date(1900, 1, 1)


def load_key(path: Path) -> bytes:
    """The key, made on first use and readable by its owner alone.

    Raises
    ------
    ValueError
        When the file is not a key: with another key the same patient would become a second case.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        candidate = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        candidate.touch(mode=0o600)
        candidate.write_text(secrets.token_hex(KEY_BYTES))
        # Two imports may start at once: the first to link wins, the other reads the winner's.
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    key = bytes.fromhex(path.read_text().strip())
    if len(key) != KEY_BYTES:
        raise ValueError("the de-identification key has the wrong length")
    return key


class Pseudonymizer:
    """Consistent replacements for identities: the same input and key give the same, on every import."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _digest(self, purpose: str, *values: str) -> bytes:
        # Lengths keep ("ab", "c") and ("a", "bc") apart.
        message = purpose + "".join(f"|{len(value)}:{value}" for value in values)
        return hmac.new(self._key, message.encode(), hashlib.sha256).digest()

    def patient(self, *, center_code: str, patient_id: str, study_uid: str) -> str:
        """Pseudonym of a center's patient; without a patient ID every examination is a patient of its own."""
        if patient_id:
            return self._digest("patient", center_code, patient_id).hex()
        return self._digest("examination", center_code, study_uid).hex()

    def uid(self, original: str, *parts: str) -> str:
        """A UID below 2.25 for a UID, and for the part of it that became an object of its own."""
        made = uuid.UUID(bytes=self._digest("uid", original, *parts)[:16], version=4)
        return f"2.25.{made.int}"

    def shifted_date(self, value: str, *, patient: str) -> str:
        """A DICOM date moved back by the patient's own number of days; empty for what is no date."""
        try:
            day = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
        except ValueError:
            return ""
        days = 1 + int.from_bytes(self._digest("shift", patient)[:8]) % MAX_SHIFT_DAYS
        return f"{day - timedelta(days=days):%Y%m%d}" if day > EARLIEST else ""
