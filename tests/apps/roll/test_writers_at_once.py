"""Several writers of one record at once: nothing is lost unseen, and no two rows are ever known of one day."""

from itertools import pairwise
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.models.dated import known
from feigong.core.errors import FeigongError
from platform_district import ON, build_small_district

WRITERS, TIMES = 4, 5


@pytest.mark.django_db(transaction=True)
def test_rows_known_at_one_moment_never_overlap() -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("an embedded database lets one writer in at a time")
    district = build_small_district()
    office, apple = district.actor(Role.DISTRICT_OFFICE), district.enterprises["apple"]
    start, done, refused = Barrier(WRITERS), [], []

    def write(own: int) -> None:
        start.wait()
        for n in range(TIMES):
            staff = 100 * own + n
            try:
                change_record(office, RecordKind.ENTERPRISE, apple, {"staff": staff}, on=ON)
                done.append(staff)
            except FeigongError as error:
                refused.append(error.reason.code)
        connections.close_all()

    threads = [Thread(target=write, args=(n,)) for n in range(1, WRITERS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(refused) <= {"error.changed_meanwhile"}
    assert len(done) + len(refused) == WRITERS * TIMES
    assert done
    records = Record.objects.filter(code="enterprise.change")
    assert records.count() == len(done)
    for at in records.values_list("at", flat=True):
        rows = known(EnterpriseState, at).filter(enterprise_id=apple).order_by("valid_from")
        spans = list(rows.values_list("valid_from", "valid_to"))
        assert len(spans) == 2
        assert all(a[1] == b[0] for a, b in pairwise(spans))
