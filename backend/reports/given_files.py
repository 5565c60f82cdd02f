"""From files as they were sent, or a zip of them, to named texts. Pure: nothing is written anywhere.

An archive is taken apart in memory, entry by entry, and no further than the limits: what an entry says of its own
size is not believed.
"""

import io
import json
import zipfile
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol

from backend.analysis.errors import AnalysisError
from backend.cases.zips import BROKEN_ZIP, ENCRYPTED_FLAG

TOO_LARGE = "too_large"
MOST_ENTRIES = 40
# What macOS packs beside the files.
PASSED_OVER = ("__MACOSX", ".DS_Store")
ENTRY_MARK = b"PK\x01\x02"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Upload(Protocol):
    """A file as a request holds it."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self) -> bytes: ...


def given_texts(uploads: Sequence[Upload], *, known: Collection[str], most_bytes: int) -> dict[str, str]:
    """Name to text of the uploaded files, or of the files in the one zip.

    Raises
    ------
    AnalysisError
        `too_large`; `no_file`, `unknown_file`, `repeated`; `not_zip` for an archive that cannot be taken apart;
        `not_utf8`, `not_text`, `not_json` by file and row.
    """
    if sum(one.size or 0 for one in uploads) > most_bytes:
        raise _too_large(most_bytes)
    bodies: list[tuple[str, bytes]] = [(one.name or "", one.read()) for one in uploads]
    if any(name.lower().endswith(".zip") for name, _ in bodies):
        if len(bodies) != 1:
            raise AnalysisError("not_zip", "a zip stands for all files: send it alone")
        bodies = _unzipped(bodies[0][1], most_bytes=most_bytes)
    if not bodies:
        raise AnalysisError("no_file", "no file was given")
    texts: dict[str, str] = {}
    for name, body in bodies:
        if name not in known:
            raise AnalysisError("unknown_file", f"{name} is none of {', '.join(known)}")
        if name in texts:
            raise AnalysisError("repeated", f"{name} was given twice")
        texts[name] = _text(name, body)
    return texts


def checked_json(name: str, text: str) -> Any:
    """The content of a JSON text that every database and every encoding can hold.

    Raises
    ------
    AnalysisError
        `not_json`, `not_text`.
    """
    try:
        content = json.loads(text.removeprefix("\ufeff"))
        written = json.dumps(content, ensure_ascii=False)
        written.encode()
    except UnicodeEncodeError as error:
        raise AnalysisError("not_text", f"{name} holds half of a character") from error
    except (ValueError, RecursionError) as error:
        raise AnalysisError("not_json", f"{name} is not JSON ({error})") from error
    if "\\u0000" in written:
        raise AnalysisError("not_text", f"{name} holds a NUL character")
    return content


def _text(name: str, body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise AnalysisError("not_utf8", f"{name}, row {row}: not UTF-8 (byte {error.start})") from error
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise AnalysisError("not_text", f"{name}, row {row}: a NUL character")
    if name.endswith(".json"):
        checked_json(name, text)
    return text


def _unzipped(body: bytes, *, most_bytes: int) -> list[tuple[str, bytes]]:
    if body.count(ENTRY_MARK) > MOST_ENTRIES:
        raise AnalysisError("not_zip", f"the zip has more than {MOST_ENTRIES} entries")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = [one for one in archive.infolist() if _is_taken(one)]
            folders = {str(PurePosixPath(one.filename).parent) for one in entries}
            if len(folders) > 1:
                raise AnalysisError("not_zip", "the files of the zip lie in several folders")
            left, found = most_bytes, []
            for entry in entries:
                content = _entry(archive, entry, left)
                left -= len(content)
                if left < 0:
                    raise _too_large(most_bytes)
                found.append((PurePosixPath(entry.filename).name, content))
            return found
    except AnalysisError:
        raise
    except BROKEN_ZIP as error:
        raise AnalysisError("not_zip", "the zip is damaged or no zip") from error


def _is_taken(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    if not entry.filename:
        raise AnalysisError("not_zip", "the zip has an entry without a name")
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
        raise AnalysisError("not_zip", f"the zip has an entry outside of its folder: {entry.filename}")
    return not entry.is_dir() and not set(path.parts) & set(PASSED_OVER)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    if entry.flag_bits & ENCRYPTED_FLAG:
        raise AnalysisError("not_zip", f"{entry.filename} of the zip is encrypted")
    if entry.compress_type not in METHODS:
        raise AnalysisError("not_zip", f"{entry.filename} of the zip is packed in a way that is not read")
    with archive.open(entry) as opened:
        return opened.read(left + 1)


def _too_large(most_bytes: int) -> AnalysisError:
    return AnalysisError(TOO_LARGE, f"the files are larger than {most_bytes // 1_000_000} MB together")
