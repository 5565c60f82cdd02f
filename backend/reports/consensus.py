"""The consensus of a study as a dataset of its own, beside the originals that it came from."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from backend.adjudication.consensus import consensus_of
from backend.reads.access import readers_of
from backend.reads.models import Read
from backend.studies.forms import label_of
from backend.studies.models import ReaderStudy
from backend.studies.protocols import sha256_of

from .reads_csv import cell

HEADER = ("case", "arm", "question", "value", "label", "how", "readers", "drawing_of")


def consensus_content(study: ReaderStudy) -> list[dict[str, Any]]:
    """What stands for the panel of each case and arm, question by question, with whose reads it came from.

    `how` is unanimous, concordant, majority, verdict or consensus. Readers bear the codes of the dataset; where a
    verdict adopted a drawing, `drawing_of` is the reader whose it is.
    """
    rows = consensus_of(study).rows
    codes = {member.user_id: f"R{number}" for number, member in enumerate(readers_of(study), start=1)}
    reads: dict[UUID, UUID] = dict(
        Read.objects.filter(pk__in={read for row in rows for read in row.reads}).values_list("pk", "reader")
    )
    return [
        {
            "case": row.case,
            "arm": row.arm,
            "question": row.question,
            "value": row.value,
            "how": row.how.value.lower(),
            "readers": sorted(codes[reads[read]] for read in row.reads),
            "drawing_of": codes[reads[row.original]] if row.original else None,
        }
        for row in rows
    ]


def consensus_sha256(rows: Sequence[Mapping[str, Any]]) -> str:
    """The digest of the consensus by itself, whatever else the frozen dataset holds."""
    return sha256_of({"consensus": rows})


def consensus_csv(content: Mapping[str, Any]) -> str:
    """The consensus as a table: one row a case, arm and question, empty where nothing was adjudicated."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    rows: Sequence[Mapping[str, Any]] = content["consensus"]
    for row in rows:
        label = label_of(content["form"], row["question"], row["value"])
        readers = " ".join(row["readers"])
        before = [row["case"], row["arm"], row["question"], cell(row["value"]), cell(label), row["how"]]
        writer.writerow([*before, readers, cell(row["drawing_of"])])
    return text.getvalue()
