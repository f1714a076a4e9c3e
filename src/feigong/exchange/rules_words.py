"""Rules in words: figures with their units, sources, the district's overrides. Used wherever a rule is shown."""

from __future__ import annotations

from typing import Any

from feigong.core.regulations import Override, Quantity, RuleInForce, Words
from feigong.core.regulations.values import Scalar
from feigong.wording import Words as Wording


def titled(words: Words, wording: Wording) -> str:
    """The title or remark in the language of the wording."""
    return words.zh if wording.lang == "zh" else words.en


def figure(value: Scalar, unit: str, wording: Wording) -> str:
    """A figure with its unit, or the words of a choice."""
    if isinstance(value, str):
        return wording.word(f"choice.{value}")
    if unit == "share":
        return f"{round(value * 100, 1):g}%"
    shown = f"{value:,}" if isinstance(value, int) else f"{value:,g}"
    return wording.word(f"unit.{unit}", n=shown) if unit else shown


def quantity_text(quantity: Quantity, rule: RuleInForce, wording: Wording) -> str:
    """One figure in force: sense, value, unit; its title where the rule has several; 一般 where it only warns."""
    value = figure(rule.value(quantity.name), quantity.unit, wording)
    text = wording.word(f"rules.sense.{quantity.sense}", value=value)
    if rule.rule.general:
        text = wording.word("rules.general", value=text)
    if quantity.title is None:
        return text
    return wording.word("rules.figure", title=titled(quantity.title, wording), value=text)


def override_text(override: Override, rule: RuleInForce, wording: Wording) -> str:
    """What the district changed, from what, why, by whom, since when."""
    quantity = rule.rule.quantity(override.name)
    return wording.word(
        "rules.override",
        value=figure(override.value, quantity.unit, wording),
        original=figure(quantity.value, quantity.unit, wording),
        reason=override.reason,
        by=override.by,
        since=override.since.isoformat(),
    )


def value_lines(rule: RuleInForce, wording: Wording) -> tuple[str, ...]:
    """The rule's content, one line each: figures, bands, listed items, then overrides."""
    lines = [quantity_text(quantity, rule, wording) for quantity in rule.rule.quantities]
    for band in rule.rule.bands:
        rate = figure(band.value, "share", wording)
        if band.up_to is None:
            lines.append(wording.word("rules.band.above", value=rate))
        else:
            end = figure(band.up_to, rule.rule.bands_unit, wording)
            lines.append(wording.word("rules.band.up_to", up_to=end, value=rate))
    for number, item in enumerate(rule.rule.items, start=1):
        line = wording.word("rules.item", number=number, title=titled(item.title, wording))
        lines.append(line if item.value is None else f"{line} ({item.value:g})")
    lines.extend(override_text(override, rule, wording) for override in rule.overrides)
    return tuple(lines)


def source_text(rule: RuleInForce, wording: Wording) -> str:
    """Regulation and article; what is only remembered is never shown as sourced."""
    source = rule.rule.source
    if source is None or not rule.rule.sourced:
        low = rule.rule.confidence == "L"
        return wording.word(
            "rules.source.low" if low else "rules.source.local" if rule.rule.local else "rules.source.none"
        )
    regulation = titled(source.regulation, wording)
    if source.articles:
        return wording.word("rules.source.article", regulation=regulation, article=wording.join(source.articles))
    if source.item:
        return wording.word("rules.source.item", regulation=regulation, item=source.item)
    return regulation


def as_data(rule: RuleInForce) -> dict[str, Any]:
    """The rule with its overrides as plain values for JSON; words in both languages."""
    version = rule.rule
    source = version.source if version.sourced else None
    return {
        "id": version.id,
        "on": rule.on.isoformat(),
        "title": _both(version.title),
        "confidence": version.confidence.value,
        "valid_from": version.valid_from.isoformat(),
        "valid_to": version.valid_to.isoformat() if version.valid_to else None,
        "source": None
        if source is None
        else {"regulation": _both(source.regulation), "articles": list(source.articles), "item": source.item},
        "general": version.general,
        "local": version.local,
        "values": {
            q.name: {
                "value": rule.value(q.name),
                "original": q.value,
                "unit": q.unit,
                "sense": q.sense.value,
                "title": _both(q.title),
            }
            for q in version.quantities
        },
        "bands": [{"up_to": b.up_to, "value": b.value} for b in version.bands],
        "items": [{"code": i.code, "title": _both(i.title), "value": i.value} for i in version.items],
        "note": _both(version.note),
        "overrides": [
            {
                "name": o.name,
                "value": o.value,
                "reason": o.reason,
                "by": o.by,
                "since": o.since.isoformat(),
                "until": o.until.isoformat() if o.until else None,
            }
            for o in rule.overrides
        ],
    }


def _both(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {"zh": words.zh, "en": words.en}
