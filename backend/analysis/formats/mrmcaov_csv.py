"""One rating a row, as MRMCaov's ``mrmc(empirical_auc(truth, rating), treatment, reader, case, data)`` takes it.

Columns ``reader,treatment,case,truth,rating``, truth 1 for diseased: MRMCaov takes the second level for the
event. The same file with ``modality`` in place of ``treatment`` is the product's own input for a
multi-reader, multi-case study and nothing else (``mrmc.csv``).
"""

from typing import Literal

from backend.analysis.formats.cells import csv_text, read_rows
from backend.analysis.formats.ratings import RatingTable, table_of_rows


def write_ratings_csv(table: RatingTable, *, modality_column: Literal["treatment", "modality"]) -> str:
    """The ratings as CSV: reader, modality or treatment, case, truth, rating."""
    return csv_text(
        ("reader", modality_column, "case", "truth", "rating"),
        [
            (one.reader, one.modality, one.case, int(table.truth[one.case]), one.rating)
            for one in table.ratings
        ],
    )


def write_mrmcaov_csv(table: RatingTable) -> str:
    """The ratings as MRMCaov takes them."""
    return write_ratings_csv(table, modality_column="treatment")


def read_ratings_csv(
    text: str, *, file: str = "mrmc.csv", modality_column: Literal["treatment", "modality"] = "modality"
) -> RatingTable:
    """The ratings of a CSV file; complaints name file and row.

    Raises
    ------
    AnalysisError
        ``cell_empty``, ``value_not_finite``, ``not_number``, ``not_boolean``, ``repeated``,
        ``truth_contradicts``, ``no_cases``, and those of reading a CSV file.
    """
    required = ("reader", modality_column, "case", "truth", "rating")
    return table_of_rows(
        (
            row.where,
            row.text("reader"),
            row.text(modality_column),
            row.text("case"),
            row.truth("truth"),
            row.number("rating"),
        )
        for row in read_rows(text, file=file, required=required)
    )
