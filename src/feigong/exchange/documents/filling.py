"""Values as they stand on paper. What is not known is a line to write on; nothing here can fail for a value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from feigong.core.errors import FeigongError
from feigong.core.regulations import Confidence, RuleBook, RuleInForce
from feigong.exchange.documents.values import Document, Field, FieldKind

_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029\x85\x0b\x0c]")
_PARAGRAPH: Final = "\a"  # what docxtpl makes a new paragraph of
_DIGITS: Final = "〇一二三四五六七八九"
_LONGEST: Final = 20_000  # characters of one value
_MOST_ROWS: Final = 500

BLANK: Final = "_" * 10
BLANK_NUMBER: Final = "_" * 4
BLANK_DAY: Final = "____年__月__日"


class Blank(str):
    """A line to write on: it prints, but a condition on it does not hold."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


def values_of(document: Document, given: Mapping[str, Any], rules: RuleBook, on: date) -> dict[str, Any]:
    """What a template needs, by the names it uses. What is given beyond that is not used."""
    return {field.name: _value(field, given.get(field.code), rules, on) for field in document.fields}


def sample_of(document: Document) -> dict[str, Any]:
    """Fictional values, to look at a template."""
    return {field.code: field.sample for field in document.fields if field.kind is not FieldKind.RULE}


def _value(field: Field, given: Any, rules: RuleBook, on: date) -> Any:
    if field.kind is FieldKind.RULE:
        return rule_text(field, rules, on) or Blank(BLANK)
    if field.kind is FieldKind.ROWS:
        return _rows(field, given)
    if field.kind is FieldKind.DATE:
        return day_text(given) or Blank(BLANK_DAY)
    return shown(given) or Blank(BLANK_NUMBER if field.kind is FieldKind.NUMBER else BLANK)


def shown(value: Any) -> str:
    """A value as text: no sign that Word could not hold, one paragraph a line."""
    if value is None:
        return ""
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, float):
        value = int(value) if value.is_integer() else f"{value:g}"
    text = _BREAKS.sub("\n", str(value)[:_LONGEST])
    text = _NOT_IN_XML.sub("", text.replace("\t", " "))
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return _PARAGRAPH.join(line for line in lines if line.strip())


def day_text(value: Any) -> str:
    """2026年6月18日, without noughts before, as GB/T 9704 has it; a text that is no day as it is."""
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        text = shown(value)
        try:
            value = date.fromisoformat(text)
        except ValueError:
            return text
    return f"{value.year}年{value.month}月{value.day}日"


def _rows(field: Field, given: Any) -> list[dict[str, str]]:
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, Sequence) else []
    filled = [{c.title.zh: shown(row.get(c.code)) for c in field.columns} for row in rows[:_MOST_ROWS]]
    return filled or [{c.title.zh: "" for c in field.columns}] * field.blank_rows


def numeral(number: int) -> str:
    """13 as 十三: as articles are cited; for numbers below 100."""
    tens, ones = divmod(number, 10)
    begin = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return begin + (_DIGITS[ones] if ones or not tens else "")


def rule_text(field: Field, rules: RuleBook, on: date) -> str:
    """What the rule of a field says on the day; nothing where none holds, or where it is only remembered."""
    try:
        rule = rules.at(field.rule, on)
    except FeigongError:
        return ""
    if field.says == "value":
        return _figure(rule, field.figure)
    source = rule.rule.source
    if source is None or not rule.rule.sourced:
        return ""
    regulation = source.regulation.zh
    checked = rule.rule.confidence in (Confidence.HIGH, Confidence.HIGH_MINUS)
    if field.says == "regulation" or not checked or not (source.articles or source.item):
        return regulation
    articles = [_article(article) for article in source.articles or (source.item,)]
    return regulation + "、".join(articles)


def _article(number: str) -> str:
    return f"第{numeral(int(number))}条" if number.isdigit() and int(number) < 100 else f"第{number}条"


def _figure(rule: RuleInForce, name: str) -> str:
    value = rule.value(name)
    share = rule.rule.quantity(name).unit == "share"
    return f"{round(float(value) * 100, 1):g}%" if share else shown(value)
