"""Rows with secrets are queried by their own app alone: others get objects from its doors."""

import ast

import pytest

from .layers import ROOT

# Model -> packages that may start a query for it.
OWNERS = {
    "Read": ("backend/reads", "backend/truth", "backend/reports", "backend/adjudication"),
    "Answer": ("backend/reads", "backend/truth", "backend/reports"),
    "Measurement": ("backend/reads", "backend/truth", "backend/reports"),
    "Mark": ("backend/reads", "backend/reports", "backend/adjudication"),
    "MaskContour": ("backend/reads", "backend/reports", "backend/adjudication"),
    "MaskVolume": ("backend/reads", "backend/reports", "backend/adjudication"),
    "DraftLabelmap": ("backend/reads",),
    "Correction": ("backend/reads", "backend/reports", "backend/adjudication"),
    "CorrectedAnswer": ("backend/reads", "backend/reports"),
    "AdjudicationItem": ("backend/adjudication",),
    "ItemOriginal": ("backend/adjudication",),
    "Verdict": ("backend/adjudication",),
    "VerdictAnswer": ("backend/adjudication",),
    "CaseTruth": ("backend/truth", "backend/reports"),
    "Prediction": ("backend/predictions", "backend/reports"),
    "Disclosure": ("backend/predictions", "backend/reports"),
}
MANAGERS = ("objects", "_default_manager", "_base_manager")


def queries_in(source: str) -> set[str]:
    """Names of models whose manager a module touches, as `Read.objects` or `models.Read.objects`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            owner = node.value
            found.add(owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", ""))
    return found


def strangers(model: str) -> list[str]:
    owners = tuple(ROOT / owner for owner in OWNERS[model])
    return [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "backend").rglob("*.py"))
        if not any(path.is_relative_to(owner) for owner in owners) and model in queries_in(path.read_text())
    ]


@pytest.mark.parametrize("model", sorted(OWNERS))
def test_only_the_owner_queries(model: str) -> None:
    assert strangers(model) == [], f"ask {OWNERS[model][0]} for the object instead of querying {model}"


def test_guard_finds_queries_by_name_and_by_module() -> None:
    source = "Read.objects.all()\nmodels.Answer._default_manager.count()\nReader.thing()\n"
    assert queries_in(source) == {"Read", "Answer"}
