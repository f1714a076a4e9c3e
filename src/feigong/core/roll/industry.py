"""Industry of an enterprise from its business scope, at division level (大类) of GB/T 4754-2017, with a score."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from feigong.core.roll.values import Industry
from feigong.core.text import fold


@dataclass(frozen=True, slots=True)
class IndustryClass:
    """A row of the classification. ``level``: 门类, 大类, 中类 or 小类."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class IndustryWord:
    """A word of business scopes and the division it speaks for.

    ``division``: two digits, or ``make`` / ``sell`` where the word is an activity and the goods beside it decide.
    """

    word: str
    division: str
    weight: float


# What every licence prints: says nothing of the trade.
_BOILERPLATE = re.compile(
    r"[(\[【]?(?:依法须经批准的项目|凡?依法须?经?.{0,6}批准.{0,6}项目|除依法须经批准的项目外|凭营业执照|法律.{0,4}法规|国家(?:法律|禁止|限制|有专项)|"
    r"涉及?.{0,6}行政许可|取得许可证|未经.{0,10}批准|不含?需经|具体经营项目|以.{0,12}批准文件|仅限处理|不得从事).*?(?:[)\]】;。]|$)"
)
_TITLES = re.compile(r"(?:许可(?:经营)?项目|一般(?:经营)?项目|经营范围|主营|兼营|前置许可|无)[:：]")
# One thing said in many ways, and added to nearly every scope in a port.
_TRADE = re.compile(
    r"(?:各类|自营和代理)?(?:各类)?(?:商品|货物)[、,及和与或]*(?:技术|代理)?的?进出口(?:业务|、技术进出口)?"
)
_SENTENCES = re.compile(r"[;；。\n]")
_ITEMS = re.compile(r"[,，、/]|及(?=[一-龥]{3})")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_TRADES = ("51", "52")
_ACTIVITIES = ("make", "sell", "retail")
_BARE = frozenset(
    {"销售", "购销", "安装", "批发", "零售", "维修", "设计", "研发", "批发兼零售", "批发零售", "服务", "经销"}
)
_FILLERS = re.compile(r"^(?:从事|以及|及其|其他|各类|相关|等|的|和|与)+")
_MANUFACTURING = tuple(f"{n:02d}" for n in range(13, 44))


class IndustryClassifier:
    """Reads the division out of a scope. Built once from the classification and a table of words; then only read.

    Parameters
    ----------
    classes : iterable of IndustryClass
        Rows of GB/T 4754-2017.
    words : iterable of IndustryWord
        Vocabulary of business scopes.

    Notes
    -----
    A scope is read item by item. Words speak for divisions; where an item's activity is making, the goods decide, by
    the character n-grams they share with the names of manufacturing classes, weighted by how few divisions use them.
    Items count less the later they come; the enterprise's name counts as much as the first item.
    """

    def __init__(self, classes: Iterable[IndustryClass], words: Iterable[IndustryWord]) -> None:
        self._words: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for word in words:
            self._words[word.word].append((word.division, word.weight))
        self._longest = max(map(len, self._words), default=0)
        self._grams = _gram_weights(classes)

    def infer(self, scope: str, name: str = "") -> Industry | None:
        """The likeliest division.

        Parameters
        ----------
        scope : str
            Business scope as registered.
        name : str
            The enterprise's name.

        Returns
        -------
        Industry or None
            ``score`` 0..1: the division's share of what was understood, less where little was. ``None``: nothing was.
        """
        total: dict[str, float] = defaultdict(float)
        weight, understood = 1.0, 0.0
        for item in self._items(scope):
            votes = self._votes(*item)
            if votes:
                share = sum(votes.values())
                for division, vote in votes.items():
                    total[division] += weight * vote / share * min(1.0, share)
                understood += weight * min(1.0, share)
            weight *= 0.8
        named = self._votes(fold(name), "", is_name=True) if name else {}
        if named:
            share = sum(named.values())
            for division, vote in named.items():
                total[division] += vote / share
            understood += 1.0
        if not total:
            return None
        best = min(total, key=lambda d: (-total[d], d))
        return Industry(best, round(total[best] / understood * min(1.0, understood / 0.8), 3))

    def _items(self, scope: str) -> list[tuple[str, str]]:
        """Items of a scope with the activity of the list each stands in (``钢材、建材销售``: both are sold)."""
        text = _TRADE.sub("货物进出口", _TITLES.sub(";", _BOILERPLATE.sub(";", fold(scope))))
        while (shorter := _BRACKETS.sub("", text)) != text:
            text = shorter
        out: list[tuple[str, str]] = []
        for sentence in _SENTENCES.split(text):
            found: list[tuple[str, str]] = []
            activity = ""
            for raw in reversed(_ITEMS.split(sentence)):
                item = _FILLERS.sub("", raw.replace("的", "").strip(" .:-"))
                if len(item) < 2:
                    continue
                activity = self._activity(item) or activity
                if item not in _BARE:  # in 家具制造、销售 the selling is of what is made
                    found.append((item, activity))
            out += reversed(found)
        return out[:40]

    def _scan(self, text: str) -> list[tuple[str, list[tuple[str, float]]]]:
        """Words in a text, the longest at each place, not overlapping."""
        out, at = [], 0
        while at < len(text):
            for length in range(min(self._longest, len(text) - at), 0, -1):
                meaning = self._words.get(text[at : at + length])
                if meaning is not None:
                    out.append((text[at : at + length], meaning))
                    at += length - 1
                    break
            at += 1
        return out

    def _activity(self, item: str) -> str:
        """``make``, ``sell`` or ``retail`` where the item says so (the last counts), ``other`` for a service."""
        found = [d for _, meaning in self._scan(item) for d, _ in meaning]
        if "sell" in found and found[-1] == "retail":  # 批发兼零售
            return "sell"
        said = [d for d in found if d in _ACTIVITIES or d > _MANUFACTURING[-1]]  # goods alone say no activity
        return "" if not said else said[-1] if said[-1] in _ACTIVITIES else "other"

    def _votes(self, item: str, activity: str, is_name: bool = False) -> dict[str, float]:
        votes: dict[str, float] = defaultdict(float)
        making = selling = 0.0
        for _, meaning in self._scan(item):
            for division, weight in meaning:
                if division == "make":
                    making = max(making, weight)
                elif division in ("sell", "retail"):
                    selling = max(selling, weight)
                    votes["52" if division == "retail" else "51"] += weight
                else:
                    votes[division] += weight
        if making:
            votes = defaultdict(float, {d: v for d, v in votes.items() if d not in _TRADES})
        elif selling or activity in ("sell", "retail"):
            # Goods that are sold do not make a manufacturer.
            kept = {d: v for d, v in votes.items() if d in _TRADES or (not selling and d > _MANUFACTURING[-1])}
            return kept or {"51" if activity == "sell" else "52": 0.6}
        if making or activity == "make":
            goods = self._goods(item)
            for division, vote in goods.items():
                votes[division] += vote
        elif not votes and not is_name:
            votes.update({d: 0.5 * v for d, v in self._goods(item, everything=True).items()})
        return dict(votes)

    def _goods(self, item: str, everything: bool = False) -> dict[str, float]:
        """Divisions whose class names share n-grams with an item; the best is 1 at most."""
        votes: Counter[str] = Counter()
        for gram in _grams_of(item):
            for division, weight in self._grams.get(gram, ()):
                if everything or division in _MANUFACTURING:
                    votes[division] += weight  # type: ignore[assignment]
        if not votes:
            return {}
        best = max(votes.values())
        size = min(1.0, best / 3.0)
        return {d: v / best * size for d, v in votes.items() if v >= 0.6 * best}


def _grams_of(text: str) -> list[str]:
    return [text[i : i + n] for n in (2, 3, 4) for i in range(len(text) - n + 1)]


_PLAIN = re.compile(
    r"制造业?|加工|其他|未列明|活动|服务业?|专用|产品|设备|材料|制品|用品|器材|系统|工程|和|及|、|与|的"
)


def _gram_weights(classes: Iterable[IndustryClass]) -> Mapping[str, Sequence[tuple[str, float]]]:
    """For every n-gram of class names the divisions that use it, each with idf times length."""
    owners: dict[str, set[str]] = defaultdict(set)
    divisions = set()
    for row in classes:
        division = row.code[:2]
        if not division.isdigit():
            continue
        divisions.add(division)
        for piece in _PLAIN.sub(" ", row.name).split():
            for gram in _grams_of(piece):
                owners[gram].add(division)
    return {
        gram: tuple(
            (d, log(len(divisions) / len(found)) / log(len(divisions)) * (len(gram) - 1)) for d in sorted(found)
        )
        for gram, found in owners.items()
        if len(found) <= 12
    }
