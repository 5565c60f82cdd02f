"""A reader with themself: hidden repeats within the session and re-reads between sessions, never in one coefficient."""

import json

import pytest

from backend.analysis.agreement import cohen_kappa
from backend.analysis.bland_altman_repeated import bland_altman_replicates
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.exports import export_files
from backend.analysis.pipeline.flow import flow
from backend.analysis.pipeline.intra_reader import intra_reader
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.results import Section
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import study_of

HIDDEN = {
    "R1": {f"C{n:02d}": 1 + n % 5 for n in range(1, 13)},
    "R2": {f"C{n:02d}": 1 + n % 3 for n in range(1, 11)},
}
LATER = {"R1": {f"C{n:02d}": 1 + (2 * n) % 5 for n in range(5, 25)}}


def again(files: dict[str, str], *, has_column: bool) -> dict[str, str]:
    """Twelve and ten unaided cases come back hidden in session 1, twenty are read again in session 3."""
    first = files["reads.csv"].splitlines()[1:]
    sizes = [
        f"{r},UNAIDED,1,C{n:02d},axis,{4 + (5 * n + k) % 7 + n / 4}"
        for k, r in enumerate(("R1", "R2"))
        for n in range(1, 31)
    ]
    hidden = [(r, 1, case, "rating", v) for r, own in HIDDEN.items() for case, v in own.items()]
    hidden += [(r, 1, case, "axis", v + 3.5) for r, own in HIDDEN.items() for case, v in own.items()]
    later = [(r, 3, case, "rating", v) for r, own in LATER.items() for case, v in own.items()]
    if has_column:
        rows = [
            *(f"{line},0" for line in [*first, *sizes]),
            *(f"{r},UNAIDED,{s},{c},{q},{v},1" for r, s, c, q, v in hidden),
        ]
        rows += [f"{r},UNAIDED,{s},{c},{q},{v}," for r, s, c, q, v in later]
    else:
        rows = [*first, *sizes, *(f"{r},UNAIDED,{s + 100},{c},{q},{v}" for r, s, c, q, v in hidden)]
        rows += [f"{r},UNAIDED,{s},{c},{q},{v}" for r, s, c, q, v in later]
    header = "reader,arm,session,case,question,value" + (",repeat" if has_column else "")
    design = {**json.loads(files["study.json"]), "measurements": [{"key": "axis", "label": "Short axis"}]}
    return {**files, "study.json": json.dumps(design), "reads.csv": "\n".join([header, *rows, ""])}


def section_of(inputs: DatasetFiles) -> Section:
    return intra_reader(study_of(inputs, level=0.95, seed=1))


def test_hidden_repeats_and_rereads_have_items_of_their_own(small_files: dict[str, str]) -> None:
    inputs = read_dataset(again(small_files, has_column=True))
    assert inputs.study is not None
    first = {(read.reader, read.case): read.score for read in inputs.study.reads if read.arm == "UNAIDED"}
    section = section_of(inputs)
    for kind, table in (("within", HIDDEN), ("between", LATER)):
        item = section.item(f"{kind}/rating:score/linear/UNAIDED")
        assert {one.reader: one.n for one in item.result} == {
            reader: len(own) for reader, own in table.items()
        }
        for one in item.result:
            own = table[one.reader]
            before = [first[one.reader, case] for case in sorted(own)]
            assert one.n_occasions == 2
            assert one.kappa == cohen_kappa(
                before, [own[case] for case in sorted(own)], (1, 2, 3, 4, 5), "linear"
            )
    assert [one.title for one in section.items if "linear" in one.key] == [
        "Ordinal score, UNAIDED, within the session (linear)",
        "Ordinal score, UNAIDED, between sessions (linear)",
    ]


def test_files_without_the_column_give_the_same_results(small_files: dict[str, str]) -> None:
    new, old = (read_dataset(again(small_files, has_column=has)) for has in (True, False))
    assert (new.study, new.repeats, new.answers) == (old.study, old.repeats, old.answers)
    assert section_of(new) == section_of(old)


def test_no_number_above_a_hundred_is_shown(small_files: dict[str, str]) -> None:
    inputs = read_dataset(again(small_files, has_column=False))
    study = study_of(inputs, level=0.95, seed=1)
    sections = (flow(study), intra_reader(study))
    cells = [
        cell
        for section in sections
        for shown in section_tables(section, 0.95)
        for tabled in shown.tables
        for row in (*tabled.table.rows, tabled.table.notes)
        for cell in row
    ]
    assert "Hidden repeats of cases within a session are not counted: 22." in cells
    assert "Re-reads of cases in a later session are not counted: 20." in cells
    assert not any("101" in cell for cell in cells)
    tidy = export_files(run_analysis(read_dataset(small_files)), inputs, study)["reads-tidy.csv"].decode()
    lines = [line.split(",") for line in tidy.splitlines()]
    assert lines[0][:7] == ["reader", "arm", "session", "case", "question", "value", "repeat"]
    assert {(line[2], line[6]) for line in lines[1:]} == {("1", "0"), ("1", "1"), ("2", "0"), ("3", "0")}
    assert read_dataset({**inputs.texts, "reads.csv": tidy}).repeats == inputs.repeats


@pytest.mark.parametrize("has_column", [True, False])
def test_an_exclusion_takes_the_first_read_or_its_repeat(
    small_files: dict[str, str], has_column: bool
) -> None:
    files = again(small_files, has_column=has_column)
    if has_column:
        rows = "case,reader,session,repeat,reason,set\nC01,R1,1,1,late,all\nC02,R1,1,0,late,all\nC03,R1,1,,late,all\n"
    else:
        gone = (("C01", 101), ("C02", 1), ("C03", 1), ("C03", 101))
        rows = "case,reader,session,reason,set\n" + "".join(f"{case},R1,{n},late,all\n" for case, n in gone)
    study = study_of(read_dataset({**files, "exclusions.csv": rows}), level=0.95, seed=1)
    kept = {read.case for read in study.study.reads if (read.reader, read.session) == ("R1", 1)}
    hidden = {read.case for read in study.files.repeats if (read.reader, read.session) == ("R1", 1)}
    assert ("C01" in kept, "C02" in kept, "C03" in kept) == (True, False, False)
    assert ("C01" in hidden, "C02" in hidden, "C03" in hidden) == (False, True, False)
    item = intra_reader(study).item("within/rating:score/linear/UNAIDED")
    assert [(one.case, one.reason) for one in item.dropped] == [
        ("C02", "R1: the read that the hidden repeat repeats is not in the set")
    ]


def test_a_hidden_repeat_is_never_a_first_read(small_files: dict[str, str]) -> None:
    header, *rows = small_files["reads.csv"].splitlines()
    lines = [f"{header},repeat", *(f"{row},{int(row.startswith('R1,UNAIDED,1,C01,'))}" for row in rows), ""]
    found = read_dataset({**small_files, "reads.csv": "\n".join(lines)})
    assert found.study is not None
    assert len(found.study.reads) == 179
    assert [(read.reader, read.case, read.is_repeat) for read in found.repeats] == [("R1", "C01", True)]


def test_a_session_beyond_a_hundred_without_its_first_read_is_a_session(small_files: dict[str, str]) -> None:
    text = small_files["reads.csv"].replace(",UNAIDED,1,", ",UNAIDED,120,")
    found = read_dataset({**small_files, "reads.csv": text})
    assert found.study is not None
    assert (len(found.study.reads), found.repeats) == (180, ())
    assert {read.session for read in found.study.reads} == {2, 120}


def test_all_measurements_of_two_readers_make_limits_of_agreement(small_files: dict[str, str]) -> None:
    inputs = read_dataset(again(small_files, has_column=True))
    section = agreement(study_of(inputs, level=0.95, seed=1))
    values: dict[str, dict[str, list[float]]] = {"R1": {}, "R2": {}}
    for one in inputs.answers:
        values[one.reader].setdefault(one.case, []).append(float(one.value))
    expected = bland_altman_replicates(values["R1"], values["R2"], rater_a="R1", rater_b="R2")
    item = section.item("bland_altman_repeated/axis/UNAIDED/R1/R2")
    assert item.result == expected
    assert (expected.n, expected.n_measurements) == (30, 82)
    # Bias by hand: the mean over cases of the difference of the cases' means.
    means = [
        sum(values["R1"][c]) / len(values["R1"][c]) - sum(values["R2"][c]) / len(values["R2"][c])
        for c in values["R1"]
    ]
    assert item.result.bias == pytest.approx(sum(means) / len(means))
    shown = {key for part in section_tables(section, 0.95) for tabled in part.tables for key in tabled.items}
    assert "bland_altman_repeated/axis/UNAIDED/R1/R2" in shown
    once = agreement(
        study_of(
            read_dataset(
                {
                    **again(small_files, has_column=True),
                    "exclusions.csv": "case,reader,session,repeat,reason,set\n"
                    + "".join(f"C{n:02d},R2,1,1,late,all\n" for n in range(1, 11)),
                }
            ),
            level=0.95,
            seed=1,
        )
    )
    assert not any(one.key.startswith("bland_altman_repeated") for one in once.items)


def test_a_further_measurement_does_not_stand_in_for_an_excluded_first_one(
    small_files: dict[str, str],
) -> None:
    files = again(small_files, has_column=True)
    out = "case,reader,session,repeat,reason,set\nC01,R2,1,0,late,all\n"
    section = agreement(study_of(read_dataset({**files, "exclusions.csv": out}), level=0.95, seed=1))
    values: dict[str, dict[str, list[float]]] = {"R1": {}, "R2": {}}
    for one in read_dataset(files).answers:
        values[one.reader].setdefault(one.case, []).append(float(one.value))
    assert len(values["R2"].pop("C01")) == 2
    item = section.item("bland_altman_repeated/axis/UNAIDED/R1/R2")
    assert item.result == bland_altman_replicates(values["R1"], values["R2"], rater_a="R1", rater_b="R2")
    assert [(one.case, one.reason) for one in item.dropped] == [("C01", "no answer by R2")]


@pytest.mark.parametrize(
    ("has_column", "row"), [(False, "C01,R1,102,late,all,"), (True, "C01,R1,2,late,all,1")]
)
def test_an_excluded_repeat_takes_its_features_with_it(
    small_files: dict[str, str], has_column: bool, row: str
) -> None:
    """Hidden repeats of session 2, which ``features.csv`` names by the number 102."""
    lines = [f"{line},0" if has_column else line for line in small_files["reads.csv"].splitlines()[1:]]
    again_in = ("2", ",1") if has_column else ("102", "")
    lines += [f"R1,AIDED,{again_in[0]},{case},rating,3{again_in[1]}" for case in ("C01", "C02")]
    end = ",repeat" if has_column else ""
    files = {
        **small_files,
        "reads.csv": "\n".join([f"reader,arm,session,case,question,value{end}", *lines, ""]),
        "features.csv": "reader,session,case,feature,value\n"
        + "".join(f"R1,{n},{case},energy,{n}\n" for n in (2, 102) for case in ("C01", "C02")),
        "exclusions.csv": f"case,reader,session,reason,set{end}\n{row if has_column else row[:-1]}\n",
    }
    study = study_of(read_dataset(files), level=0.95, seed=1)
    assert [read.case for read in study.files.repeats] == ["C02"]
    own = study.files.extras.features["R1"]
    assert {session: sorted(cases) for session, cases in own.items()} == {"2": ["C01", "C02"], "102": ["C02"]}


def test_features_of_a_session_beyond_a_hundred_are_those_of_that_session(
    small_files: dict[str, str],
) -> None:
    files = {
        **small_files,
        "reads.csv": small_files["reads.csv"].replace(",UNAIDED,1,", ",UNAIDED,120,"),
        "features.csv": "reader,session,case,feature,value\nR1,120,C01,energy,1\nR1,120,C02,energy,2\n",
        "exclusions.csv": "case,reader,session,reason,set\nC01,R1,120,late,all\n",
    }
    study = study_of(read_dataset(files), level=0.95, seed=1)
    assert study.files.extras.features == {"R1": {"120": {"C02": {"energy": 2.0}}}}
