"""Tables of a district go in, and the roll is what they say; a month later only what changed is written."""

from __future__ import annotations

import pytest
from import_tables import NEXT, ON, demo_files, everything, operator, seed_demo_areas

from feigong.apps.audit.verifying import verify_chain
from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.imports.models import Item
from feigong.apps.roll import queries
from feigong.apps.roll.models import EnterpriseState
from feigong.exchange.demo.district import District

pytestmark = pytest.mark.django_db
FIRMS = 120


def test_a_district_goes_in_and_a_month_later_only_what_changed() -> None:
    seed_demo_areas()
    found = actions.run_whole(operator(), demo_files(), on=ON, at=now(), take_offered=True)
    truth = District(5, FIRMS)
    sight = everything()
    assert found.state == "applied"
    assert queries.enterprises(sight).count() == len(truth.firms) == FIRMS
    assert queries.members(sight).count() == sum(not p.gone for p in truth.people)
    written = found.figures["written"]
    first = written.pop("first_register")  # a first register opens no cases
    assert 0 < first <= found.figures["verdicts"]["new"]
    assert written == {"new": sum(found.figures["verdicts"].values())}
    assert found.applied is not None
    assert found.applied.params["new"] == found.figures["written"]["new"]

    again = actions.run_whole(operator(), demo_files(), on=ON, at=now(), take_offered=True)
    assert set(again.figures["verdicts"]) == {"unchanged"}
    assert again.figures["written"] == {}

    rows = EnterpriseState.rows.count()
    later = actions.run_whole(operator(), demo_files(month=2), on=NEXT, at=now(), take_offered=True)
    changed = Item.objects.filter(of=later, kind="enterprise", verdict="changed").count()
    new = Item.objects.filter(of=later, kind="enterprise", verdict="new").count()
    assert changed > 0
    assert new > 0
    assert EnterpriseState.rows.count() - rows == 2 * changed + new  # the part before the day, and the part from it on
    assert queries.enterprises(everything(ON)).count() == FIRMS  # the month before is as it was
    assert queries.enterprises(everything(NEXT)).count() == FIRMS + new
    assert verify_chain().findings == ()
