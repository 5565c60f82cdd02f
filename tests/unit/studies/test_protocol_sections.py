from backend.studies import protocol_sections
from tests.factories.painting import NODES


def test_a_painted_mask_stands_in_the_protocol_with_its_words_and_cut_off() -> None:
    assert list(protocol_sections._question_lines(NODES)) == [
        "Segments are labeled: left_obturator = left obturator; right_obturator = right obturator",
        "Their status: positive = positive; negative = negative",
        "Borderline within a pixel of 7 mm",
    ]
