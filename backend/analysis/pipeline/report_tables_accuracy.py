"""The report's table of how many answers agree with the reference standard, whatever the class."""

from collections.abc import Iterator, Sequence

from backend.analysis.confusion import ConfusionMatrix
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of
from backend.analysis.pipeline.results import Item


def overall_accuracy(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """One line a question and rater: the share of cases on the diagonal of the confusion matrix."""
    sheet = Sheet(
        f"{key}-accuracy",
        "Answers: overall accuracy",
        ("Question", "Rater", "Right answers/cases", f"Accuracy, % ({ci_of(level)}) [n/N]"),
        row_headers=2,
        said=(
            "The share of cases whose class is that of the reference standard. Clopper-Pearson (exact) intervals.",
        ),
    )
    for item in items:
        matrix: ConfusionMatrix = item.result
        question = item.title.split(": ")[0]
        sheet.shows(item, f"{question}, {matrix.rater}")
        counted = f"{matrix.accuracy.successes}/{matrix.accuracy.n}"
        sheet.add(question, matrix.rater, counted, sheet.share(matrix.accuracy))
    yield sheet.tabled()
