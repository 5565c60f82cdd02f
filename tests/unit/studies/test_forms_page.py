"""What docs/forms.md tells a coordinator is true of the product."""

import json
import re
from pathlib import Path

import pytest

from backend.studies.expression_syntax import FUNCTIONS
from backend.studies.expressions import evaluate, parse
from backend.studies.form_checks import check_form
from backend.studies.form_structure import KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "forms.md").read_text(encoding="utf-8")
EXPRESSIONS = [
    line for block in re.findall(r"```expression\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_the_expressions_of_the_page_can_be_read(text: str) -> None:
    parse(text)


def test_the_form_of_the_page_is_ready() -> None:
    [text] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert check_form(json.loads(text)) == []


def test_the_page_names_every_kind_and_every_function() -> None:
    assert len(EXPRESSIONS) == 5
    assert [kind for kind in KINDS if f"| `{kind}` |" not in PAGE] == []
    assert [name for name in FUNCTIONS if f"`{name}(" not in PAGE] == []


def test_the_page_rounds_as_the_product_does() -> None:
    for written, result in re.findall(r"`(round\([^`]*\))` is (-?[0-9.]*[0-9])", PAGE):
        assert evaluate(parse(written), {}) == float(result)
