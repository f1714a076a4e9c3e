"""The chance that a branch still has enough members after a year (binomial on the yearly turnover)."""

from __future__ import annotations

from functools import lru_cache
from math import comb


@lru_cache(maxsize=4096)
def survival(members: int, turnover: float, least: int) -> float:
    """Chance that at least ``least`` of ``members`` stay, each leaving with probability ``turnover`` on its own.

    Parameters
    ----------
    members, least
        Full members now, and the least number an organisation needs.
    turnover
        Share of members who leave in a year, 0..1.

    Returns
    -------
    float
        ``P(Binomial(members, 1 - turnover) >= least)``, exact up to rounding.

    Notes
    -----
    Nobody joins in this model, so the figure is a careful one. Summed from the smaller tail for accuracy.
    """
    if members < least:
        return 0.0
    if least <= 0:
        return 1.0
    stay = 1.0 - turnover
    if least > members / 2:
        return min(1.0, sum(_chance(members, k, stay) for k in range(least, members + 1)))
    return max(0.0, 1.0 - sum(_chance(members, k, stay) for k in range(least)))


def _chance(members: int, kept: int, stay: float) -> float:
    if members > 1000 and 0.0 < stay < 1.0 and kept < members * stay / 2:
        return 0.0  # far in the tail, and `comb` would be needlessly large
    return comb(members, kept) * stay**kept * (1.0 - stay) ** (members - kept)
