"""Numbers as printed: the formats of P at their edges, signs, intervals, footnotes, copies of a table."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.journal_numbers import (
    P_NOTES,
    Footnotes,
    PFormat,
    interval_text,
    level_text,
    number_text,
    p_statement,
    p_text,
    significant_text,
)
from backend.analysis.reporting.plain_text import cleaned, escaped, is_numeric_column
from backend.analysis.reporting.table_copies import table_csv, table_markdown, table_tsv
from backend.analysis.results import Interval

TABLE = ReportTable(
    "t", "Cap|tion", ("", "AUC", "=P"), (("a\tb", "−0.10", "x|y"), ("c\nd", '"q", r', "+1")), notes=("Note.",)
)


@pytest.mark.parametrize(
    ("p", "ama", "three"),
    [
        (0.0, "<.001", "<0.001"),
        (0.00099, "<.001", "<0.001"),
        (0.001, ".001", "0.001"),
        (0.0094, ".009", "0.009"),
        (0.0149, ".01", "0.015"),
        (0.0314, ".03", "0.031"),
        (0.0449, ".04", "0.045"),
        (0.0451, ".045", "0.045"),
        (0.0496, ".0496", "0.0496"),
        (0.05, ".05", "0.050"),
        (0.0512, ".05", "0.051"),
        (0.2, ".20", "0.200"),
        (0.99, ".99", "0.990"),
        (0.9949, ">.99", "0.995"),
        (0.9995, ">.99", ">0.999"),
        (1.0, ">.99", ">0.999"),
    ],
)
def test_p_values_in_both_formats(p: float, ama: str, three: str) -> None:
    assert (p_text(p), p_text(p, "three")) == (ama, three)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-4.03e-05, 3, "−4.03 × 10⁻⁵"),
        (-0.000416, 3, "−0.000416"),
        (-0.0000999951, 3, "−0.000100"),
        (0.00012345, 3, "0.000123"),
        (12.3456, 3, "12.3"),
        (1234.5, 3, "1230"),
        (999999.9, 3, "1.00 × 10⁶"),
        (3.21e12, 3, "3.21 × 10¹²"),
        (1.4e-17, 1, "1 × 10⁻¹⁷"),
        (0.0, 3, "0"),
        (-0.0, 1, "0"),
        (7.0, 1, "7"),
    ],
)
def test_numbers_of_any_size_have_a_true_minus_and_no_e(value: float, digits: int, text: str) -> None:
    assert significant_text(value, digits) == text


@settings(derandomize=True, max_examples=200)
@given(st.floats(1e-300, 1e300) | st.floats(-1e300, -1e-300))
def test_the_digits_that_count_are_those_of_the_number(value: float) -> None:
    """Read back, the text is the number to half a unit of its third digit."""
    plain = significant_text(value).replace("−", "-").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    mantissa, _, power = plain.partition(" × 10")
    assert float(f"{mantissa}e{power or 0}") == pytest.approx(value, rel=0.0051)


@settings(derandomize=True, max_examples=200)
@given(st.floats(0.0, 1.0), st.sampled_from(["ama", "three"]))
def test_rounding_never_makes_or_takes_significance(p: float, p_format: PFormat) -> None:
    text = p_text(p, p_format)
    assert (float(text.strip("<>")) < 0.05) == (p < 0.05)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_value_is_refused(p: float) -> None:
    with pytest.raises(AnalysisError) as refused:
        p_text(p)
    assert refused.value.code == "p_out_of_range"


def test_signs_intervals_and_levels() -> None:
    assert number_text(-0.0004, 3) == "0.000"
    assert number_text(-0.0438, 3) == "\N{MINUS SIGN}0.044"
    assert interval_text(Interval(-0.0879, 0.0003, 0.95), 3) == "(\N{MINUS SIGN}0.088, 0.000)"
    assert [level_text(0.95), level_text(0.9), level_text(0.999)] == ["95%", "90%", "99.9%"]
    assert [p_statement(0.03), p_statement(0.0001)] == ["= .03", "< .001"]


def test_reasons_share_a_letter_and_stand_below() -> None:
    notes = Footnotes("three")
    one, two = NotEstimable("one class has no case"), NotEstimable("the variance is 0")
    assert notes.number(0.5, 2) == "0.50"
    assert [notes.number(one, 2), notes.p(two), notes.p(one)] == [
        "not estimable (a)",
        "not estimable (b)",
        "not estimable (a)",
    ]
    assert notes.with_ci(0.7, two, 2) == "0.70 (CI not estimable (b))"
    assert notes.notes() == (
        P_NOTES["three"],
        "(a) Not estimable: one class has no case.",
        "(b) Not estimable: the variance is 0.",
    )
    many = Footnotes()
    letters = [many.none(NotEstimable(str(number))) for number in range(28)]
    assert letters[25:] == ["not estimable (z)", "not estimable (aa)", "not estimable (bb)"]


def test_columns_of_numbers_are_known() -> None:
    assert is_numeric_column(["0.82 (0.75, 0.90)", "–", "not estimable (a)", "", "<.001", "−0.10", "≥3"])
    assert is_numeric_column(["NR", "NR (24.5, NR)", "29.5 (17.6, NR)"])
    assert not is_numeric_column(["NR", "NR (24.5, NR)"])
    assert not is_numeric_column(["12", "reader"])
    assert not is_numeric_column(["–", ""])


def test_text_is_cleaned_of_what_no_document_may_hold() -> None:
    assert cleaned("a\x00b\u202ec\ud800d\ufffe") == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert cleaned("a\r\nb\rc\u2028d\te\u200df\u00a0g") == "a\nb\nc\nd\te\u200df\u00a0g"
    assert escaped('<a href="x">\'&') == "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;"


def test_a_table_is_copied_as_text() -> None:
    assert table_tsv(TABLE) == "\tAUC\t'=P\na b\t−0.10\tx|y\nc d\t\"q\", r\t'+1\n"
    assert list(csv.reader(io.StringIO(table_csv(TABLE)))) == [
        ["", "AUC", "'=P"],
        ["a\tb", "−0.10", "x|y"],
        ["c\nd", '"q", r', "'+1"],
    ]
    assert table_markdown(TABLE).splitlines() == [
        "**Cap|tion**",
        "",
        "|  | AUC | =P |",
        "| --- | --- | --- |",
        "| a b | −0.10 | x\\|y |",
        '| c d | "q", r | +1 |',
        "",
        "Note.",
    ]
    with pytest.raises(AnalysisError):
        table_tsv(ReportTable("t", "T", ("a",), (("1", "2"),)))
