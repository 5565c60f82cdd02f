"""The methods section knows every result, and no method without one."""

import re
from pathlib import Path

import backend.analysis.methods as anchor
from backend.analysis.methods import ALL_METHODS, METHODS
from tests.analysis.method_keys import heads_of_tuples, keys_in_results

PLAIN = {"change_of_mind", "fixed_sensitivity", "fixed_specificity", "fom_sensitivity", "fom_specificity"}
"""Counts and shares that need no source."""

PACKAGE = Path(anchor.__file__).parent


def test_no_key_is_described_twice() -> None:
    assert len(METHODS) == len(ALL_METHODS)


def test_every_key_that_a_result_names_is_described() -> None:
    written, joined = keys_in_results(PACKAGE)
    assert written - set(METHODS) == set()
    for pattern in joined:
        assert any(re.fullmatch(pattern, key) for key in METHODS), pattern


def test_every_described_key_is_named_by_a_result() -> None:
    written, joined = keys_in_results(PACKAGE)
    named = written | heads_of_tuples(PACKAGE)
    assert [
        key for key in METHODS if key not in named and not any(re.fullmatch(p, key) for p in joined)
    ] == []


def test_every_description_is_a_sentence_with_dated_sources() -> None:
    for method in ALL_METHODS:
        assert method.name[0].isupper(), method.key
        assert method.text.endswith("."), method.key
        assert method.references or method.key in PLAIN, method.key
        assert all(re.search(r"\b(19|20)\d\d\b", source) for source in method.references), method.key
