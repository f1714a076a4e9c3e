"""Find the enterprise that a written name means: exactly, or roughly with a score, or not at all. Never silently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from math import log
from re import compile as pattern
from typing import Final

from rapidfuzz import fuzz

from feigong.core.roll.merge.known import Decisions
from feigong.core.roll.merge.names import (
    NameWords,
    bare_key,
    exact_key,
    is_subsequence,
    weighted_likeness,
)

_CANDIDATES: Final = 25
_FIRST_SIEVE: Final = 55.0  # rapidfuzz ratio of two cores below which they are not compared closely
_SHOWN: Final = 3
_LEAST_ABBREVIATION: Final = 2
_ALIAS: Final = pattern(r"(.{2,}?)\(([^()]*)\)")


class NameKind(StrEnum):
    """What a name in the index is to its enterprise."""

    OFFICIAL = "official"
    FORMER = "former"
    SHORT = "short"


class How(StrEnum):
    """By what a name was matched."""

    EXACT = "exact"
    DECIDED = "decided"  # a person has said so
    SHADOWED = "exact_shadowed"  # exactly one firm's name, but another's could be shortened to it
    FORMER = "former"
    SHORT = "short_column"
    BRACKETS = "brackets"
    DROPPED = "form_dropped"  # region or legal form left out
    ADDRESS = "address"  # of several firms of the name, the one at that address
    POST = "post_dropped"  # the person's post is written behind it
    ALIAS = "alias"  # another name of the firm stands in brackets behind it
    CHANGED = "form_changed"  # region or legal form written otherwise
    ABBREVIATED = "abbreviated"
    ALIKE = "alike"
    AMBIGUOUS = "ambiguous"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class MatchLimits:
    """Limits of matching; see ``data/matching.yaml``."""

    trade_weight: float
    least_score: float
    least_margin: float
    short_name_least: int
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Match:
    """``code`` None: not matched; ``candidates`` best first, for a person to choose from, each with its score."""

    code: str | None
    score: float
    how: How
    candidates: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()

    @property
    def certain(self) -> bool:
        return self.how in (How.EXACT, How.DECIDED)

    def without(self, codes: AbstractSet[str]) -> Match:
        """The match where some codes are known not to be meant: what is left is only offered, never taken."""
        if codes.isdisjoint((self.code, *self.candidates)):
            return self
        kept = [(c, s) for c, s in zip(self.candidates, self.scores, strict=True) if c not in codes]
        candidates, scores = tuple(c for c, _ in kept), tuple(s for _, s in kept)
        if self.code is not None and self.code not in codes:
            return replace(self, candidates=candidates, scores=scores)
        return Match(None, 0.0, self.how if candidates and self.code is None else How.NOTHING, candidates, scores)


@dataclass(frozen=True, slots=True)
class NameEntry:
    """A name by which an enterprise is known."""

    code: str
    name: str
    kind: NameKind = NameKind.OFFICIAL


class NameIndex:
    """All names of a roll, arranged so that one written name meets few others."""

    def __init__(
        self, entries: Iterable[NameEntry], words: NameWords, limits: MatchLimits, decisions: Decisions | None = None
    ) -> None:
        self._decisions = decisions or Decisions()
        self._codes: set[str] = set()
        self._words = words
        self._limits = limits
        self._exact: defaultdict[str, set[str]] = defaultdict(set)
        self._other: dict[NameKind, defaultdict[str, set[str]]] = {
            NameKind.FORMER: defaultdict(set),
            NameKind.SHORT: defaultdict(set),
        }
        self._bare: defaultdict[str, set[str]] = defaultdict(set)
        self._cores: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)  # core -> (code, bare name)
        for entry in sorted(set(entries), key=lambda e: (e.code, e.name, e.kind)):
            key = exact_key(entry.name)
            if not key:
                continue
            self._codes.add(entry.code)
            if entry.kind is NameKind.OFFICIAL:
                self._exact[key].add(entry.code)
                self._bare[bare_key(entry.name)].add(entry.code)
            else:
                self._other[entry.kind][key].add(entry.code)
            self._cores[words.core(entry.name)].add((entry.code, bare_key(entry.name)))
        self._build_grams()
        self._known: dict[str, Match] = {}

    def _build_grams(self) -> None:
        self._core_list = sorted(self._cores)
        grams: defaultdict[str, list[int]] = defaultdict(list)
        for number, core in enumerate(self._core_list):
            for gram in _grams(core):
                grams[gram].append(number)
        self._grams = dict(grams)
        n = len(self._core_list) or 1
        self._rarity = {g: log(1 + n / len(found)) for g, found in grams.items()}

    def same_core(self, name: str) -> frozenset[str]:
        """Codes of all enterprises with the same name but for region and legal form."""
        return frozenset(code for code, _ in self._cores.get(self._words.core(name), ()))

    def match(self, text: str) -> Match:
        """The enterprise meant by ``text``.

        Returns
        -------
        Match
            Score 1.0 only for a name that is exactly one enterprise's and that no other's could be shortened to, and
            for one of which a person has said what it means.
        """
        key = exact_key(text)
        if key not in self._known:
            self._known[key] = self._decided(text) or self._allowed(text, key)
        return self._known[key]

    def _decided(self, text: str) -> Match | None:
        code = self._decisions.meant(text)
        return Match(code, 1.0, How.DECIDED, (code,), (1.0,)) if code is not None and code in self._codes else None

    def _allowed(self, text: str, key: str) -> Match:
        found = self._find(key) if len(key) >= 2 else Match(None, 0.0, How.NOTHING)
        others = self._decisions.not_meant(text)
        return found.without(others.union(*(self._exact.get(o, ()) for o in others))) if others else found

    def _score(self, how: How) -> float:
        return self._limits.scores[how.value]

    def _one(self, codes: Iterable[str], how: How) -> Match:
        found = sorted(set(codes))
        shown = tuple(found[:_SHOWN])
        scores = (self._score(how),) * len(shown)
        if len(found) > 1:
            return Match(None, 0.0, How.AMBIGUOUS, shown, scores)
        return Match(found[0], self._score(how), how, shown, scores)

    def _find(self, key: str) -> Match:
        return self._surely(key) or self._aliased(key) or self._roughly(self._words.core(key))

    def _surely(self, key: str) -> Match | None:
        """By the whole name, but for what people leave out or write otherwise."""
        if key in self._exact:
            return self._exactly(key)
        for kind, how in ((NameKind.FORMER, How.FORMER), (NameKind.SHORT, How.SHORT)):
            if key in self._other[kind]:
                return self._one(self._other[kind][key], how)
        bare = bare_key(key)
        if bare in self._bare:
            return self._one(self._bare[bare], How.BRACKETS)
        core = self._words.core(key)
        if core in self._cores:
            return self._same_core(bare, self._cores[core])
        employer = self._words.without_post(key)
        if employer != key and employer in self._exact:
            return self._one(self._exact[employer], How.POST)
        return None

    def _aliased(self, key: str) -> Match | None:
        """A name with another one in brackets behind it. Where the two mean different firms, a person decides."""
        found = _ALIAS.fullmatch(key)
        if found is None:
            return None
        outer = self._surely(found[1]) or self._aliased(found[1])
        inner = self._surely(found[2])
        codes = {m.code for m in (outer, inner) if m is not None and m.code is not None}
        if len(codes) == 1 and not (outer is not None and outer.how is How.AMBIGUOUS):
            return self._one({c for c in codes if c is not None}, How.ALIAS)
        shown = sorted({c for m in (outer, inner) if m is not None for c in m.candidates})[:_SHOWN]
        scores = (self._score(How.ALIAS),) * len(shown)
        return Match(None, 0.0, How.AMBIGUOUS, tuple(shown), scores) if shown else None

    def _exactly(self, key: str) -> Match:
        codes = self._exact[key]
        if len(codes) > 1:
            return self._one(codes, How.EXACT)
        bare = bare_key(key)
        shadows = {
            code
            for code, name in self._cores.get(self._words.core(key), ())
            if code not in codes and is_subsequence(bare, name)
        }
        return self._one(codes, How.SHADOWED if shadows else How.EXACT)

    def _same_core(self, bare: str, found: set[tuple[str, str]]) -> Match:
        """Firms with the same core. The one whose name, shortened, gives the text is preferred."""
        plain = {code for code, name in found if self._words.without_form(name) == bare}
        if len(plain) > 1:  # of several, the one that has lost nothing but its end
            begun = {code for code, name in found if code in plain and name.startswith(bare)}
            plain = begun if len(begun) == 1 else plain
        if len(plain) == 1:
            return self._one(plain, How.DROPPED)
        dropped = {code for code, name in found if is_subsequence(bare, name)}
        if dropped:
            return self._one(dropped, How.DROPPED)
        codes = {code for code, _ in found}
        if len(codes) == 1:
            return self._one(codes, How.CHANGED)
        ranked = sorted(((fuzz.ratio(bare, name), code) for code, name in found), key=lambda r: (-r[0], r[1]))
        if ranked[0][0] - max(r for r, code in ranked if code != ranked[0][1]) >= 100 * self._limits.least_margin:
            return self._one([ranked[0][1]], How.CHANGED)
        return self._one(codes, How.CHANGED)

    def _near(self, core: str) -> list[int]:
        """Cores sharing the rarest pairs of characters with this one, best first."""
        weight: defaultdict[int, float] = defaultdict(float)
        shared = sorted((g for g in _grams(core) if g in self._grams), key=lambda g: (-self._rarity[g], g))
        for order, gram in enumerate(shared):
            numbers = self._grams[gram]
            if order >= 3 and len(numbers) > 2000:  # a pair in every other name tells nothing and costs much
                continue
            for number in numbers:
                weight[number] += self._rarity[gram]
        return sorted(weight, key=lambda i: (-weight[i], self._core_list[i]))[:_CANDIDATES]

    def _roughly(self, core: str) -> Match:
        own = self._words.weights(core, self._limits.trade_weight)
        best: dict[str, float] = {}
        for number in self._near(core):
            other = self._core_list[number]
            if fuzz.ratio(core, other) < _FIRST_SIEVE and not other.startswith(core):
                continue
            likeness = weighted_likeness(core, own, other, self._words.weights(other, self._limits.trade_weight))
            for code, _ in self._cores[other]:
                best[code] = max(best.get(code, 0.0), likeness)
        ranked = sorted(best.items(), key=lambda r: (-r[1], r[0]))
        shown = tuple(code for code, _ in ranked[:_SHOWN])
        scores = tuple(round(likeness, 3) for _, likeness in ranked[:_SHOWN])
        if ranked and ranked[0][1] >= self._limits.least_score:
            second = ranked[1][1] if len(ranked) > 1 else 0.0
            if ranked[0][1] - second < self._limits.least_margin:
                return Match(None, 0.0, How.AMBIGUOUS, shown, scores)
            return Match(ranked[0][0], min(0.94, scores[0]), How.ALIKE, shown, scores)
        return self._abbreviated(core) or Match(None, 0.0, How.NOTHING, shown, scores)

    def _abbreviated(self, core: str) -> Match | None:
        """A short name that begins the core of one firm only, or is all of it but the words of the trade."""
        if len(core) < _LEAST_ABBREVIATION:
            return None
        pool = min((self._grams.get(g, []) for g in _grams(core)), key=len, default=[])
        begun = [self._core_list[i] for i in pool if self._core_list[i].startswith(core)]
        if len(core) < self._limits.short_name_least:
            begun = [c for c in begun if self._words.begins_with_trade(c[len(core) :])]
        codes = {code for c in begun for code, _ in self._cores[c]}
        return self._one(codes, How.ABBREVIATED) if codes else None


def _grams(core: str) -> set[str]:
    """Pairs of neighbouring characters; the character itself for a core of one."""
    return {core[i : i + 2] for i in range(len(core) - 1)} or {core}
