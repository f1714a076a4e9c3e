"""Planning parameters in words: what each is called, in what unit, and where its value comes from."""

from __future__ import annotations

from datetime import date

from feigong.core.regulations import RuleBook
from feigong.exchange.parameters_file import ParameterInfo, parameter_infos
from feigong.exchange.plan_view import ParameterNote
from feigong.exchange.rules_words import override_text, source_text, titled
from feigong.wording import Words


def parameter_notes(rulebook: RuleBook, on: date, wording: Words) -> dict[str, ParameterNote]:
    """A note for every parameter, by id. A rule's override is said wherever the rule is the source."""
    return {
        info.id: ParameterNote(titled(info.title, wording), _unit(info, wording), _source(info, rulebook, on, wording))
        for info in parameter_infos()
    }


def _unit(info: ParameterInfo, wording: Words) -> str:
    return wording.word(f"unit.{info.unit}", n="").strip() if info.unit and info.unit != "share" else ""


def _source(info: ParameterInfo, rulebook: RuleBook, on: date, wording: Words) -> str:
    why = titled(info.why, wording)
    if info.rule is None:
        return why
    rule = rulebook.at(info.rule, on)
    override = rule.override(info.name)
    source = source_text(rule, wording)
    shown = why if source == wording.word("rules.source.none") else source
    parts = [wording.word("rules.source.of", source=shown, id=info.rule)]
    if override is not None:
        parts.append(override_text(override, rule, wording))
    return wording.word("list.sentence").join(parts)
