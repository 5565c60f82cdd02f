"""The grammar of a form's expressions: a text becomes a small tree. Pure.

The README beside `tests/reference/forms/expressions.json` states the grammar.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

MAX_LENGTH = 500
MAX_DEPTH = 30
MAX_DIGITS = 15
MAX_DECIMALS = 6
# Beyond this not every whole number is a double.
MAX_WHOLE = 2**53
WORDS = frozenset({"true", "false", "null", "and", "or", "not"})
# Function to the fewest and the most values it takes; None: as many as one likes.
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    "if": (3, 3),
    "count": (1, None),
    "min": (1, None),
    "max": (1, None),
    "round": (2, 2),
    "abs": (1, 1),
    "known": (1, 1),
    "any": (1, None),
    "all": (1, None),
    "has": (2, 2),
}
RESERVED = WORDS | FUNCTIONS.keys()
"""What no question can be called."""
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


class ExpressionError(Exception):
    """The expression cannot be read or does not fit the form; `column` counts characters from 1."""

    def __init__(self, text: str, *, column: int) -> None:
        super().__init__(f"Column {column}: {text}")
        self.text = text
        self.column = column


@dataclass(frozen=True)
class Constant:
    """A number, a text, true, false or null."""

    value: str | int | float | bool | None
    column: int


@dataclass(frozen=True)
class Name:
    """A question's key or a value computed from a mark or mask."""

    key: str
    column: int


@dataclass(frozen=True)
class Prefix:
    """``not`` or unary ``-``."""

    operator: str
    operand: "Expression"
    column: int


@dataclass(frozen=True)
class Chain:
    """Operators of one precedence from left to right: ``first``, then each operator with its right operand.

    One flat row instead of a tree that leans to the left: 250 summands must not nest 250 deep.
    """

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]
    column: int


@dataclass(frozen=True)
class Comparison:
    """Two values and one of ``< <= > >= == !=``."""

    operator: str
    left: "Expression"
    right: "Expression"
    column: int


@dataclass(frozen=True)
class Call:
    """A function with its values."""

    function: str
    arguments: tuple["Expression", ...]
    column: int


Expression = Constant | Name | Prefix | Chain | Comparison | Call


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/<>(),])|(?P<space>[ \t\r\n]+)"
)
# How tightly each operator between two values binds.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY = range(1, 8)
_BINDING = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(COMPARISONS, _COMPARE),
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
}
_CONSTANTS = {"true": True, "false": False, "null": None}


def plain_number(value: float) -> int | float:
    """A double as it is written: 3 and not 3.0, 0 and not -0.0."""
    return int(value) if value.is_integer() and abs(value) <= MAX_WHOLE else value


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises
    ------
    ExpressionError
        At the first character or word that does not belong there.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"The expression is longer than {MAX_LENGTH} characters.", column=MAX_LENGTH + 1
        )
    tokens = list(_tokens(text))
    if len(tokens) == 1:
        raise ExpressionError("The expression is empty.", column=1)
    return _Parser(tokens).whole()


def names(expression: Expression) -> frozenset[str]:
    """The keys that an expression mentions."""
    return frozenset(part.key for part in parts(expression) if isinstance(part, Name))


def parts(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it, from left to right."""
    yield expression
    for child in _children(expression):
        yield from parts(child)


def _children(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Prefix(operand=operand):
            return (operand,)
        case Chain(first=first, rest=rest):
            return (first, *(operand for _, operand in rest))
        case Comparison(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            _refuse_character(text, place)
        kind = str(found.lastgroup)
        if kind == "number" and sum(sign.isdigit() for sign in found[0]) > MAX_DIGITS:
            raise ExpressionError(f"A number has at most {MAX_DIGITS} digits.", column=place + 1)
        if kind != "space":
            yield _Token(kind, found[0], place + 1)
        place = found.end()
    yield _Token("end", "", len(text) + 1)


def _refuse_character(text: str, place: int) -> NoReturn:
    character = text[place]
    if character == "'":
        raise ExpressionError("The text is not closed by a quote.", column=place + 1)
    if character == "=":
        raise ExpressionError("Use == to compare.", column=place + 1)
    raise ExpressionError(f"Unexpected character '{character}'.", column=place + 1)


class _Parser:
    """A Pratt parser: an operator takes what binds more tightly than itself."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def whole(self) -> Expression:
        expression = self._expression(_OR)
        if self._ahead.kind != "end":
            self._unexpected(self._ahead)
        return expression

    @property
    def _ahead(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._ahead
        self._place += 1
        return token

    def _takes(self, sign: str) -> bool:
        if self._ahead.text != sign:
            return False
        self._place += 1
        return True

    def _expression(self, loosest: int) -> Expression:
        left = self._operand(loosest)
        while (binding := self._binding_ahead()) >= loosest:
            left = self._comparison(left) if binding == _COMPARE else self._chain(left, binding)
        return left

    def _binding_ahead(self) -> int:
        return _BINDING.get(self._ahead.text, 0)

    def _chain(self, first: Expression, binding: int) -> Expression:
        column = self._ahead.column
        rest = []
        while self._binding_ahead() == binding:
            operator = self._take().text
            rest.append((operator, self._expression(binding + 1)))
        return Chain(first, tuple(rest), column)

    def _comparison(self, left: Expression) -> Expression:
        operator = self._take()
        right = self._expression(_COMPARE + 1)
        if self._binding_ahead() == _COMPARE:
            raise ExpressionError(
                "Comparisons cannot follow each other: join them with and.", column=self._ahead.column
            )
        return Comparison(operator.text, left, right, operator.column)

    def _operand(self, loosest: int) -> Expression:
        token = self._take()
        if token.kind == "end":
            raise ExpressionError("Something is missing at the end.", column=token.column)
        if token.kind == "number":
            return Constant(plain_number(float(token.text)), token.column)
        if token.kind == "text":
            return Constant(token.text[1:-1].replace("''", "'"), token.column)
        if token.text == "-" or (token.text == "not" and loosest <= _NOT):
            return self._prefix(token)
        if token.text == "(":
            return self._deeper(token, lambda: self._bracket(token))
        if token.kind != "name":
            self._unexpected(token)
        return self._word(token)

    def _prefix(self, token: _Token) -> Expression:
        binding = _NOT if token.text == "not" else _UNARY
        operand = self._deeper(token, lambda: self._expression(binding))
        return Prefix(token.text, operand, token.column)

    def _bracket(self, opening: _Token) -> Expression:
        inside = self._expression(_OR)
        self._close(opening)
        return inside

    def _word(self, token: _Token) -> Expression:
        if token.text in _CONSTANTS:
            return Constant(_CONSTANTS[token.text], token.column)
        if token.text in WORDS:
            self._unexpected(token)
        is_called = self._ahead.text == "("
        if token.text in FUNCTIONS:
            if not is_called:
                raise ExpressionError(
                    f"'{token.text}' is a function: a bracket must follow.", column=token.column
                )
            return self._deeper(token, lambda: self._call(token))
        if is_called:
            raise ExpressionError(f"There is no function '{token.text}'.", column=token.column)
        return Name(token.text, token.column)

    def _call(self, name: _Token) -> Expression:
        opening = self._take()
        arguments: list[Expression] = []
        if not self._takes(")"):
            arguments.append(self._expression(_OR))
            while self._takes(","):
                arguments.append(self._expression(_OR))
            self._close(opening)
        _check_arguments(name, arguments)
        return Call(name.text, tuple(arguments), name.column)

    def _close(self, opening: _Token) -> None:
        if self._takes(")"):
            return
        if self._ahead.kind == "end":
            raise ExpressionError("The bracket is not closed.", column=opening.column)
        self._unexpected(self._ahead)

    def _deeper(self, token: _Token, parse_inside: Callable[[], Expression]) -> Expression:
        if self._depth == MAX_DEPTH:
            raise ExpressionError(
                f"The expression is nested more than {MAX_DEPTH} deep.", column=token.column
            )
        self._depth += 1
        inside = parse_inside()
        self._depth -= 1
        return inside

    def _unexpected(self, token: _Token) -> NoReturn:
        words = "text" if token.kind == "text" else f"'{token.text}'"
        raise ExpressionError(f"Unexpected {words}.", column=token.column)


def _check_arguments(name: _Token, arguments: list[Expression]) -> None:
    fewest, most = FUNCTIONS[name.text]
    if not fewest <= len(arguments) <= (len(arguments) if most is None else most):
        least = "at least " if most is None else ""
        values = "1 value" if fewest == 1 else f"{fewest} values"
        raise ExpressionError(
            f"'{name.text}' takes {least}{values}, not {len(arguments)}.", column=name.column
        )
    if name.text == "round" and not _is_decimals(arguments[1]):
        raise ExpressionError(
            f"'round' needs a whole number from 0 to {MAX_DECIMALS} as its second value.", column=name.column
        )


def _is_decimals(expression: Expression) -> bool:
    if not isinstance(expression, Constant) or type(expression.value) is not int:
        return False
    return 0 <= expression.value <= MAX_DECIMALS
