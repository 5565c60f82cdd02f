"""Round numbers for an axis, as R's ``pretty`` chooses them."""

import math

_BIAS = 1.5
_BIAS_FIVE = 0.5 + 1.5 * _BIAS
_SLACK = 1e-10


def pretty(low: float, high: float, n: int) -> tuple[float, ...]:
    """About ``n`` intervals between equally spaced round numbers that cover [low, high].

    Parameters
    ----------
    low, high
        Finite, ``low <= high``; when equal, that number is the one tick.
    n
        How many intervals are wanted, at least 1.
    """
    if low == high:
        return (low,)
    cell = (high - low) / n
    exponent = math.floor(math.log10(cell))
    base = 10.0**exponent
    multiple = 1
    for larger, bias in ((2, _BIAS), (5, _BIAS_FIVE), (10, _BIAS)):
        if larger * base - cell < bias * (cell - multiple * base):
            multiple = larger
    unit = multiple * base
    first, last = math.floor(low / unit + _SLACK), math.ceil(high / unit - _SLACK)
    # Whole numbers times or over a power of ten: each tick is the double nearest to its decimal.
    if exponent >= 0:
        return tuple(float(k * multiple * 10**exponent) for k in range(first, last + 1))
    return tuple(k * multiple / 10**-exponent for k in range(first, last + 1))
