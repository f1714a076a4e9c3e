"""Working on a case: doing its steps, holding it, handing it over, remarks and papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from feigong.apps.accounts import actors
from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Door
from feigong.apps.audit.recording import Change, changing
from feigong.apps.cases import queries
from feigong.apps.cases.actions.opening import state_of
from feigong.apps.cases.effects import EffectOn, Subject, discover
from feigong.apps.cases.models import CaseEvent, CasePaper, CaseState, CaseSubject, EventCode
from feigong.apps.cases.owners import accounts_for_all
from feigong.apps.roll.kinds import RecordKind, check_day, in_sight
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.writing import Writer, putting
from feigong.apps.seals.blobs import seal_bytes
from feigong.core.cases import engine
from feigong.core.cases.values import Answers, CaseKind, Position, Standing
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.text import fold, prose
from feigong.exchange.rules_file import load_rules

MOST_PAPER = 10 * 1024 * 1024
_SUFFIXES = (".docx", ".pdf", ".xlsx", ".jpg", ".jpeg", ".png", ".txt")


@dataclass(frozen=True, slots=True)
class _Work:
    """A case that is being worked on."""

    change: Change
    row: CaseState
    kind: CaseKind
    position: Position

    def to(self, on: date, position: Position | None = None, **facts: Any) -> None:
        """Let it stand there from a day on."""
        state = {} if position is None else state_of(position)
        Writer(self.change).write(CaseState, {(self.row.case_id,): [putting(CaseState, {**state, **facts}, on)]})

    def only_by_its_role(self) -> None:
        """``error.case.role`` where the step under way is somebody else's: nobody stops or starts another's clock."""
        if not queries.may_do(self.change.actor.role, self.kind.step(self.position.step)):
            raise FeigongError("error.case.role")

    def tell(self, on: date, code: EventCode, **more: Any) -> None:
        CaseEvent.objects.create(
            case_id=self.row.case_id, record=self.change.record, on=on, code=code, step=self.row.step, **more
        )


@contextmanager
def _working(actor: Actor, case_id: int, code: str, on: date, expected: int | None) -> Iterator[_Work]:
    """The case as it is known to stand now, locked; ``error.changed_meanwhile`` where it is not as it was looked at."""
    actor.must(Permission.CASES_WORK)
    check_day(on)
    with changing(actor, code, params={"case": case_id}) as change:
        row = queries.case(actor.sight(on, change.at), case_id)
        last = CaseState.rows.filter(case_id=case_id, recorded_to=NEVER).order_by("-valid_from")
        now = last.select_for_update(of=("self",)).first()
        if now is None or (expected is not None and now.pk != expected):
            raise FeigongError("error.changed_meanwhile")
        if now.pk != row.pk:
            raise FeigongError("error.case.day_early", on=on.isoformat(), since=now.valid_from.isoformat())
        yield _Work(change, row, queries.kind_of(row.case), queries.position_of(row))


def do_step(
    actor: Actor, case_id: int, ending: str, answers: Mapping[str, object], *, on: date, today: date,
    expected: int | None = None, text: str = "",
) -> tuple[Reason, ...]:  # fmt: skip
    """The step under way is done in one of its ways; what the roll changes by it is written with it.

    Returns what is to be said of it without keeping anybody from it. Raises what `core.cases.engine.advanced` raises,
    ``error.case.role`` where the step is somebody else's, and what the effect raises.
    """
    with _working(actor, case_id, "case.step", on, expected) as work:
        work.only_by_its_role()
        done = engine.advanced(work.kind, work.position, ending, answers, load_rules(None), on=on, today=today)
        came: dict[str, Any] = {}
        if done.ending.effect:
            actor.must(Permission.ROLL_CHANGE)
        for code in filter(None, (done.ending.calls, done.ending.effect)):
            came |= discover()[code](work.change, _effect_on(work, done.answers, on))
        work.to(on, done.position)
        work.tell(
            on, EventCode.DONE, ending=ending, answers={**done.answers, **came}, text=_text(text),
            warnings=[[w.code, dict(w.params)] for w in done.warnings],
        )  # fmt: skip
    return done.warnings


def _effect_on(work: _Work, answers: Answers, on: date) -> EffectOn:
    subjects = list(CaseSubject.objects.filter(case_id=work.row.case_id).order_by("-host", "pk"))
    sight = work.change.actor.sight(on, work.change.at)
    all_answers: Answers = {}
    for event in queries.events(sight, work.row.case_id):
        all_answers |= event.answers
    about = Subject(
        tuple(s.enterprise_id for s in subjects if s.enterprise_id),
        tuple(s.organisation_id for s in subjects if s.organisation_id),
        tuple(s.member_id for s in subjects if s.member_id),
    )
    facts = work.row.case.facts
    return EffectOn(work.row.case_id, about, work.row.area_id, facts, {**all_answers, **answers}, on)


def hold(
    actor: Actor, case_id: int, *, on: date, until: date | None, text: str, expected: int | None = None
) -> None:  # fmt: skip
    """The clock stands still, for a reason."""
    if not fold(text):
        raise FeigongError("error.roll.reason_missing")
    with _working(actor, case_id, "case.hold", on, expected) as work:
        work.only_by_its_role()
        work.to(on, engine.held(work.position, on=on, until=until))
        work.tell(on, EventCode.HELD, text=_text(text))


def resume(actor: Actor, case_id: int, *, on: date, expected: int | None = None) -> None:
    """The clock goes on."""
    with _working(actor, case_id, "case.resume", on, expected) as work:
        work.only_by_its_role()
        work.to(on, engine.resumed(work.position, on=on))
        work.tell(on, EventCode.RESUMED)


def reopen(actor: Actor, case_id: int, *, on: date, text: str, expected: int | None = None) -> None:
    """A closed case takes up its last step again. What its end changed on the roll stays: take that record back."""
    if not fold(text):
        raise FeigongError("error.roll.reason_missing")
    with _working(actor, case_id, "case.reopen", on, expected) as work:
        work.only_by_its_role()
        ending = work.kind.step(work.position.step).ending(work.position.outcome)
        if ending is not None and ending.effect:
            raise FeigongError("error.case.take_back")
        work.to(on, engine.reopened(work.kind, work.position, load_rules(None), on=on))
        work.tell(on, EventCode.REOPENED, text=_text(text))


def hand_over(
    actor: Actor, case_id: int, *, on: date, owner: int | None = None, worker: int | None = None, text: str = "",
    expected: int | None = None,
) -> None:  # fmt: skip
    """Somebody else sees to it: an account that may see the case, or a liaison officer."""
    with _working(actor, case_id, "case.hand_over", on, expected) as work:
        if work.position.standing is Standing.CLOSED:
            raise FeigongError("error.case.closed")
        if not queries.may_hand_over(actor, work.row, work.kind.step(work.position.step)):
            raise FeigongError("error.case.role")
        if owner is not None:
            _may_own(work, owner, on)
        if worker is not None and not in_sight(RecordKind.WORKER, actor.sight(on, work.change.at), worker).liaison:
            raise FeigongError("error.roll.no_liaison")
        work.to(on, owner_id=owner, worker_id=worker)
        work.tell(on, EventCode.HANDED, text=_text(text))


def owners(actor: Actor, areas: Iterable[int], *, on: date, known_at: datetime) -> list[tuple[int, str]]:
    """Accounts that cases of all these areas can be given to, with their names."""
    actor.must(Permission.CASES_WORK)
    return accounts_for_all(areas, on, known_at)


def _may_own(work: _Work, owner: int, on: date) -> None:
    user = User.objects.filter(pk=owner, is_active=True).first()
    if user is None:
        raise FeigongError("error.not_found")
    other = actors.of_user(user, door=Door.PAGE)
    seen = queries.cases(other.sight(on, work.change.at)).filter(case_id=work.row.case_id)
    if not other.may(Permission.CASES_WORK) or not seen.exists():
        raise FeigongError("error.case.owner_blind")


def comment(actor: Actor, case_id: int, text: str, *, on: date) -> None:
    if not fold(text):
        raise FeigongError("error.case.nothing_said")
    with _working(actor, case_id, "case.comment", on, None) as work:
        work.tell(on, EventCode.REMARKED, text=_text(text))


def attach(actor: Actor, case_id: int, name: str, content: bytes, *, on: date) -> int:
    """Keep a document with the case, sealed."""
    name = fold(name)[-200:]
    if not name.lower().endswith(_SUFFIXES):
        raise FeigongError("error.case.paper_kind", name=name[:80], allowed="、".join(s[1:] for s in _SUFFIXES))
    if not 0 < len(content) <= MOST_PAPER:
        raise FeigongError("error.case.paper_size", name=name[:80], most=MOST_PAPER // 1024 // 1024)
    with _working(actor, case_id, "case.attach", on, None) as work:
        kept = CasePaper.objects.create(
            case_id=case_id, record=work.change.record, step=work.row.step, name=name, size=len(content),
            content=seal_bytes(content),
        )  # fmt: skip
        work.tell(on, EventCode.REMARKED, text=name)
        return int(kept.pk)


def _text(text: str) -> str:
    return prose(text)[: engine.MOST_TEXT]
