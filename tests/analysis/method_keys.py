"""Which method keys the code of the statistics puts into results, read from its source."""

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

SLOTS = frozenset({"method", "figure_method", "covariance_method"})

Places = dict[str, set[int]]
"""By class or function of the package: the positions of its arguments that name a method."""


@cache
def keys_in_results(package: Path) -> tuple[set[str], set[str]]:
    """The keys written out, and patterns of those put together, wherever the package names a method.

    That is an argument called ``method`` of a class or function of the package, by name or by place, or a variable
    or attribute called so.
    """
    trees = [ast.parse(path.read_text()) for path in sorted(package.rglob("*.py"))]
    public = _places([node for tree in trees for node in ast.walk(tree)])
    written, joined = set(), set()
    for tree in trees:
        # Two modules may have helpers of one name: the module's own count.
        nodes = list(ast.walk(tree))
        places = public | _places(nodes)
        for leaf in (leaf for node in nodes for value in _values(node, places) for leaf in _leaves(value)):
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                written.add(leaf.value)
            elif isinstance(leaf, ast.JoinedStr):
                joined.add(_pattern(leaf))
    return written, joined


def heads_of_tuples(package: Path) -> set[str]:
    """Texts that stand first in a tuple: some modules list a result's first values, or their methods, so."""
    nodes = (node for path in package.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    heads = (node.elts[0] for node in nodes if isinstance(node, ast.Tuple) and node.elts)
    return {head.value for head in heads if isinstance(head, ast.Constant) and isinstance(head.value, str)}


def _places(nodes: Sequence[ast.AST]) -> Places:
    found: Places = {}
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            names = [_name(item.target) for item in node.body if isinstance(item, ast.AnnAssign)]
        elif isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
        else:
            continue
        found[node.name] = {position for position, name in enumerate(names) if name in SLOTS}
    return found


def _values(node: ast.AST, places: Places) -> Iterator[ast.expr]:
    """What this node puts where a method is named."""
    if isinstance(node, ast.Call) and _name(node.func) in places:
        yield from (word.value for word in node.keywords if word.arg in SLOTS)
        yield from (value for at, value in enumerate(_by_place(node)) if at in places[_name(node.func)])
    elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from [node.value] if SLOTS & {_name(target) for target in targets} else []


def _by_place(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments whose place is certain: those before one that is unpacked from a variable."""
    for argument in call.args:
        if not isinstance(argument, ast.Starred):
            yield argument
        elif isinstance(argument.value, ast.Tuple):
            yield from argument.value.elts
        else:
            return


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _leaves(value: ast.expr) -> Iterator[ast.expr]:
    """Both ends of a condition, else the value itself."""
    if isinstance(value, ast.IfExp):
        yield from (*_leaves(value.body), *_leaves(value.orelse))
    else:
        yield value


def _pattern(joined: ast.JoinedStr) -> str:
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "[a-z0-9]+" for part in joined.values
    )
