"""The year's targets of one's own area, beside what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.roll import queries as roll
from feigong.apps.targets import queries
from feigong.apps.targets.reading import table
from feigong.web.lists.spec import Ask
from feigong.web.targets.asked import BY, Asked
from feigong.web.targets.shown import row_of


def year(ask: Ask) -> Mapping[str, Any] | None:
    """Of the first measure that one's own area has a target for; nothing where it has none."""
    this = ask.sight.on.year
    area, stands = next(iter(queries.own(ask.sight, this).items()), (0, set()))
    measure = next((one for one in queries.measures(ask.sight) if one.code in stands), None)
    if measure is None or not roll.areas(ask.sight).filter(area_id=area).exists():  # an area may have ended
        return None
    asked = Asked(this, measure, BY[0], None, (("on", ask.sight.on.isoformat()),))
    found = table(ask.sight, this, measure, area=area)
    row = row_of(asked, found, found.lines[0], ask.words)
    return {"row": row, "title": getattr(measure.title, ask.words.lang), "query": asked.query(), "on": ask.sight.on}
