"""Addresses of records: detail, forms, ties, batches, and what helps to fill a form in."""

from __future__ import annotations

from architecture.scope_rules import Rule, form, holders
from feigong.apps.accounts.roles import Permission

P = Permission
_SAID = (200, 302, 400, 409)  # answers to what is sent about something in sight
_VIEW = holders(P.ROLL_VIEW)


def _of(
    code: str, kind: str, view: Permission, change: Permission, ties: str = "", batches: str = ""
) -> dict[str, Rule]:
    """The pages of one kind. What is sent is empty, or names everything there is: it is refused, or changes what is in
    sight; the answer names nothing else."""
    changers, one = holders(change), f"{code}/<int:record_id>/"
    found = {
        one: Rule(holders(view), kind=kind),
        f"{code}/new/": Rule(changers, post={}, posted=_SAID),
        f"{one}change/": Rule(changers, kind=kind, post={}, posted=_SAID),
        f"{one}end/": Rule(changers, kind=kind, post={}, posted=_SAID),
        f"{one}take-back/": Rule(
            changers, kind=kind, get=(200, 400, 404, 409), post={"reason": "x", "record": "1"}, posted=(*_SAID, 404),
            ask="record=1",
        ),
    }  # fmt: skip
    if kind in ("member", "worker"):
        fields = {"field": "phone|id_number"}
        found[f"{one}reveal/<str:field>/"] = Rule(
            holders(P.REVEAL), kind=kind, get=(200, 404), post={}, posted=(*_SAID, 404), words=fields
        )
    for tie in ties.split():
        may = holders(P.MEMBERS_CHANGE) if tie in ("appoint", "relieve") else holders(P.ROLL_CHANGE)
        found[f"{one}{tie}/"] = form(may, kind)
    for batch in batches.split():
        found[f"{code}/batch/{batch}/"] = form(changers, ids=f"*{kind}")
    return found


def _merging(code: str, kind: str) -> dict[str, Rule]:
    may, one = holders(P.ROLL_MERGE), f"{code}/<int:record_id>/"
    return {
        f"{one}merge/": Rule(may, kind=kind, post={"other": f"*{kind}"}, posted=(*_SAID, 404)),
        f"{one}split/": Rule(
            may, kind=kind, get=(200, 400, 404, 409), post={"reason": "x", "gone": "1"}, posted=(*_SAID, 404),
            ask="gone=1",
        ),
    }  # fmt: skip


RECORDS: dict[str, Rule] = {
    **_of("enterprises", "enterprise", P.ROLL_VIEW, P.ROLL_CHANGE, "cover uncover assign unassign",
          "area standing industry control officer"),
    **_of("organisations", "organisation", P.ROLL_VIEW, P.ROLL_CHANGE, "cover uncover set-host appoint relieve",
          "area venue"),
    **_of("members", "member", P.MEMBERS_VIEW, P.MEMBERS_CHANGE, "", "branch employer"),
    **_of("workers", "worker", P.ROLL_VIEW, P.MEMBERS_CHANGE, "assign unassign", "area liaison"),
    **_of("venues", "venue", P.ROLL_VIEW, P.ROLL_CHANGE),
    **_of("areas", "area", P.ROLL_VIEW, P.AREAS_CHANGE),
    **_merging("enterprises", "enterprise"),
    **_merging("organisations", "organisation"),
    **_merging("members", "member"),
    **_merging("workers", "worker"),
    "merging/": Rule(holders(P.ROLL_MERGE)),
    "records/pick/<str:what>/": Rule(
        _VIEW, words={"what": "enterprise|organisation|superior|area|member|worker|liaison|venue"}
    ),
    "records/free-time/": Rule(_VIEW, ask="text=白班"),
    "records/near/<str:kind>/<int:record_id>/": Rule(_VIEW, kind="enterprise", words={"kind": "enterprise"}),
    "records/near/area/": Rule(_VIEW, ask="lon=123.6&lat=30.6", get=(200, 400)),
}  # fmt: skip
