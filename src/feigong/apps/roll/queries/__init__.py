"""What may be read of the roll. Every query takes a `Sight`; there is no other way to rows.

``people`` and ``units`` restrict; ``restrict`` is the one place that says what a scope means in rows.
"""

from feigong.apps.roll.queries.people import assignments, members, posts, workers
from feigong.apps.roll.queries.units import areas, coverage, enterprises, organisations, superiors, venues

__all__ = [
    "areas", "assignments", "coverage", "enterprises", "members", "organisations", "posts", "superiors", "venues",
    "workers",
]  # fmt: skip
