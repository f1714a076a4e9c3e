"""The loader of wording files and the formats in which values are shown."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any

import yaml

from feigong.core.reasons import Reason
from feigong.core.roll.slots import SLOTS_A_WEEK

LANGUAGES = ("zh", "en")


class WordingError(LookupError):
    """A sentence is missing, given twice, or lacks a value. Always a fault of the program, never of its user."""


class _OnceLoader(yaml.SafeLoader):
    """YAML in which a key given twice is an error (plain YAML silently keeps the last)."""


def _mapping_once(loader: _OnceLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node)
        if key in found:
            raise WordingError(f"{key!r} is given twice, second time in line {key_node.start_mark.line + 1}")
        found[key] = loader.construct_object(value_node)
    return found


_OnceLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


def join_topics(topics: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Sentences of all topics by code, from ``(topic, yaml text)``; a code in two topics is an error."""
    sentences: dict[str, str] = {}
    home: dict[str, str] = {}
    for topic, text in topics:
        try:
            entries = yaml.load(text, Loader=_OnceLoader) or {}
        except WordingError as fault:
            raise WordingError(f"{topic}: {fault}") from None
        if not isinstance(entries, dict):
            raise WordingError(f"{topic}: not a mapping of codes to sentences")
        for code, sentence in entries.items():
            if not isinstance(code, str) or not isinstance(sentence, str):
                raise WordingError(f"{topic}: {code!r} must be a code with one sentence in quotes")
            if code in home:
                raise WordingError(f"{code} is given twice: in {home[code]} and in {topic}")
            sentences[code], home[code] = sentence, topic
    return sentences


@lru_cache(maxsize=len(LANGUAGES))
def _sentences(lang: str) -> Mapping[str, str]:
    folder = files("feigong.wording") / lang
    topics = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return join_topics((f"{lang}/{f.name}", f.read_text(encoding="utf-8")) for f in topics)


class _Shower(Formatter):
    """`str.format` with the formats of the house; needs all parameters at hand, since a slot depends on its cycle."""

    def __init__(self, words: Words, params: Mapping[str, object]) -> None:
        self.words = words
        self.params = params

    def format_field(self, value: Any, format_spec: str) -> str:
        kind, _, rest = format_spec.partition(" ")
        words = self.words
        if value is None:
            return words.word("value.unknown")
        match kind:
            case "distance":
                return words.distance(float(value))
            case "slot":
                cycle = self.params.get("cycle_weeks") or 1
                return words.slot(int(value), cycle if isinstance(cycle, int) else 1)
            case "percent":
                return words.percent(float(value))
            case "date":
                return words.date(value)
            case "plural":
                one, _, many = rest.partition(" ")
                return f"{value:,} {one if value == 1 else many}"
            case "near":  # a clause that is left out where there is nothing to name
                return f"{rest}{value}{words.word('list.stop')}" if value else ""
            case "of":
                return words.word(f"{rest}.{value}")
            case _:
                return str(super().format_field(value, format_spec))


class Words:
    """All sentences of one language.

    >>> Words("zh").distance(1840)
    '1.8 公里'
    """

    def __init__(self, lang: str = "zh") -> None:
        if lang not in LANGUAGES:
            raise WordingError(f"no wording in {lang!r}; there is {', '.join(LANGUAGES)}")
        self.lang = lang
        self._sentences = _sentences(lang)

    def has(self, code: str) -> bool:
        return code in self._sentences

    def codes(self) -> tuple[str, ...]:
        return tuple(sorted(self._sentences))

    def say(self, reason: Reason) -> str:
        """The sentence of a reason."""
        return self._fill(reason.code, reason.params)

    def word(self, code: str, /, **params: object) -> str:
        """The words of a code: a label, a title, or a sentence with its values."""
        return self._fill(code, params)

    def _fill(self, code: str, params: Mapping[str, object]) -> str:
        sentence = self._sentences.get(code)
        if sentence is None:
            raise WordingError(f"no wording for {code} in {self.lang}")
        if "{" not in sentence and "}" not in sentence:
            return sentence
        try:
            return _Shower(self, params).vformat(sentence, (), params)
        except (KeyError, IndexError) as missing:
            raise WordingError(f"the {self.lang} wording of {code} needs a value for {missing}") from None
        except (TypeError, ValueError) as fault:
            raise WordingError(f"the {self.lang} wording of {code} cannot show a value: {fault}") from None

    # How values are shown ---------------------------------------------------------------------------------------------

    def number(self, value: float) -> str:
        """1,234 — or 1,234.5 where there is a fraction."""
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"

    def distance(self, metres: float | None, digits: int = 1) -> str:
        """Metres as people say them: to ten metres below a kilometre, to a tenth of a kilometre below 100.

        ``digits`` after the point for kilometres; more show two lengths apart that would look the same.
        """
        if metres is None:
            return self.word("value.unknown")
        tens = round(metres / 10) * 10 if metres >= 100 else round(metres)
        if tens < 1000:
            return self.word("value.metres", n=f"{tens:,.0f}")
        km = metres / 1000
        text = f"{km:,.{digits}f}" if km < 100 or digits > 1 else f"{km:,.0f}"
        return self.word("value.kilometres", n=text.rstrip("0").rstrip(".") if "." in text else text)

    def slot(self, slot: int, cycle_weeks: int = 1) -> str:
        """``week * 21 + day * 3 + part`` in words: 周日上午; 单周周三晚上 where the cycle has two weeks."""
        week, rest = divmod(slot, SLOTS_A_WEEK)
        text = self.word("slot.one", day=self.word(f"slot.day_{rest // 3}"), part=self.word(f"slot.part_{rest % 3}"))
        if cycle_weeks <= 1:
            return text
        if cycle_weeks == 2:
            return self.word(f"slot.week_{week}_of_2", slot=text)
        return self.word("slot.week_of", week=week + 1, weeks=cycle_weeks, slot=text)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share of one as per cent."""
        return self.word("value.unknown") if share is None else f"{share * 100:.{digits}f}%"

    def date(self, on: date | str) -> str:
        """2026-11-01."""
        return on if isinstance(on, str) else on.isoformat()

    def yes(self, value: bool | None) -> str:
        """是, 否, or 未知."""
        return self.word("value.unknown" if value is None else "value.yes" if value else "value.no")

    def join(self, items: Sequence[str], most: int | None = None) -> str:
        """A list in a sentence: 甲、乙、丙; with ``most`` the rest is counted: 甲、乙等 7 项."""
        if most is not None and len(items) > most:
            return self.word("list.more", items=self.word("list.comma").join(items[:most]), n=len(items))
        return self.word("list.comma").join(items)

    def sentences(self, reasons: Iterable[Reason]) -> str:
        """Several reasons one after another."""
        return self.word("list.sentence").join(self.say(r) for r in reasons)
