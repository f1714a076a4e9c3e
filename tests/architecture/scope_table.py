"""Every address there is: who may use it, what it names, how it answers. An address that is not here fails the walk.

The key is the address as the table of addresses has it, so that nothing can hide under a name used twice.
"""

from __future__ import annotations

from architecture.scope_records import RECORDS
from architecture.scope_rules import ALL_KINDS, Rule, form, holders
from feigong.apps.accounts.roles import Permission
from platform_district import ON

P = Permission


def of_list(code: str, *permissions: Permission, shows: frozenset[str] = frozenset()) -> dict[str, Rule]:
    may = holders(*permissions)
    exporting = may & holders(P.EXPORT) if code != "audit" else may
    return {
        f"{code}/": Rule(may, shows=shows),
        f"{code}/views/": form(may, name="一览"),
        f"{code}/views/<int:view_id>/drop/": form(may, "view"),
        f"{code}/export/": Rule(exporting, get=(), post={"format": "xlsx"}, posted=(200,), shows=shows),
    }


_ROLL, _PEOPLE, _API = holders(P.ROLL_VIEW), holders(P.MEMBERS_VIEW), holders(P.API_USE)
_UPLOAD, _APPLY = holders(P.IMPORT_UPLOAD), holders(P.IMPORT_APPLY)
_PLANS = holders(P.COVERAGE_VIEW)
_TEMPLATES, _REPLY = holders(P.DOCUMENTS_MANAGE), {"code": "reply_set_up"}
_AUDIT = holders(P.AUDIT_VIEW)
_TARGETS = holders(P.TARGETS_VIEW)
_ALL = ALL_KINDS
_MANAGE = holders(P.ACCOUNTS_MANAGE)
_NAMES = frozenset({"area", "organisation"})  # what a security administrator picks from


_PART = ALL_KINDS - {"enterprise", "venue"}  # what an account has is shown by its name


def account(kind: str = "account", **sent: str) -> Rule:
    return Rule(_MANAGE, kind=kind, get=(), post=sent, posted=(200, 302, 400), shows=_PART)


_CASES = holders(P.CASES_VIEW)


def _case(**sent: str) -> Rule:
    return Rule(holders(P.CASES_WORK), kind="case", get=(), post=sent, posted=(200, 302, 400, 404, 409))


_VISIT = {"key": "walk-visit-1", "on": ON.isoformat(), "met": "owner", "purpose": "talk", "problem": "缺电"}

TABLE: dict[str, Rule] = {
    "": Rule(),
    "language/": Rule(open=True, get=(), post={"language": "zh"}),
    **of_list("enterprises", P.ROLL_VIEW),
    **of_list("organisations", P.ROLL_VIEW),
    **of_list("members", P.MEMBERS_VIEW),
    "members/number/": form(holders(P.MEMBERS_VIEW), number="13900000004"),  # of somebody in the west
    **of_list("workers", P.MEMBERS_VIEW),
    **of_list("venues", P.ROLL_VIEW),
    **RECORDS,
    "areas/": Rule(_ROLL),
    "superiors/": Rule(_ROLL),
    "map/": Rule(_ROLL),
    "map/points/": Rule(_ROLL),
    "map/outlines/": Rule(_ROLL),
    "map/print/": Rule(_ROLL),
    "map/upload/": Rule(holders(P.AREAS_CHANGE), post={"on": "never"}, posted=(400,)),
    "map/upload/write/": Rule(holders(P.AREAS_CHANGE), get=(), post={"on": "2026-01-01"}, posted=(400,)),
    **of_list("coverage", P.COVERAGE_VIEW),
    "coverage/new/": Rule(holders(P.COVERAGE_PLAN), post={"on": "never"}, posted=(400,)),
    "coverage/preset/": Rule(holders(P.COVERAGE_PLAN), post={"on": "never"}, posted=(400,)),
    "coverage/<int:plan_id>/": Rule(_PLANS, kind="plan"),
    "coverage/<int:plan_id>/report/": Rule(_PLANS, kind="whole_plan"),
    "coverage/<int:plan_id>/compare/": Rule(_PLANS, kind="whole_plan"),
    "coverage/<int:plan_id>/compare/export/": Rule(
        _PLANS & holders(P.EXPORT), kind="whole_plan", get=(), post={}, posted=(200,)
    ),
    "coverage/<int:plan_id>/adjust/": Rule(holders(P.COVERAGE_PLAN), kind="whole_plan", post={}, posted=(400,)),
    "coverage/<int:plan_id>/adjust/check/": Rule(
        holders(P.COVERAGE_PLAN), kind="whole_plan", get=(), post={"add": "pin"}, posted=(200,)
    ),
    "coverage/<int:plan_id>/adjust/points/": Rule(holders(P.COVERAGE_PLAN), kind="whole_plan"),
    **of_list("coverage/branches", P.COVERAGE_VIEW),
    "coverage/branches/<int:branch_id>/": Rule(_PLANS, kind="planned_branch"),
    "coverage/branches/approve/": form(holders(P.ROLL_CHANGE), ids="*planned_branch"),
    "coverage/<int:plan_id>/approve/": Rule(
        holders(P.ROLL_CHANGE), kind="plan", get=(), post={"ids": "*enterprise"}, posted=(200,)
    ),
    # cases
    **of_list("cases", P.CASES_VIEW),
    "cases/<int:case_id>/": Rule(_CASES, kind="case"),
    "cases/<int:case_id>/step/": _case(ending="not_now", on="2026-11-02"),
    "cases/<int:case_id>/hold/": _case(text="x"),
    "cases/<int:case_id>/resume/": _case(),
    "cases/<int:case_id>/reopen/": _case(text="x"),
    "cases/<int:case_id>/hand-over/": _case(worker="*worker"),
    "cases/<int:case_id>/remark/": _case(text="x"),
    "cases/<int:case_id>/attach/": _case(),
    "cases/<int:case_id>/documents/<slug:code>/<slug:kind>/": Rule(
        holders(P.CASES_WORK), kind="case", get=(200, 404), words={"code": "talk_record", "kind": "docx"}
    ),
    "cases/<int:case_id>/papers/<int:paper_id>/": Rule(_CASES, kind="case paper"),
    # liaison officers and their visits
    **of_list("visits", P.VISITS_VIEW),
    "visits/<int:visit_id>/": Rule(holders(P.VISITS_VIEW), kind="visit"),
    "visits/<int:visit_id>/correct/": Rule(holders(P.VISITS_LOG), kind="visit", post=_VISIT, posted=(302,)),
    "liaison/": Rule(holders(P.VISITS_LOG), get=(200, 302)),
    "liaison/plans/": Rule(_PLANS, get=(200, 302)),
    "liaison/plans/<int:plan_id>/": Rule(_PLANS, kind="plan"),
    "liaison/plans/<int:plan_id>/waiting/": Rule(_PLANS, kind="plan"),
    "liaison/plans/<int:plan_id>/carry-out/": form(_PLANS & holders(P.ROLL_CHANGE), "plan", all="1"),
    "liaison/visit/<int:enterprise_id>/": Rule(
        holders(P.VISITS_LOG), kind="enterprise", post=_VISIT, posted=(302,)
    ),
    # members who move
    **of_list("movement", P.COVERAGE_VIEW),
    "movement/turnover/": Rule(_PLANS),
    "movement/arrive/": Rule(holders(P.MEMBERS_CHANGE), post={"name": "x"}, posted=(400, 404)),
    "movement/members/<int:member_id>/send/": Rule(
        holders(P.CASES_WORK), kind="member", post={"why": "job", "on": "2026-11-02", "to_name": "x"}, posted=(400,)
    ),
    "movement/again/": Rule(holders(P.COVERAGE_PLAN), get=(), post={}, posted=(302,)),
    "movement/plans/<int:plan_id>/changes/": Rule(_PLANS, kind="whole_plan"),
    # too few members
    **of_list("shortage", P.COVERAGE_VIEW),
    "shortage/open/": form(holders(P.COVERAGE_VIEW, P.CASES_WORK), ids="*enterprise"),
    # targets of the year
    "targets/": Rule(_TARGETS),
    "targets/export/": Rule(_TARGETS & holders(P.EXPORT), get=(), post={"format": "xlsx"}, posted=(200,)),
    "targets/<int:area_id>/": Rule(_TARGETS, kind="area"),
    "targets/<int:area_id>/set/": Rule(
        holders(P.TARGETS_SET), kind="area", get=(200, 400), post={"value_coverage_rate": "50"}, posted=(302, 400, 409)
    ),
    "targets/<int:area_id>/split/": Rule(
        holders(P.TARGETS_SET), kind="area", get=(200, 400), post={"accept": "1"}, posted=(302, 400, 409)
    ),
    # the door
    "login/": Rule(open=True, get=(200, 302), post={"login": "nobody", "password": "nothing"}),
    "login/code/": Rule(open=True, get=(302,), post={"code": "000000"}, posted=(302,)),
    "login/via/<slug:provider_id>/": Rule(open=True, get=(), post={}, posted=(404,), words={"provider_id": "office"}),
    "login/via/<slug:provider_id>/back/": Rule(
        open=True, get=(404,), post={}, posted=(404,), words={"provider_id": "office"}
    ),
    "logout/": Rule(open=True, get=(), post={}, posted=(302,)),
    "invitation/<str:secret>/": Rule(
        open=True, get=(400,), post={"new_password": "x"}, posted=(400,), words={"secret": "none"}
    ),
    # one's own account
    "me/": Rule(),
    "me/password/": Rule(post={"password": "nothing"}),
    "me/second-factor/": Rule(post={"code": "000000", "password": "nothing"}),
    "me/second-factor/change/": form(password="nothing"),
    "me/sessions/end/": form(),
    "me/sessions/<int:sitting>/end/": form(kind="sitting"),
    "me/tokens/": Rule(_API, post={"name": "甲", "days": "9", "permissions": "roll.view", "read_only": "on"}),
    "me/tokens/<int:token>/revoke/": form(_API, "token"),
    # accounts
    "accounts/": Rule(_MANAGE),
    "accounts/new/": Rule(_MANAGE, post={"username": "new"}, shows=_NAMES),
    "accounts/picks/<str:kind>/": Rule(_MANAGE, words={"kind": "organisations"}, shows=_NAMES),
    "accounts/addresses/unlock/": form(_MANAGE, address="10.0.0.1"),
    "accounts/<int:account>/": Rule(_MANAGE, kind="account", shows=_PART),
    "accounts/<int:account>/edit/": Rule(_MANAGE, kind="account", post={"username": "x"}, shows=_PART),
    "accounts/<int:account>/invite/": account(),
    "accounts/<int:account>/close/": account(reason="x"),
    "accounts/<int:account>/reopen/": account(reason="x"),
    "accounts/<int:account>/unlock/": account(),
    "accounts/<int:account>/second-factor/": account(),
    "accounts/<int:account>/tokens/<int:token>/revoke/": account("account token"),
    # imports
    "imports/": Rule(_UPLOAD),
    "imports/new/": Rule(_UPLOAD, post={}, posted=(400,)),
    "imports/<int:number>/": Rule(_UPLOAD, kind="import"),
    "imports/<int:number>/part/": Rule(_UPLOAD, kind="import", get=(200, 204)),
    "imports/<int:number>/files/": form(_UPLOAD, "import"),
    "imports/<int:number>/files/<int:file>/remove/": form(_UPLOAD, "import file"),
    "imports/<int:number>/files/<int:file>/annotated/": Rule(_UPLOAD, kind="import file"),
    "imports/<int:number>/describe/": form(_UPLOAD, "import", department="科室"),
    "imports/<int:number>/sheets/<int:sheet>/": form(_UPLOAD, "import sheet"),
    "imports/<int:number>/check/": form(_UPLOAD, "import"),
    "imports/<int:number>/apply/": form(_APPLY, "import"),
    "imports/<int:number>/take-back/": form(_APPLY, "import", reason="x"),
    "imports/<int:number>/abandon/": form(_UPLOAD, "import"),
    "imports/<int:number>/items/": Rule(_UPLOAD, kind="import"),
    "imports/<int:number>/problems/": Rule(_UPLOAD, kind="import"),
    "imports/<int:number>/rows/": Rule(_UPLOAD, kind="import"),
    "imports/<int:number>/items/choose/": form(_APPLY, "import", choice="accept"),
    "imports/<int:number>/fields/": form(_APPLY, "import"),
    "imports/<int:number>/problems/<int:problem>/answer/": Rule(
        _APPLY, kind="import problem", get=(), post={"answer": "later"}, posted=(200, 302, 400, 404, 409)
    ),
    "imports/<int:number>/problems/take/": form(_APPLY, "import"),
    # templates of documents
    "documents/": Rule(_TEMPLATES),
    "documents/<slug:code>/": Rule(_TEMPLATES, post={}, posted=(400,), words=_REPLY),
    "documents/<slug:code>/template/": Rule(_TEMPLATES, words=_REPLY),
    "documents/<slug:code>/sample/<slug:kind>/": Rule(_TEMPLATES, words={**_REPLY, "kind": "pdf"}),
    "documents/<slug:code>/reset/": Rule(_TEMPLATES, get=(), post={}, posted=(302,), words=_REPLY),
    "documents/<slug:code>/versions/<int:version>/": Rule(_TEMPLATES, kind="template", words=_REPLY),
    "documents/<slug:code>/versions/<int:version>/use/": Rule(
        _TEMPLATES, kind="template", get=(), post={}, posted=(400,), words=_REPLY
    ),
    # audit: an auditor reads what was done, whatever it was done to
    **of_list("audit", P.AUDIT_VIEW, shows=_ALL),
    "audit/<int:number>/": Rule(_AUDIT, kind="record", shows=_ALL),
    "audit/verify/": form(holders(P.AUDIT_VERIFY)),
    "audit/checks/<int:job_id>/": Rule(_AUDIT, kind="check"),
    # jobs
    "jobs/": Rule(),
    "jobs/notice/": Rule(),
    "jobs/<int:job_id>/": Rule(kind="job"),
    "jobs/<int:job_id>/part/": Rule(kind="job"),
    "jobs/<int:job_id>/cancel/": form(kind="own_job"),
    "jobs/<int:job_id>/retry/": form(kind="own_job"),
    # the installation
    "health/": Rule(open=True),
    "health/ready/": Rule(open=True, get=(200, 503)),
    "system/": Rule(holders(P.SYSTEM_MANAGE)),
    # what is out of the API, which has its own walk
    "api/v1/": Rule(open=True, get=(404,), post={}, posted=(404,)),
    "api/v1/openapi.json": Rule(open=True),
    "api/v1/docs": Rule(),
    "api/v1/<path:rest>": Rule(open=True, get=(404,), post={}, posted=(404,), words={"rest": "nothing"}),
}
