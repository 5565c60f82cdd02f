"""Reading zips from strangers: no name from inside is used on disk, and nothing inflates without limit."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .reports import PathFinding, Refused

CHUNK = 1 << 20
ENCRYPTED_FLAG = 0x1
# What `zipfile` raises on archives that are cut, garbled, or packed by a method it does not know.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What an archive may claim before it is taken for a bomb.

    The ratio is that of all unpacked bytes to the bytes on disk, looked at only beyond `ratio_from_bytes`:
    DICOM of an empty field packs well too.
    """

    entries: int = 100_000
    total_bytes: int = 32 << 30
    ratio: float = 100.0
    ratio_from_bytes: int = 8 << 20
    depth: int = 3


@dataclass(slots=True)
class Budget:
    """What all archives of one import together may still unpack."""

    entries: int
    total_bytes: int

    @classmethod
    def of(cls, limits: ZipLimits) -> "Budget":
        return cls(entries=limits.entries, total_bytes=limits.total_bytes)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A member on disk under a neutral name, and the path to show for it."""

    file: Path
    shown: str


def looks_like_zip(head: bytes) -> bool:
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def unpack(
    archive: Path, shown: str, into: Path, *, limits: ZipLimits, budget: Budget
) -> Iterator[Unpacked | PathFinding]:
    """Unpack an archive member by member; findings for members that are left aside.

    Raises
    ------
    Refused
        `corrupt_zip`, `empty_zip`, `encrypted_zip`, `zip_bomb`: the archive as a whole. Members unpacked
        before are to be thrown away by the caller.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [info for info in opened.infolist() if not info.is_dir()]
            _check_claims(members, archive.stat().st_size, limits=limits, budget=budget)
            for number, info in enumerate(members):
                name = f"{shown}/{info.filename}"
                problem = _member_problem(info, name)
                if problem is not None:
                    yield problem
                    continue
                target = into / f"{number:06d}"
                _copy(opened, info, target, budget=budget)
                yield Unpacked(file=target, shown=name)
    except Refused:
        raise
    except BROKEN_ZIP as error:
        raise Refused("corrupt_zip", "The archive cannot be read to its end; pack it again.") from error


def _check_claims(members: list[zipfile.ZipInfo], size: int, *, limits: ZipLimits, budget: Budget) -> None:
    if not members:
        raise Refused("empty_zip", "The archive holds no file.")
    if any(info.flag_bits & ENCRYPTED_FLAG for info in members):
        raise Refused("encrypted_zip", "The archive is protected by a password; send it without.")
    claimed = sum(info.file_size for info in members)
    if len(members) > budget.entries:
        raise Refused("zip_bomb", f"The archive holds more than {budget.entries} files.")
    if claimed > budget.total_bytes:
        raise Refused(
            "zip_bomb", f"Unpacked, the archive would take {claimed >> 20} MiB, more than is allowed."
        )
    if claimed > limits.ratio_from_bytes and claimed > limits.ratio * size:
        raise Refused(
            "zip_bomb", f"The archive would grow {claimed / max(size, 1):.0f}-fold, more than images ever do."
        )


def _member_problem(info: zipfile.ZipInfo, shown: str) -> PathFinding | None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0]:
        return PathFinding(shown, "unsafe_path", "The name inside the archive points outside of it.")
    if stat.S_ISLNK(info.external_attr >> 16):
        return PathFinding(shown, "symbolic_link", "A link inside an archive is not followed.")
    return None


def _copy(opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, *, budget: Budget) -> None:
    budget.entries -= 1
    with opened.open(info) as source, target.open("wb") as sink:
        while chunk := source.read(CHUNK):
            budget.total_bytes -= len(chunk)
            # The header's claim may be a lie; what counts is what comes out.
            if budget.total_bytes < 0:
                raise Refused("zip_bomb", "The archive unpacks to more than is allowed.")
            sink.write(chunk)
