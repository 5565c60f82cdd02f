"""Whether a Cox likelihood rises without bound, and along which columns: found by linear programs.

It does when some combination of the columns is, at each event, as high as in anybody at risk. That is asked
exactly, as the question whether a cone holds more than the origin, not guessed from large coefficients.

References
----------
Bryson MC, Johnson ME. The incidence of monotone likelihood in the Cox model. Technometrics 1981;23:381-383.
"""

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]
from scipy.sparse import coo_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError
from backend.analysis.survival.outcomes import Flags, Matrix

# The programs keep to 1e-7, with columns of unit spread and directions of at most 1.
DIRECTION_TOLERANCE = 1e-6


def separated_columns(
    x: Matrix,
    events: Flags,
    first: np.ndarray[tuple[int], np.dtype[np.intp]],
    slot: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> Flags:
    """The columns that some direction without a maximum involves, shape (p,).

    Parameters
    ----------
    x
        Shape (n, p), sorted by time, events first; no combination of the columns is constant in the risk sets.
    events
        Shape (n,).
    first
        One an event time: the row where its risk set begins.
    slot
        One an event: the position of its time.
    """
    rules, equal = _rules(x, events, first, slot)
    p = x.shape[1]
    found = np.zeros(p, dtype=bool)
    for column in range(p):
        for sign in (-1.0, 1.0):
            aim = np.zeros(rules.shape[1])
            aim[column] = sign
            answer = linprog(
                aim,
                A_ub=rules,
                b_ub=np.zeros(rules.shape[0]),
                A_eq=equal,
                b_eq=np.zeros(equal.shape[0]),
                bounds=[*[(-1.0, 1.0)] * p, *[(None, None)] * len(first)],
                method="highs",
            )
            if not answer.success:
                raise AnalysisError(
                    "separation_not_decided", f"no answer of the linear program: {answer.message}"
                )
            found[column] |= bool(-answer.fun > DIRECTION_TOLERANCE)
    return found


def _rules(
    x: Matrix,
    events: Flags,
    first: np.ndarray[tuple[int], np.dtype[np.intp]],
    slot: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> tuple[coo_array, coo_array]:
    """What a direction b and the heights M of the m risk sets must keep, as rows over (b, M).

    At most 0: of a case first at risk at k (before k + 1) x b - M_k, and M_k+1 - M_k, for risk sets are
    nested. Equal to 0: of an event at k, x b - M_k.
    """
    (n, p), m = x.shape, len(first)
    at_risk = np.arange(first[0], n)
    last = np.searchsorted(first, at_risk, side="right") - 1

    def beside(rows: Matrix, heights: np.ndarray[tuple[int], np.dtype[np.intp]]) -> coo_array:
        places = (np.arange(len(rows)), heights)
        return hstack((coo_array(rows), coo_array((np.full(len(rows), -1.0), places), shape=(len(rows), m))))

    steps = np.arange(m - 1)
    falling = coo_array((np.full(m - 1, -1.0), (steps, steps)), shape=(m - 1, m))
    rising = coo_array((np.ones(m - 1), (steps, steps + 1)), shape=(m - 1, m))
    nested = hstack((coo_array((m - 1, p)), falling + rising))
    return vstack((beside(x[at_risk], last), nested)), beside(x[events], slot)
