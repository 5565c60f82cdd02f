"""Finding DICOM in what people send: folders, files and zips, by content and never by name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .reports import PathFinding, Refused
from .zips import Budget, Unpacked, ZipLimits, looks_like_zip, unpack

PREAMBLE = 128
MAGIC = b"DICM"
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
COMPANION = re.compile(r"(readme|license|licence|changelog)(\.\w+)?|(md5|sha\d+)sums?(\.txt)?", re.IGNORECASE)
VALUE_REPRESENTATIONS = frozenset(
    b"AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN".split()
    + b"UR US UT UV".split()
)
# Groups a data set without preamble may begin with: command set, file meta information, identification.
FIRST_GROUPS = (0x0000, 0x0002, 0x0008)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that looks like DICOM, and the path to show for it."""

    file: Path
    shown: str


@dataclass(slots=True)
class Findings:
    """What came through the door."""

    files: list[FoundFile] = field(default_factory=list)
    refused: list[PathFinding] = field(default_factory=list)
    skipped: list[PathFinding] = field(default_factory=list)


def looks_like_dicom(head: bytes, size: int) -> bool:
    """Whether the first bytes of a file are those of DICOM, with or without the preamble."""
    if head[PREAMBLE : PREAMBLE + 4] == MAGIC:
        return True
    if len(head) < 8 or int.from_bytes(head[:2], "little") not in FIRST_GROUPS:
        return False
    if head[4:6] in VALUE_REPRESENTATIONS:
        return True
    length = int.from_bytes(head[4:8], "little")
    # Implicit VR: the first elements are short texts or a group length.
    return int.from_bytes(head[2:4], "little") <= 0x0100 and 0 < length <= min(size, 256) and length % 2 == 0


def find_files(paths: Iterable[Path], *, staging: Path, limits: ZipLimits | None = None) -> Findings:
    """Everything below the paths: DICOM files, and a finding for each other file.

    Zips are unpacked under `staging`, which the caller removes. A zip that is refused contributes no file.
    """
    door = _Door(staging=staging, limits=limits or ZipLimits())
    for path in paths:
        given = Path(path)
        shown = given.resolve().name or str(given)
        if not given.exists():
            door.findings.refused.append(
                PathFinding(str(given.name), "not_found", "There is no such file or folder.")
            )
        else:
            door.take(given, shown)
    return door.findings


class _Door:
    def __init__(self, *, staging: Path, limits: ZipLimits) -> None:
        self.findings = Findings()
        self._staging = staging
        self._limits = limits
        self._budget = Budget.of(limits)
        self._archives = 0

    def take(self, given: Path, shown: str) -> None:
        """A path that a person named: links are followed here, and only here."""
        if not given.is_dir():
            self._take_file(given.resolve(), shown, into=self.findings, depth=0)
            return
        count = self._seen()
        for path in self._walk(given, shown):
            self._take_entry(path, f"{shown}/{path.relative_to(given).as_posix()}")
        if self._seen() == count:
            self.findings.refused.append(PathFinding(shown, "empty_folder", "The folder holds no file."))

    def _seen(self) -> int:
        return len(self.findings.files) + len(self.findings.refused) + len(self.findings.skipped)

    def _walk(self, folder: Path, shown: str) -> Iterator[Path]:
        """Every entry that is no folder, sorted, without following links."""
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            self.findings.refused.append(PathFinding(shown, "unreadable", "The folder cannot be opened."))
            return
        for path in entries:
            if path.is_dir() and not path.is_symlink():
                yield from self._walk(path, f"{shown}/{path.name}")
            else:
                yield path

    def _take_entry(self, path: Path, shown: str) -> None:
        if path.is_symlink():
            self.findings.skipped.append(PathFinding(shown, "symbolic_link", "A link is not followed."))
        elif not path.is_file():
            self.findings.skipped.append(PathFinding(shown, "not_a_file", "Neither a file nor a folder."))
        else:
            self._take_file(path, shown, into=self.findings, depth=0)

    def _take_file(self, path: Path, shown: str, *, into: Findings, depth: int) -> None:
        skip = _skip_by_name(shown)
        if skip is not None:
            into.skipped.append(skip)
            return
        try:
            size = path.stat().st_size
            with path.open("rb") as opened:
                head = opened.read(PREAMBLE + 4)
        except OSError:
            into.refused.append(PathFinding(shown, "unreadable", "The file cannot be opened."))
            return
        if looks_like_zip(head):
            self._take_zip(path, shown, into=into, depth=depth)
        elif shown.lower().endswith(".zip"):
            into.refused.append(PathFinding(shown, "corrupt_zip", "The file is named a zip but is none."))
        elif size == 0:
            into.refused.append(PathFinding(shown, "empty_file", "The file is empty."))
        elif looks_like_dicom(head, size):
            into.files.append(FoundFile(file=path, shown=shown))
        elif _is_companion(shown):
            reason = "A description or checksums that came with the images."
            into.skipped.append(PathFinding(shown, "companion_file", reason))
        else:
            into.refused.append(PathFinding(shown, "not_dicom", "The file is not DICOM."))

    def _take_zip(self, archive: Path, shown: str, *, into: Findings, depth: int) -> None:
        if depth >= self._limits.depth:
            reason = f"Archives lie inside each other more than {self._limits.depth} deep."
            into.refused.append(PathFinding(shown, "zip_too_deep", reason))
            return
        self._archives += 1
        folder = self._staging / f"zip-{self._archives:04d}"
        folder.mkdir(parents=True)
        inside = Findings()
        try:
            for item in unpack(archive, shown, folder, limits=self._limits, budget=self._budget):
                if isinstance(item, Unpacked):
                    self._take_file(item.file, item.shown, into=inside, depth=depth + 1)
                elif item.code == "unsafe_path":
                    inside.refused.append(item)
                else:
                    inside.skipped.append(item)
        except Refused as refusal:
            into.refused.append(PathFinding(shown, refusal.code, refusal.reason))
            return
        into.files += inside.files
        into.refused += inside.refused
        into.skipped += inside.skipped


def _is_companion(shown: str) -> bool:
    """A file that data sets carry beside their images; one that the person named is no companion of anything."""
    parts = PurePosixPath(shown).parts[1:]
    return bool(parts) and COMPANION.fullmatch(parts[-1]) is not None


def _skip_by_name(shown: str) -> PathFinding | None:
    # The first part is what the person named, and is taken whatever its name.
    parts = PurePosixPath(shown).parts[1:]
    if any(part.lower() in SYSTEM_FILES for part in parts):
        return PathFinding(shown, "system_file", "A file of the operating system.")
    if any(part.startswith(".") for part in parts):
        return PathFinding(shown, "hidden_file", "A hidden file.")
    if parts and parts[-1].upper() == "DICOMDIR":
        return PathFinding(shown, "dicomdir", "The index of a disc: the images themselves are read.")
    return None
