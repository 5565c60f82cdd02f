"""The expressions of a reading form: parsed to a small tree and evaluated, never run as code. Pure.

The browser has the same language (`frontend/src/shared/forms/expression.ts`); both run the vectors of
`tests/reference/forms/expressions.json`. What a coordinator needs to know stands in `docs/forms.md`.

A value is a number, a text, a truth value, a list (of a question with several answers) or None: not answered.
An operand of another type than the operator takes counts as not answered; `type_of` refuses such an expression
before a study starts.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, reduce
from typing import Any

from .expression_syntax import (
    Call,
    Chain,
    Comparison,
    Constant,
    Expression,
    ExpressionError,
    Name,
    Prefix,
    names,
    plain_number,
)
from .expression_syntax import parse as _parse
from .expression_types import Type, type_of

__all__ = ["Expression", "ExpressionError", "Type", "evaluate", "names", "parse", "type_of"]

Values = Mapping[str, Any]


@lru_cache(maxsize=1_024)
def parse(text: str) -> Expression:
    """The tree of an expression; the same text is read once.

    Raises
    ------
    ExpressionError
        At the first character or word that does not belong there.
    """
    return _parse(text)


def evaluate(expression: Expression, values: Values) -> Any:
    """The value of an expression for these answers, or None while what it depends on is not answered.

    Division by zero, and a number too large for a double, are None as well: never NaN, never infinite.
    """
    match expression:
        case Constant(value=value):
            return value
        case Name(key=key):
            return values.get(key)
        case Prefix(operator=operator, operand=operand):
            value = evaluate(operand, values)
            return _not(value) if operator == "not" else _finite(-_number_or_nan(value))
        case Chain(first=first, rest=rest):
            return reduce(
                lambda left, step: _CHAINED[step[0]](left, evaluate(step[1], values)),
                rest,
                evaluate(first, values),
            )
        case Comparison(operator=operator, left=left, right=right):
            return _compare(operator, evaluate(left, values), evaluate(right, values))
        case Call(function="if", arguments=(condition, chosen, otherwise)):
            return _if(evaluate(condition, values), chosen, otherwise, values)
        case Call(function=function, arguments=arguments):
            return _FUNCTIONS[function]([evaluate(argument, values) for argument in arguments])


def _number_or_nan(value: Any) -> float:
    """The operand as a double; NaN for anything that is not a number, so that the result is not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def _finite(value: float) -> int | float | None:
    return plain_number(value) if math.isfinite(value) else None


def _arithmetic(operate: Callable[[float, float], float]) -> Callable[[Any, Any], int | float | None]:
    return lambda left, right: _finite(operate(_number_or_nan(left), _number_or_nan(right)))


def _divided(left: float, right: float) -> float:
    return left / right if right else math.nan


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _not(value: Any) -> bool | None:
    truth = _truth(value)
    return None if truth is None else not truth


def _and(*values: Any) -> bool | None:
    truths = [_truth(value) for value in values]
    if False in truths:
        return False
    return None if None in truths else True


def _or(*values: Any) -> bool | None:
    truths = [_truth(value) for value in values]
    if True in truths:
        return True
    return None if None in truths else False


_CHAINED: dict[str, Callable[[Any, Any], Any]] = {
    "and": _and,
    "or": _or,
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(_divided),
}

_ORDERED: dict[str, Callable[[float, float], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _compare(operator: str, left: Any, right: Any) -> bool | None:
    if operator in ("==", "!="):
        same = _same(left, right)
        return None if same is None else same == (operator == "==")
    numbers = (_number_or_nan(left), _number_or_nan(right))
    return None if any(map(math.isnan, numbers)) else _ORDERED[operator](*numbers)


def _same(left: Any, right: Any) -> bool | None:
    for kind in (bool, str):
        if isinstance(left, kind) and isinstance(right, kind):
            return left == right
    numbers = (_number_or_nan(left), _number_or_nan(right))
    return None if any(map(math.isnan, numbers)) else numbers[0] == numbers[1]


def _if(condition: Any, chosen: Expression, otherwise: Expression, values: Values) -> Any:
    truth = _truth(condition)
    if truth is None:
        return None
    return evaluate(chosen if truth else otherwise, values)


def _count(values: Sequence[Any]) -> int | None:
    truths = [_truth(value) for value in values]
    return None if None in truths else truths.count(True)


def _extreme(choose: Callable[[list[float]], float]) -> Callable[[Sequence[Any]], int | float | None]:
    def of(values: Sequence[Any]) -> int | float | None:
        numbers = [_number_or_nan(value) for value in values]
        return None if any(map(math.isnan, numbers)) else _finite(choose(numbers))

    return of


def _round(values: Sequence[Any]) -> int | float | None:
    """The shortest decimal that names the number, rounded half away from zero: 1.005 to two places is 1.01."""
    number = _number_or_nan(values[0])
    if not math.isfinite(number):
        return None
    written = Decimal(repr(number))
    if written == written.to_integral_value():
        return plain_number(number)
    return plain_number(float(written.quantize(Decimal(1).scaleb(-values[1]), rounding=ROUND_HALF_UP)))


def _has(values: Sequence[Any]) -> bool | None:
    held, wanted = values
    if not isinstance(held, list) or wanted is None:
        return None
    return any(_same(one, wanted) is True for one in held)


_FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "count": _count,
    "min": _extreme(min),
    "max": _extreme(max),
    "round": _round,
    "abs": lambda values: _finite(abs(_number_or_nan(values[0]))),
    "known": lambda values: values[0] is not None,
    "any": lambda values: _or(*values),
    "all": lambda values: _and(*values),
    "has": _has,
}
