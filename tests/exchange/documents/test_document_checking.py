"""A template of a district's own: what is let through, and what is said where it is not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exchange.documents.paper_maker import ON, edited, opened, pdf_text, saved
from feigong.core.errors import FeigongError
from feigong.exchange.documents import checking
from feigong.exchange.documents.built_in import template_of
from feigong.exchange.documents.checking import check_template
from feigong.exchange.documents.filling import sample_of, values_of
from feigong.exchange.documents.known import document, documents
from feigong.exchange.documents.printing import render_pdf
from feigong.exchange.documents.word import render_docx
from feigong.exchange.rules_file import load_rules
from feigong.wording import LANGUAGES, Words

REPLY = document("reply_set_up")


def refused(content: bytes, code: str = "reply_set_up") -> tuple[str, dict[str, Any]]:
    with pytest.raises(FeigongError) as caught:
        check_template(content, document(code))
    for language in LANGUAGES:
        assert "{" not in Words(language).say(caught.value.reason).replace("{{", "").replace("{%", "")
    return caught.value.reason.code.removeprefix("error.documents.template_"), dict(caught.value.reason.params)


def with_part(change: Callable[[str, bytes], bytes], also: dict[str, bytes] | None = None) -> bytes:
    """Our template with parts of the package changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template_of(REPLY))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (also or {}).items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("code", [d.code for d in documents()])
def test_ours_are_let_through_and_stay_the_same(code: str) -> None:
    ours = template_of(document(code))
    kept = check_template(ours, document(code))
    assert check_template(kept, document(code)) == kept
    values = values_of(document(code), sample_of(document(code)), load_rules(), ON)
    assert render_pdf(render_docx(kept, values), "甲") == render_pdf(render_docx(ours, values), "甲")


def test_what_an_office_changes_is_what_comes_out() -> None:
    own = check_template(edited("reply_set_up", "此复。", "特此批复。请{{申请单位}}遵照执行。"), REPLY)
    word = render_docx(own, values_of(REPLY, sample_of(REPLY), load_rules(), ON))
    said = [p.text for p in opened(word).paragraphs]
    assert "特此批复。请青禾精密制造有限公司遵照执行。" in said and "此复。" not in said
    assert "特此批复。请青禾精密制造有限公司遵照执行。" in pdf_text(render_pdf(word, "批复"))


def test_placeholders_that_word_has_cut_into_runs() -> None:
    paper = opened(template_of(REPLY))
    paragraph = next(p for p in paper.paragraphs if p.text == "{{申请单位}}：")
    paragraph.runs[0].text = "{"
    for piece in ("{申请", "单位", "}}", "："):
        paragraph.add_run(piece).bold = piece == "单位"
    word = render_docx(check_template(saved(paper), REPLY), values_of(REPLY, sample_of(REPLY), load_rules(), ON))
    assert "青禾精密制造有限公司：" in [p.text for p in opened(word).paragraphs]


def test_placeholders_in_header_and_footer() -> None:
    paper = opened(template_of(REPLY))
    paper.sections[0].header.paragraphs[0].text = "{{上级党组织}}文件"
    word = render_docx(check_template(saved(paper), REPLY), values_of(REPLY, sample_of(REPLY), load_rules(), ON))
    assert opened(word).sections[0].header.paragraphs[0].text == "中共云溪街道工作委员会文件"
    paper.sections[0].header.paragraphs[0].text = "{{机关}}文件"
    assert refused(saved(paper))[0] == "unknown"


def test_a_placeholder_nobody_knows_is_named_with_the_one_that_was_meant() -> None:
    assert refused(edited("reply_set_up", "{{申请单位}}：", "{{申请单位名称}}：")) == (
        "unknown", {"found": "{{申请单位名称}}", "near": "{{申请单位}}"},
    )  # fmt: skip
    assert refused(edited("reply_set_up", "{{申请单位}}：", "{{申请 单位}}："))[1]["found"] == "{{申请 单位}}"
    assert refused(edited("meeting_minutes", "{{行.赞成}}", "{{行.赞同}}"), "meeting_minutes") == (
        "unknown", {"found": "{{行.赞同}}", "near": "{{行.赞成}}"},
    )  # fmt: skip
    assert refused(edited("reply_set_up", "抄送：", "{{得票}}"))[0] == "unknown"  # of another document


def test_placeholders_that_are_missing_are_named_all() -> None:
    paper = opened(template_of(REPLY))
    for paragraph in list(paper.paragraphs):
        if "申请单位" in paragraph.text or "上级党组织" in paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)
    assert refused(saved(paper)) == ("missing", {"missing": "{{申请单位}}、{{上级党组织}}"})


def test_brackets_typed_with_a_chinese_keyboard() -> None:
    assert refused(edited("reply_set_up", "{{申请单位}}：", "｛｛申请单位｝｝：")) == (
        "braces",
        {"found": "｛｛申请单位｝｝"},
    )


@pytest.mark.parametrize("half", ["{{申请单位", "{% if 申请单位 %}", "{%p endif %}"])
def test_half_a_placeholder(half: str) -> None:
    assert refused(edited("reply_set_up", "此复。", half))[0] in ("broken", "unknown")


@pytest.mark.parametrize(
    "written",
    [
        "{{''.__class__.__mro__}}", "{{申请单位.__class__}}", "{{申请单位|upper}}", "{{申请单位 + 上级党组织}}",
        "{{range(9)}}", "{% set x = 1 %}", "{% for x in range(99999999) %}a{% endfor %}", "{{ 1 }}",
        "{% if 申请单位 == '甲' %}乙{% endif %}", "{% include '/etc/passwd' %}", "{{申请单位()}}", "{{cycler.x}}",
        "{{联合单位[0]}}", "{% macro x() %}{% endmacro %}", "{{self}}", "{{loop.index}}",
    ],
)  # fmt: skip
def test_nothing_but_names_is_let_through(written: str) -> None:
    assert refused(edited("reply_set_up", "此复。", written))[0] in ("expression", "unknown", "broken", "rows")


def test_a_list_stands_in_a_table_row_by_row() -> None:
    assert refused(edited("meeting_minutes", "三、选举结果", "{{得票}}"), "meeting_minutes") == (
        "rows",
        {"found": "得票"},
    )
    assert (
        refused(edited("meeting_minutes", "三、选举结果", "{% for x in 书记 %}{% endfor %}"), "meeting_minutes")[0]
        == "rows"
    )


def test_a_condition_may_be_turned_round() -> None:
    turned = "{% if not 联合单位名单 %}单独组建。{% else %}联合。{% endif %}"
    own = check_template(edited("reply_set_up", "此复。", turned), REPLY)
    rules = load_rules()
    joint = render_docx(own, values_of(REPLY, sample_of(REPLY), rules, ON))
    single = render_docx(own, values_of(REPLY, {}, rules, ON))
    assert "联合。" in [p.text for p in opened(joint).paragraphs]
    assert "单独组建。" in [p.text for p in opened(single).paragraphs]


@pytest.mark.parametrize("content", [b"", b"no word file", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_word_file(content: bytes) -> None:
    assert refused(content)[0] == "not_word"


def test_a_workbook_is_no_word_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        folder.writestr("[Content_Types].xml", "<Types/>")
    assert refused(out.getvalue())[0] == "not_word"


def test_a_broken_part_is_no_word_file() -> None:
    assert refused(with_part(lambda n, c: c[:-50] if n == "word/document.xml" else c))[0] == "not_word"


def test_macros_and_embedded_files() -> None:
    assert refused(with_part(lambda n, c: c, {"word/vbaProject.bin": b"x"}))[0] == "macros"
    assert refused(with_part(lambda n, c: c, {"word/embeddings/oleObject1.bin": b"x"}))[0] == "macros"


def _linked(kind: str) -> Callable[[str, bytes], bytes]:
    link = (
        f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
        ' Target="http://far.example/x" TargetMode="External"/></Relationships>'
    ).encode()
    return lambda n, c: c.replace(b"</Relationships>", link) if n == "word/_rels/document.xml.rels" else c


def test_what_would_be_fetched_from_elsewhere() -> None:
    assert refused(with_part(_linked("image"))) == ("outside", {"found": "http://far.example/x"})
    assert b"far.example" in zipfile.ZipFile(io.BytesIO(check_template(with_part(_linked("hyperlink")), REPLY))).read(
        "word/_rels/document.xml.rels"
    )


def test_where_a_template_was_made_is_forgotten() -> None:
    rels = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/'
        b'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/attachedTemplate" Target="file:///C:/a.dotm" TargetMode="External"/></Relationships>'
    )

    def named(name: str, content: bytes) -> bytes:
        if name != "word/settings.xml":
            return content
        space = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        naming = b'<w:attachedTemplate xmlns:r="' + space + b'" r:id="rId1"/>'
        return re.sub(rb"(<w:settings[^>]*>)", rb"\1" + naming, content)

    kept = zipfile.ZipFile(
        io.BytesIO(check_template(with_part(named, {"word/_rels/settings.xml.rels": rels}), REPLY))
    )
    everything = b"".join(kept.read(name) for name in kept.namelist())
    assert b"a.dotm" not in everything and b"attachedTemplate" not in everything


def test_too_large_packed_or_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(with_part(lambda n, c: c, {"word/media/a.bin": bytes(21 * 1024 * 1024)}))[0] == "too_large"
    monkeypatch.setattr(checking, "MOST_BYTES", 30_000)
    assert refused(template_of(REPLY))[0] == "too_large"


def test_an_entity_is_never_looked_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("绝密")
    entity = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()

    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        head, rest = content.split(b"?>", 1)
        return head + b"?>" + entity + rest.replace("此复。".encode(), b"&x;")

    assert refused(with_part(change))[0] == "not_word"
