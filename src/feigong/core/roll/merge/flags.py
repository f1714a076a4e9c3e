"""What a person should look at before an enterprise is planned, each with the words that made it seem so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from feigong.core.reasons import reason
from feigong.core.roll.merge.facts import Facts
from feigong.core.roll.merge.names import NameWords, bare_key, exact_key
from feigong.core.roll.merge.vocabulary import FlagWords
from feigong.core.roll.values import Flag, FlagCode

_TYPE_CODE: Final = re.compile(r"\(?(\d{3,4})\)?")
# A limited company's name ends with its form; what follows names a part of it. Old-style companies and co-operatives
# had daughters of their own under such names, so there only the plainest endings count.
_PARENT: Final = re.compile(r"^(.{2,}?(?:有限责任公司|股份有限公司|有限公司|股份公司)(?:\(.{2,12}\))?)(.{2,})$")
_OLD_PARENT: Final = re.compile(r"^(.{2,}(?:公司|合作社|供销社|厂|商店))(.{2,})$")
_NO_SUFFIX: Final = re.compile(r"^\(.*\)$")


def _first_in(text: str, words: Iterable[str]) -> str:
    low = text.lower()
    return next((w for w in words if w in low), "")


def operation_flags(facts: Facts, words: FlagWords, *, covered: bool, members: int) -> list[Flag]:
    """Closed or dormant. ``covered``: a table of insured staff holds most of the roll, so missing there says something;
    ``members``: Party members who work there, which speaks against it."""
    said = " ".join((facts.status, facts.remark)).lower()
    for excuse in words.not_closed:
        said = said.replace(excuse, "")
    if word := _first_in(said, words.closed):
        return [Flag(FlagCode.CLOSED, reason("merge.flag_closed", word=word))]
    if word := _first_in(said, words.dormant) or (
        facts.status.lower() if facts.status.lower() in words.answers_no else ""
    ):
        return [Flag(FlagCode.DORMANT, reason("merge.flag_dormant_says", word=word))]
    if facts.staff == 0 and not members:
        return [Flag(FlagCode.DORMANT, reason("merge.flag_dormant_zero"))]
    if covered and facts.staff is None and not facts.listed_insured and not members:
        return [Flag(FlagCode.DORMANT, reason("merge.flag_dormant_not_insured"))]
    return []


def ownership_flags(name: str, facts: Facts, words: FlagWords) -> list[Flag]:
    """State-owned or collective, by the entity type first, then by words of the name."""
    kind = facts.entity_type.lower()
    code = found.group(1) if (found := _TYPE_CODE.search(kind)) else ""
    private = _first_in(kind, words.private_types)
    state = "" if private else _first_in(kind, words.state_types)
    if state or (code and code in words.state_codes):
        return [Flag(FlagCode.STATE_OWNED, reason("merge.flag_state_type", word=state or code))]
    if word := _first_in(kind, words.collective_types) or (code if code in words.collective_codes else ""):
        return [Flag(FlagCode.COLLECTIVE, reason("merge.flag_collective_type", word=word))]
    if private:
        return []
    if word := _first_in(name, words.collective_words):
        return [Flag(FlagCode.COLLECTIVE, reason("merge.flag_collective_name", word=word))]
    if word := _first_in(name, words.state_words):
        return [Flag(FlagCode.STATE_OWNED, reason("merge.flag_state_name", word=word))]
    if word := _first_in(name, words.state_hints):
        return [Flag(FlagCode.STATE_OWNED, reason("merge.flag_state_hint", word=word))]
    return []


def branch_flag(name: str, entity_type: str, words: FlagWords) -> Flag | None:
    """Whether a name is that of a branch office: it goes on behind a company's whole name, or ends as branches do."""
    plain = exact_key(name).lower()
    if word := _first_in(entity_type, words.branch_types):
        return Flag(FlagCode.BRANCH_OFFICE, reason("merge.flag_branch_type", word=word))
    if end := next((w for w in words.branch_ends if plain.endswith(w) and len(plain) > len(w) + 2), ""):
        return Flag(FlagCode.BRANCH_OFFICE, reason("merge.flag_branch_name", word=end))
    for pattern, ends in ((_PARENT, words.branch_after_parent), (_OLD_PARENT, words.branch_after_old_parent)):
        found = pattern.match(plain)
        if found and not _NO_SUFFIX.match(found[2]) and any(found[2].endswith(w) for w in ends):
            return Flag(
                FlagCode.BRANCH_OFFICE,
                reason("merge.flag_branch_after", parent=found[1].upper(), word=found[2].upper()),
            )
    return None


class Parents:
    """Finds the company a branch office belongs to: the firm of the roll whose whole name begins its name."""

    def __init__(self, names: Mapping[str, Iterable[str]], words: NameWords) -> None:
        self._words = words
        self._by_name: dict[str, set[str]] = {}
        for code, own in names.items():
            for name in own:
                self._by_name.setdefault(bare_key(name), set()).add(code)

    def parent_of(self, code: str, name: str) -> str | None:
        """Its parent's code, the longest name first; ``None`` where none, or several of one name, are in the roll."""
        bare = bare_key(name)
        for end in range(len(bare) - 2, 3, -1):
            found = self._by_name.get(bare[:end], set()) - {code}
            if found and self._words.without_form(bare[:end]) != bare[:end]:
                return next(iter(found)) if len(found) == 1 else None
        return None
