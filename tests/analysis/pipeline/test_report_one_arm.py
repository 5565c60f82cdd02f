"""The report of a study of one arm: no columns that cannot exist, and what does not exist said once."""

import pytest

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.report import report_content
from backend.analysis.pipeline.report_figures import FigureRow
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.run import run_analysis

from .test_multireader import section_of, table_of

ALONE = "one modality alone has no difference"
UNAIDED = tuple(f"{reader},UNAIDED" for reader in ("R1", "R2", "R3"))


def one_arm(files: dict[str, str]) -> Section:
    return section_of({**files, "study.json": '{"arms": ["AIDED"]}'}, *UNAIDED)


def test_components_of_one_arm_are_those_that_it_has(small_files: dict[str, str]) -> None:
    section = one_arm(small_files)
    table = table_of(section, "-components")
    assert table.header == ("Analysis", "Var(R)", "Error", "Cov2", "MS(R)")
    assert not any("not estimable" in cell for row in table.rows for cell in row)
    result = section.item("or_jackknife/AUC").result
    means = [one.estimate for one in result.reader_figures]
    between = sum((one - sum(means) / 3) ** 2 for one in means) / 2
    assert table.rows[0][0] == "AUC, jackknife covariance"
    assert table.rows[0][-1] == f"{1000 * between:.3f}"
    assert table.rows[0][2] == f"{1000 * result.components.error:.3f}"
    assert sum("has no Var(T×R), Cov1, Cov3" in note for note in table.notes) == 1


def test_two_arms_have_every_component(small_files: dict[str, str]) -> None:
    table = table_of(section_of(small_files), "-components")
    assert table.header[1:] == (
        "Var(R)",
        "Var(T×R)",
        "Error",
        "Cov1",
        "Cov2",
        "Cov3",
        "MS(T)",
        "MS(T×R) or error",
    )


def test_the_missing_overall_test_is_said_once_a_table(small_files: dict[str, str]) -> None:
    shown = [one.table for part in section_tables(one_arm(small_files), 0.95) for one in part.tables]
    tables = [table for table in shown if "-or-" in table.key]
    assert len(tables) >= 4
    for table in tables:
        told = [note for note in table.notes if "there is only one modality" in note]
        assert told == ["Overall test: not estimable: there is only one modality."]
    both = table_of(section_of(small_files), "-or-1")
    assert sum(note.startswith(("Random readers, ", "Fixed readers, ")) for note in both.notes) == 3


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (["AUC"], f"Not drawn: AUC ({ALONE})."),
        (["A", "B", "C"], f"Not drawn: A; B; C ({ALONE})."),
        (["A", "B", "C", "D", "E"], f"Not drawn: A; B; C; and 2 more ({ALONE})."),
    ],
)
def test_a_reason_for_which_nothing_is_drawn_is_said_once(
    small_files: dict[str, str], figures: list[str], told: str
) -> None:
    inputs = read_dataset(small_files)
    index = [FigureRow("", "mrmc", f"or_jackknife/{name}", name, ALONE, "differences") for name in figures]
    index.append(FigureRow("", "mrmc", "or_jackknife/F", "F", "no figure", "differences"))
    content = report_content(run_analysis(inputs), inputs, {}, index)
    section = next(one for one in content.sections if one.key == "mrmc")
    assert [text for text in section.paragraphs if text.startswith("Not drawn")] == [
        told,
        "Not drawn: F (no figure).",
    ]
