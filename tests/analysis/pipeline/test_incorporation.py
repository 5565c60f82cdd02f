"""Where the readers made the reference standard themselves, every section that uses it says so."""

import json

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.formats.dataset_design import read_design
from backend.analysis.pipeline.report import report_content
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.tables import result_tables
from tests.analysis.pipeline.test_free_response import small

SIDES = ["left", "right", "both"]


def with_origin(files: dict[str, str], origin: dict[str, str]) -> dict[str, str]:
    """With this origin, and the side of every case by readers and by a reference standard."""
    questions = [{"key": "side", "label": "Side", "categories": SIDES}]
    design = {**json.loads(files["study.json"]), "origin": origin, "questions": questions}
    rows = [
        f"{r},UNAIDED,1,C{n:02d},side,{SIDES[n % (k + 2) > 0]}"
        for k, r in enumerate(("R1", "R2"))
        for n in range(1, 31)
    ]
    sides = [f"C{n:02d},side,{SIDES[n % 2]}" for n in range(1, 31)]
    return {
        **files,
        "study.json": json.dumps(design),
        "reads.csv": files["reads.csv"] + "\n".join([*rows, ""]),
        "reference.csv": "\n".join(["case,question,value", *sides, ""]),
        "outcomes.csv": "case,endpoint,time,event\n"
        + "".join(f"C{n:02d},OS,{n},{n % 2}\n" for n in range(1, 31)),
        "cases.csv": "case,age\n" + "".join(f"C{n:02d},{40 + n}\n" for n in range(1, 31)),
    }


def warned(results: AnalysisResults) -> set[str]:
    return {one.key for one in results.sections if any("Incorporation bias" in text for text in one.warnings)}


BY_TRUTH = {"roc", "operating_points", "mrmc", "change_of_mind", "periods", "models", "survival", "table_one"}


@pytest.mark.parametrize(
    ("origin", "sections"),
    [
        ({"truth_source": "readers"}, BY_TRUTH),
        ({"truth_version": "consensus of the readers, SHA-256 ab"}, BY_TRUTH),
        ({"truth_version": "consensus of the readers", "truth_source": "independent"}, set()),
        ({"reference_source": "readers"}, {"agreement"}),
        ({"truth_version": "as entered, SHA-256 ab"}, set()),
        ({}, set()),
    ],
)
def test_sections_that_use_it_are_warned_of_it(
    small_files: dict[str, str], origin: dict[str, str], sections: set[str]
) -> None:
    assert warned(run_analysis(read_dataset(with_origin(small_files, origin)))) == sections


def test_the_report_and_the_tables_repeat_the_warning(small_files: dict[str, str]) -> None:
    inputs = read_dataset(with_origin(small_files, {"truth_source": "readers"}))
    results = run_analysis(inputs)
    content = report_content(results, inputs, {}, ())
    for section in content.sections:
        told = any("Incorporation bias" in text for text in section.warnings)
        assert told == (section.key.replace("-", "_") in BY_TRUTH)
    assert content.methods.plain.count("Incorporation bias") == 2
    assert result_tables(results)["sections.csv"].count("Incorporation bias") == len(BY_TRUTH)


def test_ratings_alone_can_say_so_too() -> None:
    rows = "".join(
        f"{reader},{modality},{case},{case % 2},{(5 * case + 3 * place + (modality == 'B')) % 7}\n"
        for place, reader in enumerate(("R1", "R2", "R3"))
        for modality in ("A", "B")
        for case in range(12)
    )
    files = {
        "mrmc.csv": "reader,modality,case,truth,rating\n" + rows,
        "study.json": '{"origin": {"truth_source": "readers"}}',
    }
    assert warned(run_analysis(read_dataset(files))) == {"roc", "mrmc"}


def test_another_source_is_refused() -> None:
    with pytest.raises(AnalysisError, match="truth_source of origin is not readers or independent"):
        read_design('{"origin": {"truth_source": "panel"}}')


def test_marks_against_lesions_of_the_readers_are_warned_of_it() -> None:
    files = small()
    design = {**json.loads(files["study.json"]), "origin": {"truth_source": "readers"}}
    results = run_analysis(read_dataset({**files, "study.json": json.dumps(design)}))
    assert "free_response" in warned(results)
    assert "free_response" not in warned(run_analysis(read_dataset(files)))


def test_groups_that_the_readers_settled_are_said_to_be_so(small_files: dict[str, str]) -> None:
    rows = "".join(f"C{n:02d},side,{'left' if n % 2 else 'right'}\n" for n in range(1, 31))
    design = {
        "arms": ["UNAIDED", "AIDED"],
        "questions": [{"key": "side", "label": "Side", "categories": ["left", "right", "both"]}],
        "analysis": {"subgroups": ["side"]},
        "origin": {"reference_source": "readers"},
    }
    files = {
        **small_files,
        "study.json": json.dumps(design),
        "reference.csv": "case,question,value\n" + rows,
    }

    def told(given: dict[str, str]) -> set[str]:
        sections = run_analysis(read_dataset(given)).sections
        return {one.key for one in sections if any("groups of side" in text for text in one.warnings)}

    assert told(files) == {"roc", "operating_points"}
    cases = "case,side\n" + "".join(f"C{n:02d},left\n" for n in range(1, 31))
    assert told({**files, "cases.csv": cases}) == set()
