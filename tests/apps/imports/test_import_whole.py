"""Tables of a district go in, and the roll is what they say; a month later only what changed is written."""

from __future__ import annotations

import pytest

from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.roll import queries
from import_tables import ON, demo_files, everything, operator, seed_demo_areas

pytestmark = pytest.mark.django_db


def test_a_district_goes_in() -> None:
    seed_demo_areas()
    found = actions.run_whole(operator(), demo_files(), on=ON, at=now(), take_offered=True)
    print(found.figures)
    sight = everything()
    print(queries.enterprises(sight).count(), queries.organisations(sight).count(), queries.members(sight).count(), queries.workers(sight).count(), queries.coverage(sight).count())
    assert found.state == "applied"
    again = actions.run_whole(operator(), demo_files(), on=ON, at=now(), take_offered=True)
    print(again.figures)
