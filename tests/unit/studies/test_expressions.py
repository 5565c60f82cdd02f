"""The vectors that the browser's evaluator runs as well, and a second, slow and obvious evaluator."""

import json
import math
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.studies.expression_syntax import parts
from backend.studies.expressions import ExpressionError, evaluate, names, parse, type_of

FOLDER = Path(__file__).parents[2] / "reference" / "forms"
VECTORS = json.loads((FOLDER / "expressions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", [one for one in VECTORS if "result" in one], ids=lambda one: one["name"])
def test_an_expression_has_the_result_that_both_evaluators_give(vector: Mapping[str, Any]) -> None:
    result = evaluate(parse(vector["expr"]), vector["values"])
    assert result == vector["result"]
    # True == 1 in Python; 3.0 is written otherwise than 3; -0.0 == 0.
    assert json.dumps(result) == json.dumps(vector["result"])


@pytest.mark.parametrize("vector", [one for one in VECTORS if "error" in one], ids=lambda one: one["name"])
def test_an_expression_that_cannot_be_read_names_the_column(vector: Mapping[str, Any]) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(vector["expr"])
    assert {"column": caught.value.column, "text": caught.value.text} == vector["error"]
    assert str(caught.value) == f"Column {caught.value.column}: {caught.value.text}"


def test_there_are_vectors_for_both_and_no_name_stands_twice() -> None:
    assert len({one["name"] for one in VECTORS}) == len(VECTORS) >= 200
    assert {frozenset(one) for one in VECTORS} == {
        frozenset({"name", "expr", "values", "result"}),
        frozenset({"name", "expr", "error"}),
    }


def test_names_are_those_that_an_expression_mentions() -> None:
    expression = parse("if(a > 1 and not b, -c, max(a, d)) + e / 2 or has(f, 'g')")
    assert names(expression) == {"a", "b", "c", "d", "e", "f"}
    assert next(parts(expression)) is expression


TYPES: dict[str, Any] = {
    "n": "number",
    "t": "text",
    "b": "boolean",
    "l": "list",
    "m": "drawing",
}


@pytest.mark.parametrize(
    ("expr", "kind"),
    [
        ("1 + n * 2", "number"),
        ("-n", "number"),
        ("not b or n > 1 and t == 'x'", "boolean"),
        ("b == true", "boolean"),
        ("known(m) and known(l) and known(t)", "boolean"),
        ("if(b, 1, null)", "number"),
        ("if(b, null, 'x')", "text"),
        ("if(b, null, null)", "null"),
        ("if(b, t, 'x')", "text"),
        ("count(b, n > 1)", "number"),
        ("any(b) or all(b)", "boolean"),
        ("min(n, 1) + max(n) + abs(n) + round(n, 1)", "number"),
        ("has(l, 'x') and has(l, 1)", "boolean"),
        ("null", "null"),
        ("'x'", "text"),
        ("n + null", "number"),
    ],
)
def test_an_expression_has_a_type_before_anything_is_answered(expr: str, kind: str) -> None:
    assert type_of(parse(expr), TYPES) == kind


@pytest.mark.parametrize(
    ("expr", "column", "text"),
    [
        ("n + x", 5, "The form has no question 'x'."),
        ("n + t", 5, "'+' needs a number, not a text."),
        ("t + n", 1, "'+' needs a number, not a text."),
        ("b and n", 7, "'and' needs yes or no, not a number."),
        ("not l", 5, "'not' needs yes or no, not a list of answers."),
        ("-b", 2, "'-' needs a number, not yes or no."),
        ("t < 'a'", 1, "'<' needs a number, not a text."),
        ("n < m", 5, "'<' needs a number, not marks or a mask."),
        ("n == 'a'", 3, "A number cannot be compared with a text."),
        ("b != 1", 3, "Yes or no cannot be compared with a number."),
        ("l == 'a'", 3, "A list of answers cannot be compared."),
        ("'a' == m", 5, "Marks or a mask cannot be compared."),
        ("n == null", 3, "Ask known(...) whether something is answered."),
        ("if(n, 1, 2)", 4, "'if' needs yes or no, not a number."),
        ("1 + if(b, 1, 'a')", 5, "'if' gives a number or a text: both must be of one kind."),
        ("count(b, n)", 10, "'count' needs yes or no, not a number."),
        ("max(1, b)", 8, "'max' needs a number, not yes or no."),
        ("has(t, 'a')", 5, "'has' needs a list of answers, not a text."),
        ("has(l, b)", 8, "'has' looks for a text or a number in the list."),
        ("known(x)", 7, "The form has no question 'x'."),
    ],
)
def test_what_does_not_fit_together_is_named_with_its_column(expr: str, column: int, text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        type_of(parse(expr), TYPES)
    assert (caught.value.column, caught.value.text) == (column, text)


def test_a_number_that_no_double_holds_counts_as_not_answered() -> None:
    assert evaluate(parse("a + 1"), {"a": 10**400}) is None
    assert evaluate(parse("known(a)"), {"a": 10**400}) is True


# ------------------------------------------------------------------------------------------------ the second evaluator
# It writes each expression with all its brackets and computes with exact fractions, so it knows neither the
# precedences nor the doubles of the first one.
Written = tuple[str, Any]
NUMBERS = {"a": Fraction(3), "b": Fraction(-5, 2), "c": None, "d": Fraction(0)}
TRUTHS = {"p": True, "q": False, "r": None}


def _exact(operator: str, left: Fraction | None, right: Fraction | None) -> Fraction | None:
    if left is None or right is None or (operator == "/" and right == 0):
        return None
    return {
        "+": left + right,
        "-": left - right,
        "*": left * right,
        "/": left / (right or 1),
    }[operator]


def _compared(operator: str, left: Fraction | None, right: Fraction | None) -> bool | None:
    if left is None or right is None:
        return None
    return {
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
        "==": left == right,
        "!=": left != right,
    }[operator]


def _third(value: bool | None) -> Fraction:
    """Kleene's values as 0, a half and 1: and is the smaller, or the larger, not the rest to 1."""
    return Fraction(1, 2) if value is None else Fraction(int(value))


def _logic(operator: str, left: bool | None, right: bool | None) -> bool | None:
    choose = min if operator == "and" else max
    return {Fraction(0): False, Fraction(1, 2): None, Fraction(1): True}[choose(_third(left), _third(right))]


# Quarters and their sums and products stay exact in a double, so that both evaluators must agree to the last bit.
number_leaves = st.sampled_from(
    [("a", NUMBERS["a"]), ("b", NUMBERS["b"]), ("c", None), ("d", NUMBERS["d"])]
) | st.integers(0, 64).map(lambda quarters: (str(quarters / 4), Fraction(quarters, 4)))


def _joined_numbers(children: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    joined = st.tuples(st.sampled_from("+-*/"), children, children).map(
        lambda one: (f"({one[1][0]}) {one[0]} ({one[2][0]})", _exact(one[0], one[1][1], one[2][1]))
    )
    negative = children.map(lambda one: (f"-({one[0]})", None if one[1] is None else -one[1]))
    return joined | negative


numbers = st.recursive(number_leaves, _joined_numbers, max_leaves=5)
truth_leaves = st.sampled_from(list(TRUTHS.items()))


def _joined_truths(children: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    joined = st.tuples(st.sampled_from(["and", "or"]), children, children).map(
        lambda one: (f"({one[1][0]}) {one[0]} ({one[2][0]})", _logic(one[0], one[1][1], one[2][1]))
    )
    denied = children.map(lambda one: (f"not ({one[0]})", None if one[1] is None else not one[1]))
    return joined | denied


truths = st.recursive(truth_leaves, _joined_truths, max_leaves=12)
VALUES = {key: None if value is None else float(value) for key, value in NUMBERS.items()} | TRUTHS


@settings(derandomize=True, max_examples=300, deadline=None)
@given(numbers)
def test_arithmetic_agrees_with_exact_fractions(written: Written) -> None:
    text, exact = written
    result = evaluate(parse(text), VALUES)
    if exact is None:
        assert result is None
    else:
        assert result == pytest.approx(float(exact), rel=1e-12, abs=1e-12)
        assert math.isfinite(result)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), number_leaves, number_leaves)
def test_comparison_agrees_with_exact_fractions(operator: str, left: Written, right: Written) -> None:
    result = evaluate(parse(f"{left[0]} {operator} {right[0]}"), VALUES)
    assert result is _compared(operator, left[1], right[1])


@settings(derandomize=True, max_examples=300, deadline=None)
@given(truths)
def test_logic_agrees_with_the_smaller_and_the_larger_of_three_values(written: Written) -> None:
    assert evaluate(parse(written[0]), VALUES) is written[1]


# One precedence a level, so that the brackets that the grammar implies can be written out.
flat = st.lists(st.tuples(st.sampled_from(["+", "-", "*", "/"]), number_leaves), min_size=1, max_size=12)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(number_leaves, flat)
def test_a_row_without_brackets_binds_products_first_and_from_left_to_right(
    first: Written, steps: list[tuple[str, Written]]
) -> None:
    text = first[0] + "".join(f" {operator} {operand[0]}" for operator, operand in steps)
    summands: list[tuple[str, Fraction | None]] = [("+", first[1])]
    for operator, (_, exact) in steps:
        if operator in "+-":
            summands.append((operator, exact))
        else:
            sign, product = summands[-1]
            summands[-1] = (sign, _exact(operator, product, exact))
    total = summands[0][1]
    for operator, summand in summands[1:]:
        total = _exact(operator, total, summand)
    result = evaluate(parse(text), VALUES)
    assert result == (None if total is None else pytest.approx(float(total), rel=1e-9, abs=1e-9))


def _column_of_error(text: str) -> int | None:
    try:
        parse(text)
    except ExpressionError as error:
        return error.column
    return None


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(alphabet="ab1.5 ()+-*/<>=!,'notandrif", max_size=40))
def test_any_text_is_an_expression_or_has_its_error_within_it(text: str) -> None:
    column = _column_of_error(text)
    if column is None:
        result = evaluate(parse(text), {})
        assert not isinstance(result, float) or math.isfinite(result)
    else:
        assert 1 <= column <= len(text) + 1
