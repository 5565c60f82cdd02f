"""Every code an import can give is explained, and nothing is explained that it cannot give."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
GIVERS = {"Refused", "SeriesRefused", "Finding", "PathFinding"}
GUIDE = ROOT / "docs" / "importing-cases.md"
# Rules of the study, which has its own list.
OF_STUDIES = {"protocol_frozen"}


def codes_in_source() -> set[str]:
    found = set()
    for path in (ROOT / "backend" / "cases").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GIVERS:
                texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+", text)}
    return found


def test_the_guide_lists_exactly_the_codes_there_are() -> None:
    rows = [line.split("|")[1] for line in GUIDE.read_text().splitlines() if line.startswith("| `")]
    listed = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}
    assert listed - OF_STUDIES == codes_in_source()
