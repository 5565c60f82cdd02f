"""What a reader's browser may send and get is written down, field by field; a new field shows in the diff."""

from pathlib import Path

from .schema_fields import field_lines

ALLOWED = Path(__file__).with_name("reader-schema.txt")


def test_the_reader_api_has_the_listed_fields_and_no_other() -> None:
    allowed, found = ALLOWED.read_text().splitlines(), field_lines("/api/reader/")
    assert found == allowed, (
        "Could a new field tell the reader of truth, of another reader, of an output that is not released, or of "
        "who the patient is? If not, bring tests/api/reader-schema.txt up to date:\n"
        + "\n".join(
            [f"+ {line}" for line in found if line not in allowed]
            + [f"- {line}" for line in allowed if line not in found]
        )
    )


def test_a_new_field_would_be_seen(monkeypatch) -> None:
    from rest_framework import serializers

    from backend.reader_api.serializers import ReadOutput

    monkeypatch.setitem(ReadOutput._declared_fields, "case_number", serializers.CharField())
    assert [line for line in field_lines("/api/reader/") if "case_number" in line] == [
        "GET /api/reader/reads/{read_id} 200 application/json .case_number: string",
        "POST /api/reader/reads/{read_id}/submit 200 application/json .opened.case_number: string",
    ]
