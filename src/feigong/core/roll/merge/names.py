"""Names of enterprises in the forms in which they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from feigong.core.text import fold

_OPEN: Final = str.maketrans("[{【〔〈《「", "(((((((")
_CLOSE: Final = str.maketrans("]}】〕〉》」", ")))))))")
_SILENT: Final = re.compile(r"[\s\"'“”‘’`]+")
_PUNCTUATION: Final = re.compile(r"[()\-_.,、·•&/\\+#*:;!?~—]+")
_LEAST_CORE: Final = 2


@lru_cache(maxsize=200_000)
def exact_key(name: str) -> str:
    """The name itself, without what spelling leaves free: width, case, spaces, quotation marks, kind of brackets."""
    return _SILENT.sub("", fold(name)).translate(_OPEN).translate(_CLOSE).upper()


@lru_cache(maxsize=200_000)
def bare_key(name: str) -> str:
    """``exact_key`` without brackets and punctuation (what stands in the brackets stays)."""
    return _PUNCTUATION.sub("", exact_key(name))


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    forms = sorted({bare_key(w) for w in words if bare_key(w)}, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, forms)) or r"(?!)")


@dataclass(frozen=True)
class NameWords:
    """Words that names share: legal forms, regions (with and without 市, 区 …), trades. Data, not code."""

    legal_forms: tuple[str, ...]
    regions: tuple[str, ...]
    trade_words: tuple[str, ...]
    posts: tuple[str, ...] = ()
    _forms: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _regions: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _trades: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _posts: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_forms", _alternatives(self.legal_forms))
        object.__setattr__(self, "_regions", _alternatives(self.regions))
        object.__setattr__(self, "_trades", _alternatives(self.trade_words))
        object.__setattr__(self, "_posts", re.compile(rf"(?:{_alternatives(self.posts).pattern})+$"))

    def without_form(self, name: str) -> str:
        """The bare name without words of the legal form."""
        bare = bare_key(name)
        kept = self._forms.sub("", bare)
        return kept if len(kept) >= _LEAST_CORE else bare

    def core(self, name: str) -> str:
        """The bare name without words of region and legal form: what people mean by the name."""
        plain = self.without_form(name)
        kept = self._regions.sub("", plain)
        return kept if len(kept) >= _LEAST_CORE else plain

    def begins_with_trade(self, text: str) -> bool:
        return self._trades.match(text) is not None

    def without_post(self, key: str) -> str:
        """An exact key without the post of a person behind the employer's name."""
        return self._posts.sub("", key)

    def weights(self, core: str, trade: float) -> list[float]:
        """Weight of each character of a core: ``trade`` inside a trade word, else 1."""
        found = [1.0] * len(core)
        for m in self._trades.finditer(core):
            found[m.start() : m.end()] = [trade] * (m.end() - m.start())
        return found


def is_subsequence(short: str, long: str) -> bool:
    """Whether ``short`` is ``long`` with some characters left out."""
    rest = iter(long)
    return all(c in rest for c in short)


def weighted_likeness(a: str, wa: list[float], b: str, wb: list[float]) -> float:
    """Weight of the longest common subsequence of two cores, over the mean weight of both: 0 to 1."""
    whole = sum(wa) + sum(wb)
    if not whole:
        return 0.0
    row = [0.0] * (len(b) + 1)
    for ca, x in zip(a, wa, strict=True):
        corner = 0.0
        for j, (cb, y) in enumerate(zip(b, wb, strict=True), 1):
            above = row[j]
            best = max(above, row[j - 1])
            row[j] = max(best, corner + (x + y)) if ca == cb else best
            corner = above
    return row[-1] / whole
