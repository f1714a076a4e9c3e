"""A joint branch meets at one of the enterprises that it covers, its host; other organisations have none."""

from __future__ import annotations

from datetime import date

from feigong.apps.roll.models import Coverage, OrganisationState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.writing import Writer, putting
from feigong.core.errors import FeigongError
from feigong.core.roll.history import FOREVER


def host_of(organisation: int, on: date) -> int | None:
    """Where it meets on a day, as known now."""
    rows = Coverage.rows.filter(recorded_to=NEVER, valid_from__lte=on, valid_to__gt=on, host=True)
    return rows.filter(organisation_id=organisation).values_list("enterprise_id", flat=True).first()


def settle_host(writer: Writer, organisation: int, host: int | None, on: date) -> None:
    """One host from a day on where the organisation is a joint branch from then on, else none; until it is no longer
    what it is then, or another host is known to begin.

    ``host``: need not be named where only one enterprise is covered; ``error.roll.host_choose``.
    """
    states = OrganisationState.rows.filter(organisation_id=organisation, recorded_to=NEVER, valid_to__gt=on)
    kinds = states.order_by("valid_from").values_list("valid_from", "kind")
    joint = [(day, kind == OrganisationKind.JOINT_BRANCH) for day, kind in kinds]
    end = next((day for day, is_joint in joint if is_joint != joint[0][1]), FOREVER)
    named = Coverage.rows.filter(organisation_id=organisation, recorded_to=NEVER, valid_to__gt=on, valid_from__lt=end)
    rows = list(named.order_by("valid_from", "enterprise_id"))
    start, chosen = on, None
    if joint[0][1] and rows:
        start = max(on, rows[0].valid_from)
        first = sorted({row.enterprise_id for row in rows if row.valid_from <= start})
        chosen = first[0] if host is None and len(first) == 1 else host
        if chosen not in first:
            raise FeigongError("error.roll.host_choose")
        end = min([end, *(row.valid_from for row in rows if row.host and row.valid_from > start)])
    wrong = {row.enterprise_id for row in rows if row.valid_from < end and row.host != (row.enterprise_id == chosen)}
    spans = {
        (organisation, firm): [putting(Coverage, {"host": firm == chosen}, start, end, create=False)] for firm in wrong
    }
    if spans:
        writer.write(Coverage, spans)
