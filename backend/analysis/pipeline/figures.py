"""The figure files of the results, and which of them shows what."""

import re
from collections.abc import Iterator, Mapping, Sequence

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figure_style import FileFormat, one_figure
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.pipeline.figure_kinds import Drawing, FigureKind, figure_kinds
from backend.analysis.pipeline.report_cells import printed
from backend.analysis.pipeline.results import AnalysisResults, Item, Section
from backend.analysis.study_dataset import StudyDataset

LONGEST_NAME = 120
INDEX = ("figure", "section", "item", "title", "not_drawn", "kind")


def figure_files(
    results: AnalysisResults, study: StudyDataset | None, formats: Sequence[FileFormat]
) -> dict[str, bytes]:
    """File name to bytes of every figure, and ``index.csv``, which says what each shows and what is not drawn."""
    if not formats:
        return {}
    files: dict[str, bytes] = {}
    index: list[list[Cell]] = []
    for section, items, kind in _drawable(results):
        key, title = (kind.prefix, kind.title) if kind.title else (items[0].key, items[0].title)
        heading = printed(f"{title}: {kind.what}" if kind.what else title)
        drawing = Drawing(items, heading, results, study)
        for choice in _choices(kind, items):
            parts = (section.key, "" if kind.title or key == section.key else key, kind.name, choice)
            name = unique(slug("-".join(filter(None, parts))), files)
            try:
                with one_figure():
                    drawn = {f"{name}.{one}": kind.draw(drawing, choice, one) for one in formats}
            except AnalysisError as error:
                index.append([None, section.key, key, heading, error.text, kind.name])
                continue
            files |= drawn
            told = f"{heading}, {choice}" if choice else heading
            index.append([name, section.key, key, told, None, kind.name])
    return {**dict(sorted(files.items())), "index.csv": csv_text(INDEX, index).encode()}


def slug(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", name)[:LONGEST_NAME].strip("-.") or "figure"


def unique(name: str, files: Mapping[str, bytes]) -> str:
    """The name, numbered where another figure has it."""
    taken = {file.rpartition(".")[0] for file in files}
    numbered = (name if number == 1 else f"{name}-{number}" for number in range(1, len(files) + 2))
    return next(one for one in numbered if one not in taken)


def _drawable(results: AnalysisResults) -> Iterator[tuple[Section, tuple[Item, ...], FigureKind]]:
    """What is to be drawn: figures of several items first, then item by item."""
    kinds = figure_kinds()
    for section in results.sections:
        own = [kind for kind in kinds if section.key in kind.sections]
        for kind in own:
            together = tuple(item for item in section.items if kind.fits(item.key))
            if kind.title and together and kind.is_wanted(together):
                yield section, together, kind
        for item in section.items:
            for kind in own:
                if not kind.title and kind.fits(item.key) and kind.is_wanted((item,)):
                    yield section, (item,), kind


def _choices(kind: FigureKind, items: Sequence[Item]) -> Sequence[str]:
    return ("",) if isinstance(items[0].result, NotEstimable) else kind.choices(items[0].result)
