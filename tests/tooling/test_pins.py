"""Everything that is installed is pinned, complete, and free of addresses."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETS = ("web", "inference", "dev")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    wanted = [line.split("#")[0].strip() for line in lines]
    pairs = [line.split("==") for line in wanted if line]
    assert all(len(pair) == 2 for pair in pairs), "every line is name==version"
    return dict(pairs)


def lock() -> dict[str, dict[str, Any]]:
    return json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]


@pytest.mark.parametrize(("smaller", "larger"), [("web", "inference"), ("inference", "dev")])
def test_each_set_holds_the_one_before_it_at_the_same_versions(smaller: str, larger: str) -> None:
    assert pins(smaller).items() <= pins(larger).items()


def test_a_web_host_needs_no_engine() -> None:
    assert not {"torch", "simpleitk", "pyradiomics-bhklab"} & pins("web").keys()


def test_torch_is_pinned_without_the_suffix_of_one_build() -> None:
    assert re.fullmatch(r"[0-9.]+", pins("inference")["torch"])


@pytest.mark.parametrize(
    "path", [*(f"requirements/{name}.txt" for name in SETS), "frontend/package-lock.json"]
)
def test_no_pin_names_where_it_came_from(path: str) -> None:
    text = (ROOT / path).read_text()
    assert not re.search(r"--(extra-)?index-url|--find-links|file:/|\"resolved\"", text)


def test_front_end_lock_knows_every_optional_package_of_other_platforms() -> None:
    """`npm ci` refuses a lock without them, and npm leaves out those that its registry does not offer."""
    packages = lock()
    known = {path.rpartition("node_modules/")[2] for path in packages}
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert wanted <= known
