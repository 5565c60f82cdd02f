from reportlab.platypus import Paragraph

from backend.studies import protocol_sections
from backend.studies.pdf_text import register_fonts
from tests.factories.painting import NODES


def test_how_images_hang_is_told_of_a_protocol_that_says_so_alone() -> None:
    register_fonts()
    assert list(protocol_sections.hanging({})) == []
    assert len(list(protocol_sections.hanging({"hanging": None}))) > 1


def test_the_tools_beside_the_form_are_told_where_the_protocol_names_them() -> None:
    register_fonts()
    assert list(protocol_sections.tools({})) == list(protocol_sections.tools({"tools": None})) == []
    for named, text in ((["length", "probe"], "length, probe."), ([], "none.")):
        told = list(protocol_sections.tools({"tools": named}))[-1]
        assert isinstance(told, Paragraph)
        assert told.text == f"Readers have these and no others: {text}"


def test_a_painted_mask_stands_in_the_protocol_with_its_words_and_cut_off() -> None:
    assert list(protocol_sections._question_lines(NODES)) == [
        "Segments are labeled: left_obturator = left obturator; right_obturator = right obturator",
        "Their status: positive = positive; negative = negative",
        "Borderline within a pixel of 7 mm",
    ]
