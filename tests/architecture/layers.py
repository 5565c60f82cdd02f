"""The order of the apps, read from the one place where it is declared: import-linter's contract."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = "Apps point one way"


def app_ranks() -> dict[str, int]:
    """Rank of each app: 0 is the lowest. Apps of one layer share a rank."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = configuration["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == CONTRACT)
    return {
        name.strip(): rank for rank, layer in enumerate(reversed(layers)) for name in str(layer).split("|")
    }
