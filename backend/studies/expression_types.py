"""The static types of a form's expressions: what fits together is known before anyone reads. Pure."""

from collections.abc import Mapping
from typing import Literal

from .expression_syntax import Call, Chain, Comparison, Constant, Expression, ExpressionError, Name, Prefix

Type = Literal["number", "text", "boolean", "list", "drawing", "null"]
"""`list`: a question with several answers; `drawing`: marks or a mask; `null`: only the word null."""

_WORDS: dict[Type, str] = {
    "number": "a number",
    "text": "a text",
    "boolean": "yes or no",
    "list": "a list of answers",
    "drawing": "marks or a mask",
    "null": "null",
}
_ARITHMETIC = ("+", "-", "*", "/")
_NUMERIC_FUNCTIONS = ("min", "max", "abs", "round")
_LOGICAL_FUNCTIONS: dict[str, Type] = {"count": "number", "any": "boolean", "all": "boolean"}


def type_of(expression: Expression, types: Mapping[str, Type]) -> Type:
    """The type of an expression, given those of the names that it may use.

    Raises
    ------
    ExpressionError
        For a name that is not there and for values that do not fit their operator; with the column.
    """
    match expression:
        case Constant():
            return _type_of_constant(expression)
        case Name(key=key, column=column):
            if key not in types:
                raise ExpressionError(f"The form has no question '{key}'.", column=column)
            return types[key]
        case Prefix(operator=operator, operand=operand):
            kind: Type = "boolean" if operator == "not" else "number"
            _expect(operand, kind, operator, types)
            return kind
        case Chain():
            return _type_of_chain(expression, types)
        case Comparison():
            return _type_of_comparison(expression, types)
        case Call():
            return _type_of_call(expression, types)


def _type_of_constant(constant: Constant) -> Type:
    if constant.value is None:
        return "null"
    if isinstance(constant.value, bool):
        return "boolean"
    return "text" if isinstance(constant.value, str) else "number"


def _type_of_chain(chain: Chain, types: Mapping[str, Type]) -> Type:
    kind: Type = "number" if chain.rest[0][0] in _ARITHMETIC else "boolean"
    _expect(chain.first, kind, chain.rest[0][0], types)
    for operator, operand in chain.rest:
        _expect(operand, kind, operator, types)
    return kind


def _type_of_comparison(comparison: Comparison, types: Mapping[str, Type]) -> Type:
    operator = comparison.operator
    if operator not in ("==", "!="):
        _expect(comparison.left, "number", operator, types)
        _expect(comparison.right, "number", operator, types)
        return "boolean"
    left, right = type_of(comparison.left, types), type_of(comparison.right, types)
    if "null" in (left, right):
        raise ExpressionError("Ask known(...) whether something is answered.", column=comparison.column)
    for kind in (left, right):
        if kind in ("list", "drawing"):
            raise ExpressionError(
                f"{_WORDS[kind].capitalize()} cannot be compared.", column=comparison.column
            )
    if left != right:
        raise ExpressionError(
            f"{_WORDS[left].capitalize()} cannot be compared with {_WORDS[right]}.", column=comparison.column
        )
    return "boolean"


def _type_of_call(call: Call, types: Mapping[str, Type]) -> Type:
    if call.function == "known":
        type_of(call.arguments[0], types)
        return "boolean"
    if call.function == "if":
        return _type_of_if(call, types)
    if call.function == "has":
        _expect(call.arguments[0], "list", "has", types)
        if type_of(call.arguments[1], types) not in ("text", "number"):
            raise ExpressionError(
                "'has' looks for a text or a number in the list.", column=call.arguments[1].column
            )
        return "boolean"
    if call.function in _NUMERIC_FUNCTIONS:
        for argument in call.arguments:
            _expect(argument, "number", call.function, types)
        return "number"
    for argument in call.arguments:
        _expect(argument, "boolean", call.function, types)
    return _LOGICAL_FUNCTIONS[call.function]


def _type_of_if(call: Call, types: Mapping[str, Type]) -> Type:
    condition, chosen, otherwise = call.arguments
    _expect(condition, "boolean", "if", types)
    one, other = type_of(chosen, types), type_of(otherwise, types)
    if one == "null":
        return other
    if other not in (one, "null"):
        raise ExpressionError(
            f"'if' gives {_WORDS[one]} or {_WORDS[other]}: both must be of one kind.", column=call.column
        )
    return one


def _expect(expression: Expression, kind: Type, operator: str, types: Mapping[str, Type]) -> None:
    found = type_of(expression, types)
    # The word null fits everywhere: whoever writes it means "not answered".
    if found not in (kind, "null"):
        raise ExpressionError(
            f"'{operator}' needs {_WORDS[kind]}, not {_WORDS[found]}.", column=expression.column
        )
