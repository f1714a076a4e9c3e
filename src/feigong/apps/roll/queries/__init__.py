"""What may be read of the roll. Every query takes a `Sight`; there is no other way to rows.

``people`` and ``units`` restrict; ``restrict`` is the one place that says what a scope means in rows.
"""

from feigong.apps.roll.queries.paging import among, page_of
from feigong.apps.roll.queries.people import assignments, members, names_of_members, posts, workers
from feigong.apps.roll.queries.units import (
    areas,
    areas_and_above,
    coverage,
    enterprises,
    is_covered,
    organisations,
    organisations_called,
    organisations_with_secretary,
    superiors,
    venues,
)

__all__ = [
    "among", "areas", "areas_and_above", "assignments", "coverage", "enterprises", "is_covered", "members",
    "names_of_members", "organisations", "organisations_called", "organisations_with_secretary", "page_of", "posts",
    "superiors", "venues", "workers",
]  # fmt: skip
