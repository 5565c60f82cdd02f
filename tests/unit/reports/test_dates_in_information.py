"""Words that readers are told of a case and that hold a date stay out of the frozen dataset."""

import pytest

from backend.studies.dates import holds_date


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-04", "4.3.2021", "03/04/21", "MRI of 20210304", "March 2021", "12 Mar 2021", "Mar 3, 2021",
        "03/2021", "2021-03", "4. März 2021", "im Dez. 2020", "12th: 4 oct",
        "1.2.21", "1/2/2021", "21-3-4", "2021.3.4", "4. 3. 2021", "MRI 1-2-03",
        "seen 11.2.3", "04.03.21.",
    ],
)  # fmt: skip
def test_a_date_is_found(text: str) -> None:
    assert holds_date(text)


@pytest.mark.parametrize(
    "text",
    ["61", "48.5", "T3 N1", "PSA 4.2 ng/ml", "may be biopsied", "male", "T2/T3", "1200 mg", "2.5 x 3.0 cm",
     "decreased", "12345678", "Gleason 3+4", "1.2.3", "version 1.2.3", "1 - 2 - 3", "1.2.3.4", "0/1/2"],
)  # fmt: skip
def test_other_words_are_none(text: str) -> None:
    assert not holds_date(text)
