"""The files that are analyzed hold what the frozen document holds, for documents of every format."""

import copy
import csv
import io
import json

import pytest

from backend.analysis.pipeline.agreement import agreement
from backend.analysis.pipeline.study import study_of
from backend.reports.content import study_content
from backend.reports.dataset import dataset_of
from backend.reports.dataset_files import analysis_inputs, dataset_files
from backend.reports.models import FrozenDataset
from tests.factories.engine import adjudicated_study
from tests.factories.studies import READERS, Stage, study_in

SHA = "ab" * 32


@pytest.fixture
def content(db):
    """Two readers, three cases, both arms, a model: as it was frozen."""
    story = study_in(Stage.LOCKED, cases=3)
    return FrozenDataset.objects.get(study=story.study).document


def rows_of(files, name):
    return list(csv.DictReader(io.StringIO(files[name])))


def as_read(content):
    """The study as every section sees it in the as-read set."""
    return study_of(analysis_inputs(content, dataset_sha256=SHA), level=0.95, seed=1).study


def per_protocol(content):
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    return study_of(inputs, level=0.95, seed=1, analysis_set="per-protocol").study


def units(study):
    return {(read.reader, read.arm, read.case) for read in study.reads}


def answers(study):
    """What was answered, with the words of the files for yes and no."""
    words = {True: "yes", False: "no"}
    return {
        (read.reader, read.arm, read.session, read.case): (
            read.score,
            {key: words.get(one, one) if isinstance(one, bool) else one for key, one in read.answers.items()},
        )
        for read in study.reads
    }


def test_the_files_hold_what_the_summary_is_computed_from(content):
    summary, files = dataset_of(content), as_read(content)
    assert answers(files) == answers(summary)
    assert len(files.reads) == 12
    for name in ("title", "truth", "arms", "scale", "positive_from", "positive_class", "is_rated", "readers"):
        assert getattr(files, name) == getattr(summary, name), name
    assert [model.to_json() for model in files.models] == [
        {
            **model.to_json(),
            "predictions": [one.to_json() for one in sorted(model.predictions, key=lambda p: p.case)],
        }
        for model in summary.models
    ]


def test_measurements_times_and_origin_come_along(content):
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    assert [one.key for one in inputs.design.measurements][:2] == ["short_axis_mm", "long_axis_mm"]
    lengths = {
        (one.reader, one.arm, one.case): float(one.value)
        for one in inputs.answers
        if one.question == "short_axis_mm"
    }
    assert lengths == {
        (read["reader"], read["arm"], read["case"]): read["answers"]["short_axis_mm"]
        for read in content["reads"]
    }
    assert {one.seconds for one in inputs.extras.times} == {61.0}
    assert len(inputs.extras.times) == len(content["reads"])
    origin = inputs.design.origin
    assert (origin.dataset_sha256, origin.protocol_sha256) == (SHA, content["study"]["protocol_sha256"])
    assert origin.truth_version.startswith("as entered, SHA-256 ")
    assert inputs.design.analysis.shown_model == "lpln-radiomics"
    [note] = inputs.notes
    assert note.startswith(
        "As the protocol declares, models were made on development: the study's cases have no cohort"
    )


def test_no_text_of_a_reader_is_in_the_files(content):
    files = dataset_files(content, dataset_sha256=SHA)
    assert any("ANSWER" in str(read["answers"]["comment"]) for read in content["reads"])
    assert "ANSWER" not in "".join(files.values())


def test_the_same_document_gives_the_same_files(content):
    again = json.loads(json.dumps(content))
    assert dataset_files(again, dataset_sha256=SHA) == dataset_files(content, dataset_sha256=SHA)


def test_a_case_bears_center_cohort_and_what_readers_were_told(content):
    for one, age in zip(content["cases"], ("61", "48.5", "NaN"), strict=True):
        one["information"] = {"age": age, "center": "elsewhere", "sex": "F"}
        one["cohort"] = "first" if age == "61" else "second"
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    first, second, third = (inputs.covariates[one["case"]] for one in content["cases"])
    assert list(first) == ["center", "cohort", "age", "information: center", "sex"]
    assert (first["age"], second["age"], third["age"]) == (61.0, 48.5, None)
    assert (first["center"], first["information: center"]) == (content["cases"][0]["center"], "elsewhere")
    assert inputs.design.analysis.cohort == "cohort"


@pytest.mark.parametrize("codes", [("01", "1", "02"), ("NAN", "INF", "7")])
def test_a_center_is_a_name_whatever_it_looks_like(content, codes):
    for one, code in zip(content["cases"], codes, strict=True):
        one["center"] = code
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    assert [own["center"] for own in inputs.covariates.values()] == list(codes)
    assert inputs.design.analysis.categorical == ("center",)


def test_patients_are_named_where_cases_share_one(content):
    assert [one["patient"] for one in content["cases"]] == ["P1", "P2", "P3"]
    alone = analysis_inputs(content, dataset_sha256=SHA)
    assert alone.design.analysis.cluster == ""
    assert not any("patient" in own for own in alone.covariates.values())
    content["cases"][2]["patient"] = "P1"
    shared = analysis_inputs(content, dataset_sha256=SHA)
    assert (shared.design.analysis.cluster, shared.design.analysis.table) == ("patient", ("center",))
    assert [own["patient"] for own in shared.covariates.values()] == ["P1", "P2", "P1"]


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        ({"is_washout_overridden": True}, "the washout was overridden"),
        ({"is_unblinded": True}, "the case was unblinded before the read"),
        ({"corrections": 2, "late_corrections": 1}, "the answers were corrected after the submission"),
    ],
)
def test_a_read_that_deviates_is_out_of_the_per_protocol_set_alone(content, mark, reason):
    read = content["reads"][4]
    read.update(mark)
    (row,) = rows_of(dataset_files(content, dataset_sha256=SHA), "exclusions.csv")
    assert row == {
        "case": read["case"],
        "reader": read["reader"],
        "session": str(read["session"]),
        "reason": reason,
        "set": "per-protocol",
        "repeat": "0",
    }
    gone = (read["reader"], read["arm"], read["case"])
    assert units(as_read(content)) - units(per_protocol(content)) == {gone}
    assert answers(as_read(content)) == answers(dataset_of(content))


def test_a_correction_that_came_too_late_deviates_from_nothing(content):
    content["reads"][0].update({"corrections": 1, "late_corrections": 1})
    assert "exclusions.csv" not in dataset_files(content, dataset_sha256=SHA)


def test_two_deviations_of_a_read_are_one_exclusion(content):
    content["reads"][0].update({"is_unblinded": True, "is_washout_overridden": True})
    (row,) = rows_of(dataset_files(content, dataset_sha256=SHA), "exclusions.csv")
    assert row["reason"] == "the washout was overridden; the case was unblinded before the read"


def test_who_left_is_in_no_set_and_named_with_the_reason(content):
    for read in content["reads"]:
        if read["reader"] == "R2":
            read.update({"is_withdrawn": True, "role": "withdrawn", "is_unblinded": True})
    rows = rows_of(dataset_files(content, dataset_sha256=SHA), "exclusions.csv")
    assert {(row["reader"], row["set"], row["reason"]) for row in rows} == {
        ("R2", "all", "the reader left the study before its end")
    }
    assert len(rows) == 6
    assert as_read(content).readers == ("R1",)
    assert answers(as_read(content)) == answers(dataset_of(content))


def test_deviations_are_told_in_words_and_none_is_told_too(content):
    content["deviations"] = []
    assert analysis_inputs(content, dataset_sha256=SHA).extras.deviations == ()
    row = dict.fromkeys(("replaced_by", "position", "missing_reads", "unsettled_items"))
    place = {"kind": "WASHOUT_OVERRIDDEN", "day": 12, "reader": "R1", "session": 2, "case": "A-0001"}
    content["deviations"] = [{**row, **place, "number": 1, "reason": "=He moved."}]
    (told,) = analysis_inputs(content, dataset_sha256=SHA).extras.deviations
    assert told.to_json() == {
        "when": "day 12 after the freeze",
        "what": "Washout overridden",
        "subject": "reader R1, session 2, case A-0001",
        "reason": "=He moved.",
    }


def with_repeat(content, *, session=1):
    """The first read of a session once more, as a hidden repeat in the same session with another rating."""
    first = next(read for read in content["reads"] if read["session"] == session)
    repeat = copy.deepcopy(first)
    repeat.update({"is_hidden_repeat": True, "role": "hidden_repeat", "position": 99})
    repeat["answers"] = {**first["answers"], "rating": 6 - first["answers"]["rating"]}
    content["reads"].append(repeat)
    return first, repeat


def test_a_hidden_repeat_is_a_repeat_and_no_first_read(content):
    first, repeat = with_repeat(content)
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    assert answers(as_read(content)) == answers(dataset_of(content))
    (kept,) = inputs.repeats
    assert (kept.reader, kept.case, kept.session) == (first["reader"], first["case"], first["session"])
    assert kept.is_repeat
    assert kept.score == repeat["answers"]["rating"]
    assert not any(one.is_repeat for one in inputs.extras.times)


def test_a_hidden_repeat_without_its_first_read_is_in_no_set(content):
    first, _ = with_repeat(content)
    content["reads"].remove(first)
    (row,) = rows_of(dataset_files(content, dataset_sha256=SHA), "exclusions.csv")
    assert (row["session"], row["repeat"], row["set"]) == ("1", "1", "all")
    assert answers(as_read(content)) == answers(dataset_of(content))


def test_a_read_of_another_session_is_not_the_first_of_a_hidden_repeat(content):
    first, _ = with_repeat(content)
    content["reads"].remove(first)
    content["reads"].append({**copy.deepcopy(first), "session": 3})
    (row,) = rows_of(dataset_files(content, dataset_sha256=SHA), "exclusions.csv")
    assert (row["session"], row["repeat"], row["set"]) == ("1", "1", "all")


def test_the_limit_of_a_scale_may_be_zero(content):
    rating = next(one for one in content["form"]["questions"] if one["key"] == content["rating_question"])
    for option in rating["options"]:
        option["value"] -= 3
    for read in content["reads"]:
        read["answers"]["rating"] -= 3
    content["positive_from"] = 0
    assert dataset_of(content).positive_from == 0
    assert as_read(content).positive_from == 0


def test_a_form_of_texts_alone_leaves_nothing_out_of_reads_that_there_are_not(content):
    content["reads"][0]["is_unblinded"] = True
    content["form"]["questions"] = [{"key": "comment", "kind": "text", "label": "Comment"}]
    content["rating_question"] = content["positive_from"] = None
    assert not {"reads.csv", "exclusions.csv"} & set(dataset_files(content, dataset_sha256=SHA))


def test_a_planned_reread_is_a_repeat(content):
    first = content["reads"][0]
    reread = {**copy.deepcopy(first), "session": 3, "role": "reread"}
    content["reads"].append(reread)
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    assert [(one.session, one.case) for one in inputs.repeats] == [(3, first["case"])]
    assert answers(as_read(content)) == answers(dataset_of(content))


def test_two_steps_of_a_case_take_two_places_of_the_session(db):
    story = adjudicated_study("STEP", "a long password of the tests")
    for part in READERS:
        story.submit(story.open_next(part), {**story.answers_of(story.open_next(part)), "rating": 4})
        story.read_cases(part, 10)
    content = study_content(story.refresh().study)
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    assert {read.arm for read in inputs.study.reads} == {"unaided", "aided"}
    assert answers(as_read(content)) == answers(dataset_of(content))
    repeated = {(r["reader"], r["arm"], r["case"]) for r in content["reads"] if r["is_hidden_repeat"]}
    assert repeated
    assert {(one.reader, one.arm, one.case) for one in inputs.repeats} <= repeated
    places = [one.position for one in inputs.extras.times if one.reader == "R1"]
    assert places == sorted(set(places))


def test_readers_are_compared_with_what_their_panel_settled(db):
    story = adjudicated_study("PANEL", "a long password of the tests")
    for part in READERS:
        story.submit(story.open_next(part), {**story.answers_of(story.open_next(part)), "rating": 4})
        story.read_cases(part, 10)
    content = study_content(story.refresh().study)
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    words = {True: "yes", False: "no"}
    declared = {one.key for one in inputs.design.questions}
    settled = {
        (row["case"], row["question"]): words.get(row["value"], row["value"])
        for row in content["consensus"]
        if row["question"] in declared and row["value"] is not None
    }
    assert settled
    reference = inputs.extras.reference
    assert {(case, key): value for key, own in reference.items() for case, value in own.items()} == settled
    assert any("consensus of the readers in the arm unaided" in note for note in inputs.notes)
    study = study_of(inputs, level=0.95, seed=1)
    (left,) = [
        one for one in agreement(study).items if one.key == "reference/question:side_region/R1, unaided"
    ]
    assert left.result.n == len(reference["side_region"])


def settle(content):
    """A rating for the panel of every case without the model, but one that is open."""
    cases = sorted(content["truth"])
    content["consensus"] = [
        {
            "case": case,
            "arm": "unaided",
            "question": content["rating_question"],
            "value": None if case == cases[-1] else 2 + number,
            "how": "verdict",
            "readers": ["R1", "R2"],
            "drawing_of": None,
        }
        for number, case in enumerate(cases)
    ]
    return cases[:-1]


def test_a_re_read_changes_nothing_of_the_consensus(content):
    first, _ = settle(content)
    read = next(
        read
        for read in content["reads"]
        if (read["reader"], read["case"], read["arm"]) == ("R1", first, "unaided")
    )
    before = analysis_inputs(content, dataset_sha256=SHA).study.consensus
    content["reads"].append({**read, "session": 3, "is_washout_overridden": True})
    assert analysis_inputs(content, dataset_sha256=SHA).study.consensus == before
    assert first in {one.case for one in per_protocol(content).consensus}


def test_what_the_panel_settled_of_the_rating_is_a_consensus_reading(content):
    first, second = settle(content)
    found = analysis_inputs(content, dataset_sha256=SHA)
    assert [(one.reader, one.arm, one.session, one.case, one.score) for one in found.study.consensus] == [
        ("Consensus", "unaided", 1, first, 2),
        ("Consensus", "unaided", 1, second, 3),
    ]
    assert found.study.readers == ("R1", "R2")
    assert {one.reader for one in found.extras.times} == {"R1", "R2"}
    behind = next(
        read
        for read in content["reads"]
        if (read["reader"], read["case"], read["arm"]) == ("R2", first, "unaided")
    )
    behind["is_unblinded"] = True
    assert [one.case for one in per_protocol(content).consensus] == [second]
    assert [one.case for one in as_read(content).consensus] == [first, second]


def test_a_consensus_that_is_the_truth_is_compared_with_nothing(content):
    settle(content)
    content.update({"reference": "consensus", "consensus_sha256": SHA})
    assert as_read(content).consensus == ()


def test_grades_keep_their_order(content):
    questions = {one["key"]: one for one in content["form"]["questions"]}
    found = {one.key: one for one in analysis_inputs(content, dataset_sha256=SHA).design.questions}
    assert {key: one.is_ordered for key, one in found.items()} == {
        key: questions[key]["kind"] == "ordinal" for key in found
    }
    questions["side_region"]["kind"] = "ordinal"
    ordered = [
        one.key for one in analysis_inputs(content, dataset_sha256=SHA).design.questions if one.is_ordered
    ]
    assert ordered == ["side_region"]


def test_the_reads_that_were_drawn_are_the_plan(content):
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    planned = {(one.reader, one.arm, one.session, one.case) for one in inputs.extras.assigned}
    made = {(one.reader, one.arm, one.session, one.case) for one in inputs.study.reads}
    assert (len(planned), planned) == (12, made)
    (gone,) = [
        read
        for read in content["reads"]
        if (read["reader"], read["session"], read["position"]) == ("R2", 2, 1)
    ]
    content["reads"] = [read for read in content["reads"] if read["reader"] == "R1" or read is gone]
    for row in content["assigned"]:
        row["is_withdrawn"] = row["reader"] == "R2"
    missed = [one for one in analysis_inputs(content, dataset_sha256=SHA).extras.assigned if one.reason]
    assert len(missed) == 5
    assert {(one.reader, one.reason) for one in missed} == {
        ("R2", "the reader left the study before its end")
    }
    del content["assigned"]
    assert analysis_inputs(content, dataset_sha256=SHA).extras.assigned is None


def test_the_protocol_is_on_record_for_the_checklists(content):
    records = analysis_inputs(content, dataset_sha256=SHA).design.records
    assert records.objective == content["records"]["objective"] != ""
    assert (records.washout_days, records.is_independent) == (28, True)
    assert records.reader_blinding.endswith("the output of the model only in the arms named so")
    (model,) = records.models
    assert (model.name, model.weights_sha256) == ("lpln-radiomics", content["models"][0]["digest"])
    cut_offs = {one["cut_off"] for one in content["models"][0]["predictions"]}
    assert [model.threshold] == [f"a score of {one:g} or more" for one in cut_offs]
    old = {key: value for key, value in content.items() if key not in ("records", "assigned")}
    assert analysis_inputs(old, dataset_sha256=SHA).design.records.objective == ""


def test_a_study_without_a_rating_is_not_rated(content):
    content.update({"rating_question": None, "positive_from": None, "positive_class": ""})
    study = as_read(content)
    assert not study.is_rated
    assert "rating" in {question.key for question in study.questions}
    assert answers(study) == answers(dataset_of(content))


def test_a_rating_by_yes_or_no_is_one_or_nothing(content):
    content.update({"rating_question": "criterion_margin", "positive_from": None})
    study = as_read(content)
    assert study.scale == (0, 1)
    assert {read.score for read in study.reads} == {0, 1}
    assert answers(study) == answers(dataset_of(content))


def test_a_study_without_reads_is_its_models(content):
    content["reads"] = []
    files = dataset_files(content, dataset_sha256=SHA)
    assert "reads.csv" not in files
    assert [model.name for model in as_read(content).models] == ["lpln-radiomics"]


def test_an_answer_like_a_formula_comes_back_as_it_was(content):
    question = next(one for one in content["form"]["questions"] if one["key"] == "side_region")
    question["options"][0]["value"] = "=1+1"
    content["reads"][0]["answers"]["side_region"] = "=1+1"
    read = content["reads"][0]
    key = (read["reader"], read["arm"], read["session"], read["case"])
    assert answers(as_read(content))[key][1]["side_region"] == "=1+1"


def as_format_2(content):
    old = {key: value for key, value in content.items() if key != "cases"}
    return {**old, "format": 2}


def as_format_1(content):
    """As `study_content` wrote it first: an arm a session, no roles, no marks, no consensus."""
    arms = {read["session"]: read["arm"] for read in content["reads"]}
    models = {arm["key"]: arm.get("model_id", "") for arm in content["arms"]}
    kept = (
        "reader",
        "session",
        "arm",
        "position",
        "case",
        "answers",
        "timing",
        "washout_seconds",
        "disclosed",
    )
    parts = ("is_synthetic", "form", "rating_question", "positive_from", "positive_class", "truth", "models")
    study = {
        key: content["study"][key] for key in ("title", "template", "protocol_version", "protocol_sha256")
    }
    return {
        "format": 1,
        "study": {**study, "washout_days": 28},
        **{key: content[key] for key in parts},
        "sessions": [
            {"ordinal": ordinal, "title": f"Session {ordinal}", "arm": arm, "model_id": models[arm]}
            for ordinal, arm in sorted(arms.items())
        ],
        "reads": [{key: read[key] for key in kept} for read in content["reads"]],
    }


@pytest.mark.parametrize("older", [as_format_2, as_format_1])
def test_older_documents_give_the_same_study_without_covariates(content, older):
    old = json.loads(json.dumps(older(content)))
    inputs = analysis_inputs(old, dataset_sha256=SHA)
    assert answers(as_read(old)) == answers(dataset_of(content))
    assert inputs.study.arms == ("unaided", "aided")
    assert inputs.design.analysis.shown_model == "lpln-radiomics"
    assert inputs.covariates == {}
    assert (inputs.extras.deviations is None) is (old["format"] == 1)


def test_a_deviation_of_a_hidden_repeat_leaves_the_first_read_in(content):
    first, repeat = with_repeat(content)
    repeat["corrections"] = 1
    inputs = analysis_inputs(content, dataset_sha256=SHA)
    (row,) = inputs.extras.exclusions
    assert (row.case, row.reader, row.session, row.is_repeat) == (
        first["case"],
        first["reader"],
        first["session"],
        True,
    )
    strict = study_of(inputs, level=0.95, seed=1, analysis_set="per-protocol")
    assert strict.study.reads == inputs.study.reads
    assert (len(inputs.repeats), strict.files.repeats) == (1, ())


def test_a_consensus_of_the_readers_is_declared_as_such(content):
    entered = analysis_inputs(content, dataset_sha256=SHA).design.origin
    assert (entered.truth_source, entered.is_truth_of_readers) == ("", False)
    content.update({"reference": "consensus", "consensus_sha256": "ab" * 32})
    origin = analysis_inputs(content, dataset_sha256=SHA).design.origin
    assert origin.truth_version == f"consensus of the readers, SHA-256 {'ab' * 32}"
    assert (origin.truth_source, origin.is_truth_of_readers) == ("readers", True)
