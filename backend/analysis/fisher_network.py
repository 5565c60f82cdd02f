"""The network algorithm for Fisher's exact test of a table with any number of rows and columns.

A node is what is left of the row totals once some columns are filled; an arc fills one more column; a path
is a table. The probability of a table with given margins is proportional to the product of ``1 / x!`` over
its cells, so a path's length is the sum of ``-log x!``. Beyond a node the longest and the shortest way to
the end are known, which decides most paths early: if even the longest leaves the table no more probable than
the observed one, all completions count, and their sum is known in closed form; if even the shortest leaves
it more probable, none counts. Paths of the same length to the same node go on as one, and nodes whose
remaining row totals are a permutation of each other are one node.

References
----------
Mehta CR, Patel NR. A network algorithm for performing Fisher's exact test in r x c contingency tables.
J Am Stat Assoc 1983;78:427-434.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln  # type: ignore[import-untyped, unused-ignore]

Node: TypeAlias = tuple[int, ...]
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

# Two tables whose probabilities differ by less than this share are equally probable, as in R's fisher.test.
RELATIVE_TIE = 1e-7
_DECIMALS_OF_A_LENGTH = 10


class TooMuchWork(Exception):
    """The limit on arcs and continued paths was passed."""


@dataclass(frozen=True, slots=True)
class _Arcs:
    """The ways to fill one column from a node; ``counts`` how many columns each stands for."""

    nodes: tuple[Node, ...]
    target: Integers
    length: Floats
    counts: Floats


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Length of the longest and shortest way to the end, and the log of the sum over all ways."""

    longest: float
    shortest: float
    total: float


class Network:
    """All tables with the given margins.

    Parameters
    ----------
    row_totals, column_totals
        Positive totals with the same sum. Few rows and many columns make the smallest network.
    max_work
        How many arcs may be made and how many paths continued before ``TooMuchWork`` is raised.
    """

    def __init__(self, row_totals: Node, column_totals: Node, *, max_work: int) -> None:
        self._root: Node = tuple(sorted(row_totals))
        self._columns: Node = tuple(sorted(column_totals, reverse=True))
        self._work_left = max_work
        self._arcs: dict[tuple[int, Node], _Arcs] = {}
        self._bounds: dict[tuple[int, Node], _Bounds] = {}
        largest = max(*row_totals, *column_totals, sum(row_totals))
        self._log_factorial: Floats = gammaln(np.arange(largest + 1, dtype=np.float64) + 1.0)

    def tail(self, observed: float) -> float:
        """The probability of all tables that are no more probable than one with length ``observed``."""
        limit = observed + math.log1p(RELATIVE_TIE)
        root = self._bound(0, self._root)
        if root.longest <= limit:
            return 1.0
        paths: dict[Node, tuple[Floats, Floats]] = {self._root: (np.zeros(1), np.ones(1))}
        sums: list[float] = []
        for stage in range(len(self._columns) - 1):
            arriving: dict[Node, list[tuple[Floats, Floats]]] = {}
            sums += [
                self._expand(stage, node, paths[node], limit, root.total, arriving) for node in sorted(paths)
            ]
            paths = {node: _merged(parts) for node, parts in arriving.items()}
        return min(1.0, math.fsum(sums))

    def _expand(
        self,
        stage: int,
        node: Node,
        paths: tuple[Floats, Floats],
        limit: float,
        log_all: float,
        arriving: dict[Node, list[tuple[Floats, Floats]]],
    ) -> float:
        """Continue the paths at a node by one column; the probability of those now known to count."""
        arcs = self._arcs_from(stage, node)
        lengths, weights = paths
        self._spend(lengths.size * arcs.length.size)
        bounds = [self._bound(stage + 1, target) for target in arcs.nodes]
        longest = np.array([bound.longest for bound in bounds])[arcs.target] + arcs.length
        shortest = np.array([bound.shortest for bound in bounds])[arcs.target] + arcs.length
        total = np.array([bound.total for bound in bounds])[arcs.target] + arcs.length - log_all
        counted = 0.0
        for start in range(0, lengths.size, 4096):
            length, weight = lengths[start : start + 4096, None], weights[start : start + 4096, None]
            counts = length + longest <= limit
            undecided = ~counts & (length + shortest <= limit)
            counted += float(np.sum((weight * np.exp(length + total) * arcs.counts)[counts]))
            for number in np.unique(arcs.target[undecided.any(axis=0)]):
                chosen = arcs.target == number
                which = undecided[:, chosen]
                arriving.setdefault(arcs.nodes[number], []).append(
                    ((length + arcs.length[chosen])[which], (weight * arcs.counts[chosen])[which])
                )
        return counted

    def _bound(self, stage: int, node: Node) -> _Bounds:
        known = self._bounds.get((stage, node))
        if known is None:
            known = self._bounds[stage, node] = self._new_bound(stage, node)
        return known

    def _new_bound(self, stage: int, node: Node) -> _Bounds:
        rows = -float(np.sum(self._log_factorial[list(node)]))
        if stage >= len(self._columns) - 1:
            return _Bounds(rows, rows, rows)
        arcs = self._arcs_from(stage, node)
        onward = [self._bound(stage + 1, target) for target in arcs.nodes]
        longest = float(np.max(np.array([bound.longest for bound in onward])[arcs.target] + arcs.length))
        shortest = float(np.min(np.array([bound.shortest for bound in onward])[arcs.target] + arcs.length))
        columns = float(np.sum(self._log_factorial[list(self._columns[stage:])]))
        return _Bounds(longest, shortest, float(self._log_factorial[sum(node)]) + rows - columns)

    def _arcs_from(self, stage: int, node: Node) -> _Arcs:
        known = self._arcs.get((stage, node))
        if known is None:
            known = self._arcs[stage, node] = self._new_arcs(stage, node)
        return known

    def _new_arcs(self, stage: int, node: Node) -> _Arcs:
        self._spend(_number_of_fillings(node, self._columns[stage], self._work_left))
        filled = _fillings(node, self._columns[stage])
        # A sum over sorted cells is the same to the last bit for columns that are permutations.
        length = -np.sum(self._log_factorial[np.sort(filled, axis=1)], axis=1)
        left = np.sort(np.array(node, dtype=np.int64) - filled, axis=1)
        order = np.lexsort((length, *left.T[::-1]))
        left, length = left[order], length[order]
        new_target = np.any(left[1:] != left[:-1], axis=1)
        is_first = np.concatenate(([True], new_target | (length[1:] != length[:-1])))
        starts = np.flatnonzero(is_first)
        target = np.concatenate(([0], np.cumsum(new_target))).astype(np.int64)
        firsts = np.flatnonzero(np.concatenate(([True], new_target)))
        nodes = tuple(tuple(int(value) for value in left[index]) for index in firsts)
        counts = np.diff(np.append(starts, length.size)).astype(np.float64)
        return _Arcs(nodes, target[starts], length[starts], counts)

    def _spend(self, work: int) -> None:
        self._work_left -= work
        if self._work_left < 0:
            raise TooMuchWork


def _number_of_fillings(node: Node, total: int, limit: int) -> int:
    """How many columns with this total fit below the node's totals; beyond ``limit`` only that it is."""
    ways = np.zeros(total + 1)
    ways[0] = 1.0
    for room in node:
        sums = np.cumsum(ways)
        ways = sums - np.concatenate((np.zeros(min(room + 1, total + 1)), sums[: max(0, total - room)]))
    return int(min(ways[total], limit + 1.0))


def _fillings(node: Node, total: int) -> Integers:
    """Every column with this total whose cells stay within the node's totals, one a row."""
    filled: Integers = np.zeros((1, 0), dtype=np.int64)
    left: Integers = np.array([total], dtype=np.int64)
    for index, room in enumerate(node):
        low = np.maximum(0, left - sum(node[index + 1 :]))
        high = np.minimum(room, left)
        width = high - low + 1
        parent = np.repeat(np.arange(left.size), width)
        within = np.arange(parent.size) - np.repeat(np.cumsum(width) - width, width)
        cell = low[parent] + within
        filled = np.column_stack((filled[parent], cell))
        left = left[parent] - cell
    return filled


def _merged(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """The paths that reached a node, those of equal length added up."""
    length = np.concatenate([part[0] for part in parts])
    weight = np.concatenate([part[1] for part in parts])
    _, first, group = np.unique(
        np.round(length, _DECIMALS_OF_A_LENGTH), return_index=True, return_inverse=True
    )
    return length[first], np.bincount(group.ravel(), weights=weight).astype(np.float64)
