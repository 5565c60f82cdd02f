"""The methods section says what was done, all of it, and nothing else."""

import re
from dataclasses import replace

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.methods import Method
from backend.analysis.reporting.analysis_done import AnalysisDone, ArmReads, MethodUse, Resampling
from backend.analysis.reporting.content import MethodsText, Sentence
from backend.analysis.reporting.methods_merged import MERGED
from backend.analysis.reporting.methods_text import AREAS, methods_text, registered_methods
from backend.analysis.reporting.words import joined


def text_of(*uses: MethodUse, **facts: object) -> MethodsText:
    return methods_text(AnalysisDone(uses, 0.95, **facts))  # type: ignore[arg-type]


def area(text: MethodsText, title: str) -> str:
    return next(part.cited for part in text.paragraphs if part.title == title)


def test_every_registered_method_has_its_sentence() -> None:
    written = [key for _, sentences in AREAS for key in sentences]
    assert len(written) == len(set(written))
    together = [key for one in MERGED for key in one.phrases]
    assert not set(together) & set(written)
    assert sorted(written + together) == sorted(registered_methods())


def test_every_sentence_is_one() -> None:
    for _, sentences in AREAS:
        for key, text in sentences.items():
            assert re.match(r"[A-Z]", text), key
            assert text.endswith("."), key
            assert "  " not in text, key


@pytest.mark.parametrize("key", sorted(registered_methods()))
def test_a_method_alone_brings_its_sentence_and_its_references_and_no_other(key: str) -> None:
    text = text_of(MethodUse(key))
    assert text.references == tuple(dict.fromkeys(registered_methods()[key].references))
    titles = [part.title for part in text.paragraphs]
    assert len(titles) == 2
    assert titles[1] == "Estimates and software"
    others = [one for _, sentences in AREAS for name, one in sentences.items() if name != key]
    assert not [one for one in others if one in text.plain]


def test_kappas_are_named_together() -> None:
    uses = (
        MethodUse("kappa_quadratic", ("the score",)),
        MethodUse("kappa_unweighted", ("the call", "the side")),
    )
    said = area(text_of(*uses), "Agreement")
    assert said.startswith(
        "Agreement between two raters was measured by Cohen's kappa (for the call and the side) and "
        "quadratically weighted kappa (for the score) over the full declared scale"
    )
    assert "linearly" not in said
    assert said.endswith("left out of that pair [1, 2, 3, 4].")


def test_figures_of_merit_and_covariances_are_named_together_after_the_analysis_they_belong_to() -> None:
    keys = (
        "mrmc_gallas",
        "covariance_delong",
        "dbm_equivalence",
        "fom_sensitivity",
        "obuchowski_rockette",
        "dbm",
    )
    uses = [MethodUse(key) for key in (*keys, "mrmc_margin", "fom_auc", "covariance_jackknife")]
    said = area(text_of(*uses), "Multi-reader multi-case analysis")
    places = [
        said.index(one)
        for one in (
            "the Obuchowski-Rockette method with",
            "Figures of merit were the empirical AUC with ties counting one half and the sensitivity at a cut-off",
            "Variances and covariances over cases were estimated by the jackknife and DeLong's placement values",
            "Non-inferiority with the declared margin",
            "repeated by the Dorfman-Berbaum-Metz method",
            "The components of variance of the Obuchowski-Rockette analysis",
            "U-statistics weighted by pairs",
        )
    ]
    assert places == sorted(places)
    assert said.count("igure of merit was") + said.count("igures of merit were") == 1
    one = area(text_of(MethodUse("fom_lroc")), "Multi-reader multi-case analysis")
    assert one.startswith("The figure of merit was the area under the LROC curve")
    assert "an unmarked lesion" in one
    assert "an unmarked lesion" not in said


def test_one_reading_condition_is_not_compared() -> None:
    uses = (MethodUse("obuchowski_rockette"), MethodUse("mrmc_gallas"))
    said = area(text_of(*uses, is_single_arm=True), "Multi-reader multi-case analysis")
    assert "were compared" not in said.replace("no two were compared", "")
    assert "were compared by the Obuchowski-Rockette" in area(
        text_of(*uses), "Multi-reader multi-case analysis"
    )


def test_references_are_numbered_as_they_are_met_and_once() -> None:
    text = text_of(MethodUse("delong_paired"), MethodUse("auc_delong"), MethodUse("obuchowski_rockette"))
    assert area(text, "Diagnostic accuracy").endswith("[1, 2].")
    assert area(text, "Comparison of accuracy").endswith("[1, 2].")
    assert [reference[:6] for reference in text.references[:3]] == ["DeLong", "Sun X,", "Obucho"]
    assert len(text.references) == len(set(text.references))
    assert "\n1. DeLong ER" in text.plain


def test_order_and_repeats_of_the_methods_do_not_matter() -> None:
    uses = (MethodUse("youden"), MethodUse("icc"), MethodUse("auc_delong"))
    assert text_of(*uses) == text_of(*reversed(uses), *uses)


def test_the_study_paragraph_says_what_is_known_only() -> None:
    said = area(
        text_of(
            MethodUse("auc_delong"),
            n_readers=5,
            n_cases=201,
            n_positive=60,
            n_negative=140,
            n_without_truth=1,
            positive_class="a metastatic node",
            arms=("UNAIDED", "AIDED"),
            models=("radiomics 1.0",),
            choices=("Two reads made after the lock were left out.",),
        ),
        "Study data",
    )
    assert said == (
        "The analysis covers 201 cases (60 with a metastatic node, 140 without) read by 5 readers in 2 arms (UNAIDED "
        "and AIDED). Analyses that need a reference standard leave out 1 case without one. Model analyzed: radiomics "
        "1.0. Two reads made after the lock were left out."
    )
    bare = text_of(MethodUse("auc_delong"))
    assert [part.title for part in bare.paragraphs] == ["Diagnostic accuracy", "Estimates and software"]
    assert area(text_of(MethodUse("icc"), n_cases=1), "Study data") == "The analysis covers 1 case."


def test_readers_nested_in_arms_are_not_said_to_have_read_in_each() -> None:
    arm = ArmReads("A", 2, 40, 20, 20, 40, 40)
    both = (arm, replace(arm, arm="B"))
    facts = {"n_cases": 40, "arms": ("A", "B"), "reads": both}
    assert area(text_of(MethodUse("icc"), n_readers=4, **facts), "Study data") == (
        "The analysis covers 40 cases. In the arm A, 2 readers read 40 cases (20 with the condition, 20 without). In "
        "the arm B, 2 readers read 40 cases (20 with the condition, 20 without). No arm was read by all of the 4 "
        "readers."
    )
    crossed = "The analysis covers 40 cases read by 2 readers in 2 arms (A and B)."
    assert area(text_of(MethodUse("icc"), n_readers=2, **facts), "Study data") == crossed


def test_cases_that_nobody_read_are_not_said_to_have_been_read() -> None:
    arm = ArmReads("UNAIDED", 2, 100, 31, 69, 100, 100)
    facts = {"n_readers": 2, "n_cases": 336, "n_positive": 113, "n_negative": 223, "positive_class": "a node"}
    both = (arm, replace(arm, arm="AIDED"))
    said = area(
        text_of(MethodUse("icc"), **facts, arms=("UNAIDED", "AIDED"), reads=both, n_rereads=20), "Study data"
    )
    assert said == (
        "The analysis covers 336 cases (113 with a node, 223 without). 2 readers read 100 cases (31 with a node, 69 "
        "without) in each of 2 arms (UNAIDED and AIDED). The same reader read again, in the same arm, 20 cases in a "
        "further session (re-reads)."
    )
    uneven = (arm, replace(arm, arm="AIDED", n_cases=98, n_negative=67, fewest=90, most=98))
    said = area(text_of(MethodUse("icc"), **facts, reads=uneven, n_repeats=1), "Study data")
    assert said == (
        "The analysis covers 336 cases (113 with a node, 223 without). In the arm UNAIDED, 2 readers read 100 cases "
        "(31 with a node, 69 without). In the arm AIDED, 2 readers read 98 cases, 90 to 98 a reader (31 with a node, "
        "67 without). The same reader read again, in the same arm, 1 case unannounced within a session (hidden "
        "repeats)."
    )
    plain = text_of(MethodUse("icc"), n_cases=3, n_positive=1, n_negative=2, positive_class="positive")
    assert area(plain, "Study data") == "The analysis covers 3 cases (1 positive, 2 negative)."


def test_details_resampling_and_software() -> None:
    text = text_of(
        MethodUse(
            "decision_curve", ("the radiomics score",), "Thresholds ran from 0.1 to 0.5.", is_resampled=True
        ),
        resamplings=(Resampling("decision curve", 11, 2000), Resampling("covariance", 3)),
        software=(("Reading Room", "0.1.0"), ("NumPy", "2.4.6")),
        dataset_sha256="ab" * 32,
        multiplicity="P values were not adjusted.",
        has_p_values=False,
    )
    said = area(text, "Prediction models")
    assert said.endswith(
        "Its intervals are pointwise percentile intervals of a seeded bootstrap over cases. This was done for the "
        "radiomics score. Thresholds ran from 0.1 to 0.5."
    )
    assert "bootstrap" not in area(text_of(MethodUse("decision_curve")), "Prediction models")
    general = area(text, "Estimates and software")
    assert general.startswith("Intervals are 95% confidence intervals. P values were not adjusted.")
    assert "(decision curve: seed 11, 2000 resamples; covariance: seed 3)" in general
    assert f"SHA-256 {'ab' * 32}" in general
    assert general.endswith("Analyses were done with Reading Room 0.1.0 and NumPy 2.4.6.")
    assert "seed" not in area(text_of(MethodUse("icc")), "Estimates and software")


def test_a_method_from_elsewhere_is_described_by_its_own_words() -> None:
    own = Method("own_method", "Own method", "Something new.", ("Doe J. A paper. 2025.",))
    text = methods_text(AnalysisDone((MethodUse("own_method"),), 0.9), more=[own])
    assert area(text, "Other methods") == "Own method: Something new [1]."
    assert text.references == own.references
    assert "90% confidence" in text.plain


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (AnalysisDone((MethodUse("guessed"),), 0.95), "unknown_method"),
        (AnalysisDone((), 0.95), "no_method"),
        (AnalysisDone((MethodUse("icc"),), 1.0), "level_out_of_range"),
    ],
)
def test_what_cannot_be_described_is_refused(done: AnalysisDone, code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        methods_text(done)
    assert refused.value.code == code


def test_small_words() -> None:
    assert [joined(()), joined(("a",)), joined(("a", "b")), joined(("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert Sentence("No source.").cited == "No source."
    assert Sentence("One source.", (2, 5)).cited == "One source [2, 5]."
