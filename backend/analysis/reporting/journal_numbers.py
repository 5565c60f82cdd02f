"""Numbers as journals print them: rounding, signs, intervals, P values in a stated format, footnotes for what is none.

Two formats of P are offered, and the table says which one it has.

- ``"ama"`` (after the AMA Manual of Style, 11th edition): no zero before the point; two digits, three below .01;
  ``<.001``; ``>.99``.
- ``"three"``: three digits with a zero before the point; ``<0.001``; ``>0.999``.

In both a value never crosses .05 by rounding: it gets the digits that keep it on its side.

Intervals stand in parentheses with a comma between the bounds, which no minus sign can be mistaken in. Negative numbers
have the minus sign (U+2212). Numbers of any size have so many digits that count, and a power of ten instead of an E.
Halves are rounded as Python rounds a float's exact value.
"""

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Literal, TypeAlias

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.results import Interval

PFormat: TypeAlias = Literal["ama", "three"]

MINUS = "\N{MINUS SIGN}"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
P_NOTES: dict[PFormat, str] = {
    "ama": "P values have two digits, three below .01, and more where rounding would carry them across .05; "
    "values below .001 are given as <.001.",
    "three": "P values have three digits, and more where rounding would carry them across 0.05; values below 0.001 are "
    "given as <0.001.",
}


def p_text(p: float, p_format: PFormat = "ama") -> str:
    """The P value in the format asked for, without "P =".

    Raises
    ------
    AnalysisError
        ``p_out_of_range`` for a value outside [0, 1] or NaN.
    """
    if not 0.0 <= p <= 1.0:
        raise AnalysisError("p_out_of_range", f"{p} is no P value")
    if p_format == "three":
        return "<0.001" if p < 0.001 else ">0.999" if p > 0.999 else _not_across(p, 3)
    if p < 0.001:
        return "<.001"
    if p > 0.99:
        return ">.99"
    return _not_across(p, 3 if p < 0.01 else 2).removeprefix("0")


def p_statement(p: float, p_format: PFormat = "ama") -> str:
    """What follows the letter P: ``= .04`` or ``< .001``."""
    text = p_text(p, p_format)
    return f"{text[0]} {text[1:]}" if text[0] in "<>" else f"= {text}"


def _not_across(p: float, digits: int) -> str:
    """Rounded, with as many digits more as it takes to stay on its side of .05."""
    text = f"{p:.{digits}f}"
    while (float(text) < 0.05) != (p < 0.05):
        digits += 1
        text = f"{p:.{digits}f}"
    return text


def number_text(value: float, digits: int) -> str:
    """The rounded number with a true minus sign; a rounded zero has no sign."""
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        return text.removeprefix("-")
    return text.replace("-", MINUS)


def significant_text(value: float, digits: int = 3) -> str:
    """``−0.000416``, ``−4.03 × 10⁻⁵``: so many digits that count; a power of ten below 0.0001 and from 1 000 000 on."""
    text = f"{value:.{digits - 1}e}"
    mantissa, _, exponent = text.partition("e")
    power = int(exponent)
    if float(text) == 0.0:
        return "0"
    if -4 <= power < 6:
        return number_text(float(text), max(0, digits - 1 - power))
    return f"{mantissa.replace('-', MINUS)} × 10{str(power).translate(RAISED)}"


def interval_text(interval: Interval, digits: int) -> str:
    """``(0.75, 0.90)``."""
    return f"({number_text(interval.low, digits)}, {number_text(interval.high, digits)})"


def level_text(level: float) -> str:
    """``95%`` for 0.95."""
    return f"{100 * level:.10g}%"


@dataclass(slots=True)
class Footnotes:
    """The reasons of what is not estimable, each under one letter, in the order they are met."""

    p_format: PFormat = "ama"
    _letters: dict[str, str] = field(default_factory=dict)

    def none(self, value: NotEstimable) -> str:
        """``not estimable (a)``."""
        letter = self._letters.setdefault(value.reason, _letter(len(self._letters)))
        return f"not estimable ({letter})"

    def number(self, value: Estimate, digits: int) -> str:
        """A rounded number, or the letter of the reason why there is none."""
        return self.none(value) if isinstance(value, NotEstimable) else number_text(value, digits)

    def with_ci(self, value: Estimate, ci: Interval | NotEstimable, digits: int) -> str:
        """``0.82 (0.75, 0.90)``."""
        if isinstance(value, NotEstimable):
            return self.none(value)
        bounds = f"(CI {self.none(ci)})" if isinstance(ci, NotEstimable) else interval_text(ci, digits)
        return f"{number_text(value, digits)} {bounds}"

    def tested(self, value: Estimate, ci: Interval | NotEstimable, p: Estimate, digits: int) -> list[str]:
        """Two cells: the estimate with its interval, and its P value."""
        return [self.with_ci(value, ci, digits), self.p(p)]

    def p(self, value: Estimate) -> str:
        """A P value in the table's format."""
        return self.none(value) if isinstance(value, NotEstimable) else p_text(value, self.p_format)

    def notes(self, *, has_p: bool = True) -> tuple[str, ...]:
        """The notes below the table: the format of P, then the reasons."""
        reasons = (f"({letter}) Not estimable: {reason}." for reason, letter in self._letters.items())
        return (*((P_NOTES[self.p_format],) if has_p else ()), *(line.replace("..", ".") for line in reasons))


def _letter(place: int) -> str:
    rounds, letter = divmod(place, len(ascii_lowercase))
    return ascii_lowercase[letter] * (rounds + 1)
