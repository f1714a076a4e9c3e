"""What comes out: words, sheet, fonts, the same bytes; in Word and in PDF."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from importlib.resources import files

import pytest
import yaml
from docx.shared import Mm, Pt
from pypdf import PdfReader

from exchange.documents.paper_maker import ON, filled, opened, pdf_text, texts
from feigong.exchange.cases_file import load_kinds
from feigong.exchange.documents.built_in import template_of
from feigong.exchange.documents.filling import numeral, sample_of, values_of
from feigong.exchange.documents.known import document, documents, layout
from feigong.exchange.documents.printing import FONT, render_pdf, render_picture
from feigong.exchange.documents.values import FieldKind
from feigong.exchange.documents.word import render_docx
from feigong.exchange.rules_file import load_rules

CODES = [d.code for d in documents()]


def test_every_field_is_asked_for_somewhere() -> None:
    asked = {field.code for found in documents() for field in found.fields}
    text = (files("feigong") / "data" / "documents" / "fields.yaml").read_text(encoding="utf-8")
    assert {raw["code"] for raw in yaml.safe_load(text)} == asked


def test_what_the_steps_of_cases_name_is_there() -> None:
    named = {code for kind in load_kinds().values() for step in kind.steps for code in step.documents}
    assert set(CODES) - named == set()


def test_what_a_district_needs_is_there() -> None:
    assert set(CODES) == {
        "talk_record", "application", "joint_application", "reply_set_up", "meeting_minutes", "election_report",
        "election_reply", "filing_form", "repair_notice", "dissolve_application", "dissolve_reply", "liaison_letter",
        "proposal_sheet", "own_proposal", "join_proposal", "transfer_letter", "transfer_receipt",
    }  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_document_says_all_of_its_sample(code: str) -> None:
    found = document(code)
    word = filled(code)
    said = "\n".join(texts(word))
    assert "{{" not in said and "{%" not in said
    values = values_of(found, sample_of(found), load_rules(), ON)
    printed = pdf_text(render_pdf(word, found.name.zh))
    for name, value in values.items():
        if isinstance(value, list):
            cells = [text for row in value for text in row.values()]
            assert cells and all(cell in said for cell in cells), name
            assert all("".join(cell.split()) in printed for cell in cells), name
        else:
            assert value in said, name
            assert "".join(value.split()) in printed, name


@pytest.mark.parametrize("code", CODES)
def test_same_values_same_bytes(code: str) -> None:
    first, second = filled(code), filled(code)
    assert first == second
    assert render_pdf(first, "甲") == render_pdf(second, "甲")
    days = {part.date_time for part in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert days == {(1980, 1, 1, 0, 0, 0)}


def test_the_sheet_is_that_of_the_standard() -> None:
    paper = opened(filled("reply_set_up"))
    section = paper.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(length.mm) for length in lengths] == [210, 297, 37, 28]
    assert (round(section.right_margin.mm), round(section.bottom_margin.mm)) == (26, 35)
    grid = section._sectPr.xpath("./w:docGrid")[0]
    values = {name.split("}")[1]: value for name, value in grid.attrib.items()}
    assert values == {"type": "linesAndChars", "linePitch": "579", "charSpace": "-848"}
    sheet = layout()
    lines = (Mm(sheet.height_mm - sheet.top_mm - sheet.bottom_mm).pt) / sheet.line_pt
    assert int(lines) == sheet.lines == 22
    assert int(Mm(sheet.text_mm).pt / (16 - 848 / 4096)) == sheet.characters == 28


def test_styles_name_official_fonts_and_who_stands_in() -> None:
    paper = opened(filled("application"))
    by_style = {p.style.name: p.style for p in paper.paragraphs}

    def face(name: str) -> str:
        return str(by_style[name].element.xpath("./w:rPr/w:rFonts/@w:eastAsia")[0])

    assert face("公文标题") == "方正小标宋简体" and by_style["公文标题"].font.size == Pt(22)
    assert face("公文正文") == "仿宋_GB2312" and by_style["公文正文"].font.size == Pt(16)
    assert by_style["公文正文"].paragraph_format.line_spacing == Pt(28.95)
    indent = by_style["公文正文"].element.xpath("./w:pPr/w:ind/@w:firstLineChars")
    assert indent == ["200"]
    fonts = zipfile.ZipFile(io.BytesIO(filled("application"))).read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong' in fonts


def test_page_numbers_stand_outside() -> None:
    section = opened(filled("reply_set_up")).sections[0]
    for footer, align in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == align
        assert paragraph.text == "—  —" and "PAGE" in paragraph._p.xml
    pages = PdfReader(io.BytesIO(render_pdf(filled("meeting_minutes"), "记录"))).pages
    assert [re.findall(r"— ?(\d) ?—", page.extract_text()) for page in pages] == [["1"], ["2"]]


def test_the_parts_of_a_letter_stand_in_their_order() -> None:
    styles = [p.style.name for p in opened(filled("application")).paragraphs]
    assert list(dict.fromkeys(styles)) == [
        "公文标题", "主送机关", "公文正文", "附件说明", "发文机关署名", "成文日期", "附注",
    ]  # fmt: skip
    said = texts(filled("application"))
    assert said[0] == "关于成立中共青禾精密制造有限公司支部委员会的请示"
    assert said[1] == "中共云溪街道工作委员会："
    assert said[-5:] == [
        "附件：1. 党员名册", "2. 营业执照复印件", "青禾精密制造有限公司", "2026年6月18日",
        "（联系人：叶知秋；联系电话：0100-0000000）",
    ]  # fmt: skip


def test_what_is_not_known_is_a_line_to_write_on() -> None:
    for code in CODES:
        word = filled(code, {})
        assert "__________" in "\n".join(texts(word)), code
        assert "____年__月__日" in pdf_text(render_pdf(word, "空白")), code
    minutes = opened(filled("meeting_minutes", {}))
    assert len(minutes.tables[1].rows) == 6  # a head and five to write in
    assert "".join(cell.text for cell in minutes.tables[1].rows[3].cells) == ""


def test_a_paragraph_on_what_is_not_known_is_left_out() -> None:
    with_units = "\n".join(texts(filled("reply_set_up")))
    without = "\n".join(texts(filled("reply_set_up", {"organisation": "中共甲支部委员会"})))
    assert "该党支部由" in with_units and "抄送" in with_units
    assert "该党支部由" not in without and "抄送" not in without


def test_rules_are_those_of_the_day() -> None:
    found = document("application")
    rules = load_rules()
    now = values_of(found, {}, rules, date(2026, 6, 1))
    before = values_of(found, {}, rules, date(2015, 6, 1))
    assert now["人数依据"] == "《中国共产党章程》（2022年修正）第三十条"
    assert now["程序依据"] == "《中国共产党支部工作条例（试行）》第六条"
    assert before["程序依据"] == "__________"  # of 2018
    remembered = values_of(found, {}, rules, date(2020, 6, 1))
    assert remembered["人数依据"] == "__________"  # that text was never read: nothing is cited
    minutes = values_of(document("meeting_minutes"), {}, rules, ON)
    assert minutes["到会比例"] == "80%"
    assert minutes["选举依据"] == "《中国共产党基层组织选举工作条例》"  # which article is not certain


def test_no_figure_of_a_rule_is_typed() -> None:
    typed = [
        (found.code, text)
        for found in documents()
        for block in found.blocks
        for text in (block.text, *block.items)
        if re.search(r"[0-9０-９]|[三五七]人|[一二三四五六]个月|[一二三四五]年", text)
    ]
    assert typed == []


def test_dates_and_articles_are_written_as_offices_do() -> None:
    said = "\n".join(texts(filled("reply_set_up", {"due": date(2026, 7, 5), "date": "2026-11-09"})))
    assert "于2026年7月5日前" in said and "2026年11月9日" in said
    assert [numeral(n) for n in (5, 10, 13, 20, 30, 99)] == ["五", "十", "十三", "二十", "三十", "九十九"]


def test_pdf_is_set_in_the_font_that_comes_along() -> None:
    pdf = PdfReader(io.BytesIO(render_pdf(filled("reply_set_up"), "批复")))
    assert pdf.metadata is not None and pdf.metadata.title == "批复" and pdf.metadata.creation_date is None
    fonts = {str(f.get_object()["/BaseFont"]) for f in pdf.pages[0]["/Resources"]["/Font"].values()}
    assert fonts and all(FONT.replace(" ", "") in font for font in fonts)
    box = pdf.pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (210, 297)


def test_a_full_page_of_pdf_has_22_lines_of_28() -> None:
    pdf = render_pdf(filled("repair_notice", {"finding": "国" * 28 * 60}), "通知")
    page = PdfReader(io.BytesIO(pdf)).pages[1].extract_text().splitlines()
    full = [line for line in page if line.startswith("国")]
    assert (len(full), {len(line) for line in full}) == (22, {28})


def test_a_picture_of_the_first_page() -> None:
    picture = render_picture(filled("meeting_minutes"), "记录")
    assert picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (794, 1123)


def test_our_templates_are_made_the_same_each_time() -> None:
    found = document("filing_form")
    again = template_of.__wrapped__(found)
    assert again == template_of(found) and len(again) < 60_000


def test_fields_that_are_asked_for_have_both_languages() -> None:
    for found in documents():
        assert found.name.zh and found.name.en
        for field in found.fields:
            assert field.title.zh and re.search(r"[a-z]", field.title.en), field.code
            assert (field.kind is FieldKind.RULE) == bool(field.rule)
            assert field.rule or field.sample not in ("", None), field.code


def test_rows_are_as_many_as_given() -> None:
    units = [{"name": f"第{n}家企业", "staff": n, "full_members": 1, "travel": None} for n in range(40)]
    found = document("proposal_sheet")
    word = render_docx(template_of(found), values_of(found, {"units": units}, load_rules(), ON))
    rows = [[cell.text for cell in row.cells] for row in opened(word).tables[0].rows]
    assert rows[0] == ["单位名称", "从业人员", "正式党员", "到活动地点"]
    assert rows[1:] == [[f"第{n}家企业", str(n), "1", ""] for n in range(40)]
    assert "第39家企业" in pdf_text(render_pdf(word, "建议"))


ORDER = {  # of children, as the schema of Word has it: Word calls a file broken that has them otherwise
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs snapToGrid spacing ind jc rPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike outline color spacing w kern sz szCs u vertAlign lang",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
}


@pytest.mark.parametrize("code", CODES)
def test_parts_stand_in_the_order_that_word_reads(code: str) -> None:
    paper = opened(filled(code))
    section = paper.sections[0]
    roots = [paper.element, section.footer._element, section.even_page_footer._element]
    roots += [style.element for style in paper.styles if style.name in {s.name for s in layout().styles.values()}]
    looked = 0
    for root in roots:
        for tag, names in ORDER.items():
            order = names.split()
            for part in root.xpath(f".//w:{tag}"):
                found = [order.index(child.tag.split("}")[1]) for child in part]
                assert found == sorted(found), (code, tag, [child.tag for child in part])
                looked += 1
    assert looked > 20
