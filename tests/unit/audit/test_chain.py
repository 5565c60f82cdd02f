"""What the verification of a chain finds, and where. The chains are made by other code than the one under test."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from backend.audit import chain
from backend.audit.chain import Entry, FaultKind, NotATrail, content_sha256, link_sha256, verify, verify_file
from tests.architecture.layers import ROOT

from .trails import SIZE, content, digest, entry, relinked, trail, write

CHAIN = Path(chain.__file__)


def findings(entries: list[Entry], **how: object) -> list[tuple[int | None, str]]:
    return [(fault.sequence, fault.kind.value) for fault in verify(entries, **how).faults]


def rewritten(one: Entry, **other: object) -> Entry:
    """The event saying something else, with both hashes made anew: only its neighbors can tell."""
    return entry(one.sequence, one.previous_sha256, **other)


def test_the_hashes_are_those_of_the_written_rule() -> None:
    one = entry(1, "0" * 64)
    assert content_sha256(content(1)) == one.content_sha256
    assert content_sha256(content(1, reason="ü")) == digest(
        '{"actor_id":"00000000-0000-0000-0000-00000000000a","actor_name":"ada","actor_role":"COORDINATOR",'
        '"at":"2026-03-02T09:00:01.000001Z","detail":{"note":"Größe ≥ 5 mm","version":1},'
        '"event":"protocol_amended","new":{"days":1},"old":null,"reason":"ü","study_id":null,'
        '"subject_id":"1","subject_type":"studies.readerstudy"}'
    )
    made = link_sha256(sequence=1, previous_sha256="0" * 64, content_sha256=one.content_sha256)
    assert made == one.sha256


def test_an_intact_chain_has_no_faults() -> None:
    entries = trail()
    report = verify(entries)
    assert report.is_intact
    assert (report.count, report.first_sequence, report.last_sequence) == (SIZE, 1, SIZE)
    assert (report.first_sha256, report.last_sha256) == (entries[0].sha256, entries[-1].sha256)
    assert verify([]).is_intact


@pytest.mark.parametrize("number", [1, 6, SIZE])
def test_each_altered_part_is_named(number: int) -> None:
    def with_one(**change: object) -> list[Entry]:
        entries = trail()
        entries[number - 1] = replace(entries[number - 1], **change)
        return entries

    cases = {
        chain.ALTERED_CONTENT: {"content": content(number, reason="Another reason.")},
        chain.ALTERED_DIGEST: {"content_sha256": "f" * 64},
        chain.ALTERED_PREVIOUS: {"previous_sha256": "e" * 64},
        chain.ALTERED_SHA256: {"sha256": "d" * 64},
        chain.ALTERED_SEVERAL: {
            "content": content(number, reason="Another."),
            "content_sha256": content_sha256(content(number, reason="Another.")),
        },
    }
    for text, change in cases.items():
        faults = verify(with_one(**change)).faults
        if number == SIZE and text == chain.ALTERED_SHA256:
            text = chain.ALTERED_SEVERAL  # nothing follows that would know the hash
        assert [(fault.sequence, fault.text) for fault in faults] == [(number, text)]


def test_an_altered_number_is_found_where_it_stands() -> None:
    entries = trail()
    entries[5] = replace(entries[5], sequence=60)
    faults = verify(entries).faults
    assert [(fault.sequence, fault.text) for fault in faults] == [(60, chain.ALTERED_SEQUENCE)]


def test_an_event_that_was_rewritten_with_its_hashes_is_found_by_its_neighbor() -> None:
    entries = trail()
    entries[5] = rewritten(entries[5], reason="Another reason.")
    assert findings(entries) == [(6, "altered")]


def test_a_missing_event_and_a_missing_stretch_are_named() -> None:
    entries = trail()
    assert findings(entries[:5] + entries[6:]) == [(6, "missing")]
    report = verify(entries[3:])
    assert [str(fault) for fault in report.faults] == ["event 1: missing: events 1 to 3 are not there"]
    assert findings(entries[:2] + entries[4:6] + entries[9:]) == [(3, "missing"), (7, "missing")]


def test_an_inserted_event_is_found() -> None:
    entries = trail()
    forged = rewritten(entries[5], reason="Inserted.")
    assert (6, "inserted") in findings([*entries[:6], forged, *entries[6:]])
    # With the later numbers moved up and their hashes left, each of them is at fault.
    moved = [replace(one, sequence=one.sequence + 1) for one in entries[5:]]
    found = findings([*entries[:5], forged, *moved])
    assert [number for number, _ in found] == list(range(7, SIZE + 2))


def test_reordered_events_are_found_and_none_is_missed() -> None:
    entries = trail()
    entries[4], entries[7] = entries[7], entries[4]
    assert findings(entries) == [(6, "reordered"), (7, "reordered"), (5, "reordered")]


def test_a_chain_that_was_made_anew_is_found_by_a_hash_that_was_written_down() -> None:
    entries = trail()
    head = entries[-1].sha256
    forged = relinked([*entries[:3], entry(4, "", reason="Forged."), *entries[4:]], 3)
    assert findings(forged) == []
    assert findings(forged, head=head) == [(None, "truncated")]
    assert findings(entries[:-1], head=head) == [(None, "truncated")]
    assert verify(trail(SIZE + 3), head=head).head_at == SIZE
    assert findings(trail(SIZE + 3), head=head) == []


def test_an_extract_verifies_and_lists_what_it_leaves_out() -> None:
    entries = trail()
    extract = [entries[1], entries[2], entries[6], entries[7], entries[11]]
    report = verify(extract, is_extract=True)
    assert report.is_intact
    assert report.gaps == [(1, 1), (4, 6), (9, 11)]
    extract[3] = replace(extract[3], content=content(8, reason="Another reason."))
    assert findings(extract, is_extract=True) == [(8, "altered")]
    extract[3] = rewritten(entries[7], reason="Rewritten.")
    # Its successor is not in the extract: only the whole chain, or a written hash, would tell.
    assert findings(extract, is_extract=True) == []
    assert findings([rewritten(entries[1], reason="Rewritten."), *extract[1:]], is_extract=True) == [
        (2, "altered")
    ]


# -------------------------------------------------------------------------------------------------- files
def test_a_written_file_verifies(tmp_path: Path) -> None:
    assert verify_file(write(tmp_path / "trail", trail())).is_intact
    assert verify_file(write(tmp_path / "empty", [])).is_intact
    assert verify_file(write(tmp_path / "extract", trail()[3:9:2], scope="study")).is_intact


@pytest.mark.parametrize("scope", ["installation", "study"])
def test_every_flipped_bit_is_found_at_its_line(tmp_path: Path, scope: str) -> None:
    entries = trail(5) if scope == "installation" else trail(9)[1::2]
    path = write(tmp_path / "trail", entries, scope=scope)
    original = path.read_bytes()
    generator = random.Random(20260302)
    for position in range(len(original)):
        altered = bytearray(original)
        altered[position] ^= 1 << generator.randrange(8)
        path.write_bytes(altered)
        line = original[:position].count(b"\n") + 1
        try:
            report = verify_file(path)
        except NotATrail:
            pytest.fail(f"byte {position} hides the whole trail")
        places = {fault.place for fault in report.faults}
        # A lost line end makes two lines one; the fault stands at the first of them.
        assert f"line {line}" in places, (position, report.faults)
        if original[position : position + 1] != b"\n" and altered[position : position + 1] != b"\n":
            assert places <= {f"line {line}", ""}, (position, report.faults)


def test_other_bytes_in_place_of_one_are_found(tmp_path: Path) -> None:
    path = write(tmp_path / "trail", trail(40))
    original = path.read_bytes()
    generator = random.Random(7)
    for _ in range(300):
        position = generator.randrange(len(original))
        cut = original[:position] + generator.randbytes(generator.randrange(3)) + original[position + 1 :]
        path.write_bytes(cut)
        assert cut == original or not verify_file(path).is_intact, position


def test_a_truncated_file_is_found_by_its_head_line(tmp_path: Path) -> None:
    entries = trail()
    told = {"count": SIZE, "last_sequence": SIZE, "last_sha256": entries[-1].sha256}
    report = verify_file(write(tmp_path / "trail", entries[:-2], **told))
    assert [(fault.sequence, fault.kind) for fault in report.faults] == [(SIZE - 1, FaultKind.TRUNCATED)]
    more = verify_file(write(tmp_path / "trail", entries, count=3, last_sequence=3))
    assert [(fault.sequence, fault.kind) for fault in more.faults] == [(4, FaultKind.INSERTED)]


def test_a_line_taken_from_an_extract_is_missed_at_its_place(tmp_path: Path) -> None:
    path = write(tmp_path / "extract", trail()[1::2], scope="study")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))
    faults = verify_file(path).faults
    assert [str(fault) for fault in faults] == [
        "line 4, event 6: missing: it was left out between event 4 and event 8"
    ]
    path.write_bytes(b"".join(lines[:3] + lines[4:5] + lines[3:4] + lines[5:]))
    assert FaultKind.REORDERED in {fault.kind for fault in verify_file(path).faults}


def test_what_is_no_trail_is_said_so(tmp_path: Path) -> None:
    for text in ("", "\n", "Dear auditor,\n", "{}\n[]\n", '{"format":NaN}\n', "[" * 100_000 + "\n"):
        path = tmp_path / "other"
        path.write_text(text)
        with pytest.raises(NotATrail, match="other is not an exported audit trail"):
            verify_file(path)


def test_a_carried_copy_verifies_without_the_product(tmp_path: Path) -> None:
    """One file and the standard library: exit status 0, 1 and 2, with nothing of Django in reach."""
    (tmp_path / "chain.py").write_bytes(CHAIN.read_bytes())
    good = write(tmp_path / "good", trail())
    bad = tmp_path / "bad"
    bad.write_bytes(good.read_bytes().replace(b"replaced", b"repaired", 1))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "chain.py", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    done = run("good")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout == f"{SIZE} events verified, the last one is event {SIZE}.\nsha256 {trail()[-1].sha256}\n"
    )
    found = run("bad")
    assert found.returncode == 1
    assert found.stdout.startswith(f"line 2, event 1: altered: {chain.ALTERED_CONTENT}\n")
    assert run("absent").returncode == 2
    assert run("chain.py").returncode == 2
    assert run("good", "--head", trail()[3].sha256).stdout.startswith("The given hash is that of event 4.\n")
    assert run("good", "--head", "1" * 64).returncode == 1


def test_the_worked_example_of_the_documentation_is_true() -> None:
    text = (ROOT / "docs" / "audit-trail.md").read_text()
    said, link = [line for line in text.splitlines() if line.startswith('{"')]
    assert f"has the digest `{content_sha256(json.loads(said))}`" in text
    assert chain.canonical(json.loads(said)) == said
    values = json.loads(link)
    assert chain.canonical(values) == link
    assert values["content_sha256"] == digest(said)
    assert f"its hash `{link_sha256(**values)}`" in text
