"""What was added after the lock goes with the dataset, and is told in one sentence a supplement."""

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_additions import Addition, additions_told
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.provenance import dataset_sha256

FILES = {
    "truth.csv": "case,truth\nC1,1\nC2,0\n",
    "predictions.csv": "model,version,case,score,probability,positive\nm,1,C1,1,0.9,1\nm,1,C2,0,0.1,0\n",
}
WHY = '"Late, and asked for."'
ADDED = f"number,reason,what,detail\n2,{WHY},outcomes.csv,2 rows\n2,{WHY},plan: times,\n"
TOLD = (
    "Added after the lock, number 2 (reason: Late, and asked for): outcomes.csv (2 rows); plan: times. "
    "What rests on it is post hoc unless the protocol declared it."
)


def test_additions_are_read_in_their_order_and_change_the_digest():
    plain, added = read_dataset(FILES), read_dataset({**FILES, "additions.csv": ADDED})
    assert plain.extras.additions == ()
    assert added.extras.additions == (
        Addition(2, "Late, and asked for.", "outcomes.csv", "2 rows"),
        Addition(2, "Late, and asked for.", "plan: times", ""),
    )
    assert "additions.csv" in added.texts
    assert dataset_sha256(plain) != dataset_sha256(added)


def test_one_sentence_tells_a_supplement():
    told = additions_told(read_dataset({**FILES, "additions.csv": ADDED}).extras.additions)
    assert told == (TOLD,)
    assert additions_told(()) == ()


@pytest.mark.parametrize("row", ["x,reason,what,", "1.5,reason,what,", "1,,what,", "1,reason,,"])
def test_an_addition_without_number_reason_or_name_is_refused_by_its_row(row):
    with pytest.raises(AnalysisError, match=r"additions.csv, row 2"):
        read_dataset({**FILES, "additions.csv": f"number,reason,what,detail\n{row}\n"})
