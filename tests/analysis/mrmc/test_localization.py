"""Figures of merit of marks: RJafroc's values on a published study, and slow obvious second implementations."""

import csv
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells, resampled_counts
from backend.analysis.mrmc.design import recognize
from backend.analysis.mrmc.localization import (
    FROC_WARNING,
    WITHOUT_NEGATIVES,
    LocalizationFigure,
    figure_of_merit,
    froc_curve,
    localization_cells,
)
from backend.analysis.mrmc.marks import LocalizationData, Mark, MarkedCase, localization_data
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.mrmc.ratings import mrmc_from_array
from backend.analysis.roc import empirical_auc

FIGURES: tuple[LocalizationFigure, ...] = ("HrAUC", "AFROC", "AFROC1", "wAFROC", "wAFROC1", "LROC", "FROC")
NOTHING = -math.inf

# RJafroc 2.1.3 (github.com/dpc10ster/RJafroc, 44b0e39), tests/testthat/goodValues361: UtilFigureOfMerit(dataset01, FOM)
# and, for wAFROC, St(dataset01, FOM = "wAFROC", method = "OR", analysisOption = "RRRC"); rows BT, DM, readers 1 to 5.
TONY: dict[LocalizationFigure, list[list[float]]] = {
    "HrAUC": [
        [0.7959971910112360, 0.8652270599250936, 0.8411750936329588, 0.8311095505617978, 0.8465589887640449],
        [0.6689489700374532, 0.7211493445692884, 0.7841175093632958, 0.7979283707865169, 0.7061095505617978],
    ],
    "AFROC1": [
        [0.807339971550498, 0.867226173541963, 0.871237553342816, 0.844210526315790, 0.856586059743955],
        [0.725149359886202, 0.777126600284495, 0.808677098150782, 0.793854907539118, 0.747396870554765],
    ],
    "wAFROC": [
        [0.7602703651685393, 0.8406191479400749, 0.8171523876404494, 0.8153089887640449, 0.8278323970037453],
        [0.6425854400749064, 0.7049976591760300, 0.7518433988764045, 0.7724426498127340, 0.6836961610486891],
    ],
    "wAFROC1": [
        [0.8079866383237170, 0.8696629213483146, 0.8747798360157911, 0.8517613118736714, 0.8563467962344367],
        [0.7277102945642272, 0.7781506225326450, 0.8225630124506529, 0.7968417856058305, 0.7496963255390222],
    ],
}


@pytest.fixture(scope="session")
def tony(shared_data: Path) -> LocalizationData:
    path = shared_data / "tables" / "multireader" / "rjafroc_dataset01_TONY_froc.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    cases = {row["case"]: [str(n + 1) for n in range(int(row["n_lesions"]))] for row in rows}
    marks = [
        Mark(row["reader"], row["modality"], row["case"], float(row["rating"]), row["lesion_id"] or None)
        for row in rows
        if row["mark"] != "none"
    ]
    return localization_data(cases, marks)


@pytest.mark.parametrize("figure", list(TONY))
def test_figures_match_rjafroc_on_a_published_study(
    tony: LocalizationData, figure: LocalizationFigure
) -> None:
    assert (len(tony.cases), int(tony.truth.sum())) == (185, 89)
    cells = localization_cells(tony, figure)
    assert cells.values == pytest.approx(np.array(TONY[figure]), abs=1e-14)


def test_obuchowski_rockette_on_wafroc_matches_rjafroc(tony: LocalizationData) -> None:
    result = obuchowski_rockette(localization_cells(tony, "wAFROC"))
    text = str(result.to_json())
    # F, its p-value, and the interval of the difference BT minus DM, as printed by RJafroc.
    for expected in (10.298825245686, 0.003668578390869, 0.0361863845167, 0.1660608064945, 0.03151074406575):
        assert any(math.isclose(value, expected, rel_tol=1e-9) for value in numbers(result.to_json())), text


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in numbers(item)]
    return [value] if isinstance(value, float) else []


def psi(false: float, true: float) -> float:
    return 1.0 if true > false else 0.5 if true == false else 0.0


def slow(cases: list[MarkedCase], figure: LocalizationFigure) -> float:
    """The definitions as they are written, one pair after the other."""
    negatives = [case for case in cases if not case.hits]
    positives = [case for case in cases if case.hits]
    highest_false = [max([*case.false_marks, NOTHING]) for case in cases]
    highest_negative = [max([*case.false_marks, NOTHING]) for case in negatives]
    if figure == "FROC":
        false = [rating for case in cases for rating in case.false_marks]
        hits = [rating for case in positives for rating in case.hits]
        return sum(psi(x, y) for x in false for y in hits) / len(cases) / len(hits)
    if figure in ("AFROC", "AFROC1"):
        false = highest_false if figure == "AFROC1" else highest_negative
        hits = [rating for case in positives for rating in case.hits]
        return sum(psi(x, y) for x in false for y in hits) / len(false) / len(hits)
    if figure in ("wAFROC", "wAFROC1"):
        false = highest_false if figure == "wAFROC1" else highest_negative
        return sum(
            weight * psi(x, y)
            for x in false
            for case in positives
            for y, weight in zip(case.hits, case.weights, strict=True)
        ) / (len(false) * len(positives))
    total = 0.0
    for x, case in itertools.product(highest_negative, positives):
        hit, false_mark = max(case.hits), max([*case.false_marks, NOTHING])
        if figure == "HrAUC":
            total += psi(x, max(hit, false_mark))
        elif hit > NOTHING:
            total += psi(x, hit) * (1.0 if hit > false_mark else 0.5 if hit == false_mark else 0.0)
    return total / (len(negatives) * len(positives))


def random_cases(rng: np.random.Generator, n: int = 16) -> list[MarkedCase]:
    cases = []
    for k in range(n):
        lesions = 0 if k < n // 2 else int(rng.integers(1, 4))
        shares = rng.random(lesions) + 0.1
        cases.append(
            MarkedCase(
                tuple(float(r) if r else NOTHING for r in rng.integers(0, 5, lesions)),
                tuple((shares / shares.sum()).tolist()) if lesions else (),
                tuple(float(r) for r in rng.integers(1, 5, int(rng.integers(0, 3)))),
            )
        )
    return cases


def data_of(cases: dict[str, list[MarkedCase]]) -> LocalizationData:
    """One modality; every reader's own marks on the same cases with the same lesions."""
    names = [f"c{k:02d}" for k in range(len(next(iter(cases.values()))))]
    lesions = dict(zip(names, next(iter(cases.values())), strict=True))
    return localization_data(
        {name: {str(i): w for i, w in enumerate(case.weights)} for name, case in lesions.items()},
        [
            Mark(reader, "A", name, rating, lesion)
            for reader, own in cases.items()
            for name, case in zip(names, own, strict=True)
            for rating, lesion in [
                *((rating, str(i)) for i, rating in enumerate(case.hits) if rating > NOTHING),
                *((rating, None) for rating in case.false_marks),
            ]
        ],
        reads=[(reader, "A", name) for reader in cases for name in names],
    )


def marked_again(rng: np.random.Generator, cases: list[MarkedCase]) -> list[MarkedCase]:
    """Another reader's marks on the cases of one."""
    return [
        MarkedCase(
            tuple(float(r) if r else NOTHING for r in rng.integers(0, 5, len(case.hits))),
            case.weights,
            tuple(float(r) for r in rng.integers(1, 5, int(rng.integers(0, 3)))),
        )
        for case in cases
    ]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.sampled_from(FIGURES))
def test_figures_and_their_jackknife_match_the_slow_ones(seed: int, figure: LocalizationFigure) -> None:
    cases = random_cases(np.random.default_rng(seed))
    assert figure_of_merit(cases, figure) == pytest.approx(slow(cases, figure), abs=1e-13)
    data = data_of({"r1": cases, "r2": cases})
    cells = localization_cells(data, figure)
    without = np.array([slow(cases[:k] + cases[k + 1 :], figure) for k in range(len(cases))])
    expected = (len(cases) - 1) / len(cases) * ((without - without.mean()) ** 2).sum()
    assert isinstance(cells.covariance, np.ndarray)
    assert cells.covariance[0, 0] == pytest.approx(np.full((1, 2), expected), abs=1e-13)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_bootstrap_is_that_of_cases_written_out_as_often_as_drawn(figure: LocalizationFigure) -> None:
    """The slow second way: every case repeated, and the definition taken pair by pair."""
    rng = np.random.default_rng(8)
    first = random_cases(rng)
    own = {"r1": first, "r2": marked_again(rng, first)}
    data = data_of(own)
    cells = localization_cells(data, figure, covariance="bootstrap", n_resamples=30, seed=5)
    design = recognize(data.read, data.modalities, data.readers)
    drawn = resampled_counts(data.truth, data.read, design, n_resamples=30, seed=5)
    assert (drawn[:, data.truth].sum(axis=1) == data.truth.sum()).all()
    replicates = [
        [slow([case for case, n in zip(cases, row, strict=True) for _ in range(n)], figure) for row in drawn]
        for cases in own.values()
    ]
    assert isinstance(cells.covariance, np.ndarray)
    assert cells.covariance[0, :, 0, :] == pytest.approx(np.cov(replicates), rel=1e-10, abs=1e-15)
    assert (cells.values == localization_cells(data, figure).values).all()
    assert (cells.covariance_method, cells.seed, cells.n_resamples) == ("covariance_bootstrap", 5, 30)


def centered_within_classes(data: LocalizationData, figure: LocalizationFigure) -> np.ndarray:
    """The jackknife covariance for class sizes that are given: each case left out by hand, centered in its class."""
    t, j, k = data.read.shape
    without = np.empty((t * j, k))
    for row in range(t * j):
        cases = data.cell(row // j, row % j)
        without[row] = [figure_of_merit(cases[:n] + cases[n + 1 :], figure) for n in range(k)]
    for members in (data.truth, ~data.truth):
        without[:, members] -= without[:, members].mean(axis=1, keepdims=True)
    products: np.ndarray = (k - 1) / k * without @ without.T
    return products.reshape(t, j, t, j)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_bootstrap_is_near_the_jackknife_on_a_published_study(
    tony: LocalizationData, figure: LocalizationFigure
) -> None:
    """Monte Carlo error of a variance is about sqrt(2/B), 3.2 %; the plug-in is smaller by a share of about 1/89.

    Where false marks of positive cases count, the jackknife is centered within each class, as the bootstrap draws.
    """
    drawn = localization_cells(tony, figure, covariance="bootstrap", n_resamples=2000, seed=3)
    expected = localization_cells(tony, figure).covariance
    if figure in WITHOUT_NEGATIVES:
        expected = centered_within_classes(tony, figure)
    variances = [np.einsum("ijij->ij", np.asarray(one)) for one in (drawn.covariance, expected)]
    assert variances[0] == pytest.approx(variances[1], rel=4 * 0.032 + 1 / 89)
    again = localization_cells(tony, figure, covariance="bootstrap", n_resamples=2000, seed=3)
    assert np.asarray(again.covariance).tobytes() == np.asarray(drawn.covariance).tobytes()


@pytest.mark.parametrize("figure", ["HrAUC", "AFROC", "wAFROC", "LROC"])
@pytest.mark.parametrize("with_gaps", [False, True])
def test_one_mark_a_case_has_the_bootstrap_of_the_auc(figure: LocalizationFigure, *, with_gaps: bool) -> None:
    rng = np.random.default_rng(6)
    truth = [True] * 12 + [False] * 15
    ratings = rng.integers(1, 6, (2, 3, 27)) + 1.0 * np.array(truth)
    if with_gaps:
        ratings[rng.random(ratings.shape) < 0.08] = np.nan
    names = [f"c{k:02d}" for k in range(27)]
    areas = mrmc_from_array(ratings, truth, modalities=("A", "B"), readers=("r1", "r2", "r3"), cases=names)
    made = [
        (r, m, k) for m in range(2) for r in range(3) for k in range(27) if not np.isnan(ratings[m, r, k])
    ]
    marks = [
        Mark(f"r{r + 1}", "AB"[m], names[k], float(ratings[m, r, k]), "a" if truth[k] else None)
        for r, m, k in made
    ]
    data = localization_data(
        {name: ["a"] if is_true else [] for name, is_true in zip(names, truth, strict=True)},
        marks,
        reads=[(f"r{r + 1}", "AB"[m], names[k]) for r, m, k in made],
    )
    found = localization_cells(data, figure, covariance="bootstrap", n_resamples=200, seed=9)
    expected = estimate_cells(areas, covariance="bootstrap", n_resamples=200, seed=9)
    assert len(found.missing) == np.isnan(ratings).sum()
    assert found.values == pytest.approx(expected.values, rel=1e-14)
    assert np.asarray(found.covariance) == pytest.approx(np.asarray(expected.covariance), rel=1e-12)


@pytest.mark.parametrize("figure", FIGURES)
def test_readers_without_an_error_have_no_covariance_of_rounding(figure: LocalizationFigure) -> None:
    """r1 and r2 find every lesion and mark nothing else as high: every sample has the same figure, in thirds too."""
    rng = np.random.default_rng(1)
    cases = {f"p{k}": ["a", "b", "c"][: 1 + k % 3] for k in range(10)} | {f"n{k}": [] for k in range(10)}
    right = [
        Mark(reader, arm, case, 5.0, lesion)
        for reader in ("r1", "r2")
        for arm in "AB"
        for case, lesions in cases.items()
        for lesion in lesions
    ]
    right += [Mark(reader, arm, "n0", 1.0, None) for reader in ("r1", "r2") for arm in "AB"]
    other = [
        Mark("r3", arm, case, float(rng.integers(1, 6)), lesion)
        for arm in "AB"
        for case, lesions in cases.items()
        for lesion in (*lesions, None)
        if rng.random() < 0.7
    ]
    reads = [(reader, arm, case) for reader in ("r1", "r2", "r3") for arm in "AB" for case in cases]
    data = localization_data(cases, [*right, *other], reads=reads)
    cells = localization_cells(data, figure, covariance="bootstrap", n_resamples=200, seed=1)
    found = np.asarray(cells.covariance)
    if figure == "FROC":
        assert (found[:, :2, :, :2] > 0.0).all()
        return
    assert (found[:, :2] == 0.0).all()
    assert (found[:, :, :, :2] == 0.0).all()
    assert (np.einsum("ijij->ij", found)[:, 2] > 1e-4).all()
    said = obuchowski_rockette(cells).warnings
    assert not any("10⁻" in text for text in said)


def test_a_sample_without_a_case_of_a_reader_leaves_no_covariance() -> None:
    """r2 read two of the negative cases: some samples have neither."""
    reads = [("r1", "A", case) for case in ("n1", "n2", "n3", "n4", "p1", "p2")]
    reads += [("r2", "A", case) for case in ("n1", "n2", "p1", "p2")]
    cases: dict[str, list[str]] = {"n1": [], "n2": [], "n3": [], "n4": [], "p1": ["a"], "p2": ["c"]}
    data = localization_data(
        cases, [Mark("r1", "A", "p1", 3.0, "a"), Mark("r2", "A", "n1", 1.0, None)], reads=reads
    )
    cells = localization_cells(data, covariance="bootstrap", seed=1)
    assert isinstance(cells.covariance, NotEstimable)
    assert "without a case of a class" in cells.covariance.reason
    se = obuchowski_rockette(cells).fixed_readers.means[0].se
    assert isinstance(se, NotEstimable)


def test_one_lesion_a_case_and_marks_only_on_it_make_all_of_them_the_auc() -> None:
    rng = np.random.default_rng(4)
    ratings = rng.integers(1, 6, 30).astype(float)
    truth = [True] * 14 + [False] * 16
    cases = [
        MarkedCase((r,), (1.0,), ()) if t else MarkedCase((), (), (r,))
        for r, t in zip(ratings, truth, strict=True)
    ]
    auc = empirical_auc(truth, ratings.tolist())
    for figure in ("HrAUC", "AFROC", "wAFROC", "LROC"):
        assert figure_of_merit(cases, figure) == pytest.approx(auc, rel=1e-14)


def test_froc_curve_counts_marks_and_its_area_is_the_figure() -> None:
    data = localization_data(
        {"n1": [], "n2": [], "p1": ["a", "b"], "p2": ["c"]},
        [
            Mark("r", "A", "n1", 2.0, None),
            Mark("r", "A", "p1", 3.0, "a"),
            Mark("r", "A", "p1", 1.0, None),
            Mark("r", "A", "p2", 2.0, "c"),
        ],
    )
    curve = froc_curve(data, modality="A", reader="r")
    assert [point.threshold for point in curve] == [None, 3.0, 2.0, 1.0]
    assert [point.false_marks for point in curve] == [0.0, 0.0, 0.25, 0.5]
    assert [point.lesions for point in curve] == pytest.approx([0.0, 1 / 3, 2 / 3, 2 / 3])
    assert [point.weighted_lesions for point in curve] == [0.0, 0.25, 0.75, 0.75]
    assert [point.false_cases for point in curve] == [0.0, 0.0, 0.5, 0.5]
    assert [point.localized for point in curve] == [0.0, 0.5, 1.0, 1.0]
    area = sum(
        (b.false_marks - a.false_marks) * (a.lesions + b.lesions) / 2 for a, b in itertools.pairwise(curve)
    )
    assert figure_of_merit(data.cell_of("A", "r"), "FROC") == pytest.approx(area)
    assert localization_cells(data, "FROC").warnings == (FROC_WARNING,)
    with pytest.raises(AnalysisError, match="there is no reader 'x'"):
        froc_curve(data, modality="A", reader="x")


def small(marks: list[Mark], **options: Any) -> LocalizationData:
    return localization_data({"n1": [], "n2": [], "p1": ["a"], "p2": ["c"]}, marks, **options)


def test_the_order_of_marks_changes_nothing_and_swapped_modalities_swap_the_cells(
    tony: LocalizationData,
) -> None:
    marks = [
        Mark("r", m, c, float(i % 4), None) for i, (m, c) in enumerate(itertools.product("AB", ["n1", "p2"]))
    ]
    marks += [Mark("r", "A", "p1", 3.0, "a"), Mark("r", "B", "p2", 1.0, "c"), Mark("r", "B", "p2", 2.0, "c")]
    cells, again = localization_cells(small(marks)), localization_cells(small(marks[::-1]))
    assert (cells.values == again.values).all()
    assert isinstance(cells.covariance, np.ndarray)
    assert isinstance(again.covariance, np.ndarray)
    assert (cells.covariance == again.covariance).all()
    swapped = localization_cells(small(marks, modalities=["B", "A"]))
    assert (swapped.values == cells.values[::-1]).all()
    assert cells.warnings == ("Marks on a lesion that the same read marks higher do not count: 1.",)


HIT = Mark("r", "A", "p1", 3.0, "a")
READS = [("r", "A", case) for case in ("n1", "n2", "p1", "p2")]


@pytest.mark.parametrize(
    ("make", "code", "named"),
    [
        (lambda: localization_data({}, []), "no_cases", "no case"),
        (lambda: small([]), "no_reads", "no read"),
        (lambda: small([Mark("r", "A", "x", 1.0, None)]), "unknown_case", "r, A, case x"),
        (lambda: small([Mark("r", "A", "p1", 1.0, "z")]), "unknown_lesion", "no lesion 'z'"),
        (lambda: small([Mark("r", "A", "p1", math.nan, "a")]), "rating_not_finite", "rating is nan"),
        (lambda: small([Mark("r", "A", "p1", True, "a")]), "rating_not_a_number", "True"),
        (lambda: small([HIT], scale=(1, 2)), "rating_out_of_scale", "3.0 is not of 1 to 2"),
        (lambda: small([HIT], reads=READS[:2]), "unread_case", "was not read"),
        (lambda: small([HIT], reads=[*READS, READS[0]]), "duplicate_read", "case n1: read twice"),
        (lambda: small([HIT], reads=[("r", "A", "x")]), "unknown_case", "case x"),
        (lambda: small([HIT], modalities=["A", "B"]), "unknown_modality", "'B'"),
        (lambda: localization_data({"p": {"a": 0.5}}, []), "weights_wrong", "case p"),
        (lambda: localization_data({"p": ["a", "a"]}, []), "lesion_repeated", "case p"),
        (lambda: localization_cells(small([HIT]), "XROC"), "unknown_figure", "'XROC'"),  # type: ignore[arg-type]
        (lambda: localization_cells(small([HIT], reads=READS[2:])), "one_class", "without a lesion"),
        (
            lambda: localization_cells(small([HIT], reads=READS), covariance="delong"),  # type: ignore[arg-type]
            "unknown_covariance",
            "jackknife or bootstrap",
        ),
        (
            lambda: localization_cells(small([HIT], reads=READS), covariance="bootstrap"),
            "seed_missing",
            "seed",
        ),
        (lambda: localization_cells(small([HIT], reads=READS[:3])), "figure_undefined", "reader r"),
    ],
)
def test_wrong_marks_are_refused_by_name(make: Callable[[], object], code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        make()
    assert refused.value.code == code


def test_figures_without_negatives_need_none() -> None:
    data = small([HIT, Mark("r", "A", "p2", 1.0, None)], reads=READS[2:])
    for figure in ("AFROC1", "wAFROC1", "FROC"):
        assert np.isfinite(localization_cells(data, figure).values).all()
