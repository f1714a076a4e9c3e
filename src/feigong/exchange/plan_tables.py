"""A plan as plain tables: the same rows whichever kind of file they go into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feigong.core.coverage.eligibility import DOUBTFUL
from feigong.core.coverage.values import Decision, Outcome, Proof
from feigong.exchange.plan_view import PlanView

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its header is the word ``plan.col.<key>``. ``kind``: text, int, metres, percent. ``hidden``: only the
    program reads it."""

    key: str
    width: float = 14
    kind: str = "text"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` names the sheet (word ``plan.sheet.<key>``, or the outcome itself) and the file (``base.<key>.csv``)."""

    key: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]

    def at(self, column: str) -> int:
        return [c.key for c in self.columns].index(column)


DECISION = (
    Column("uscc", 21), Column("name", 32), Column("area", 14), Column("industry", 18), Column("outcome", 10),
    Column("reasons", 52), Column("full_members", 9, "int"), Column("probationary", 9, "int"),
    Column("staff", 8, "int"),
    Column("operating", 9), Column("missing_members", 9, "int"), Column("branch", 22), Column("organisation", 26),
    Column("officer", 10), Column("alternative_1", 40), Column("alternative_2", 40), Column("address", 34),
    Column("organisation_key", 18, hidden=True), Column("officer_key", 18, hidden=True),
    Column("fingerprint", 18, hidden=True),
)  # fmt: skip
UNDECIDED = (*DECISION[:5], Column("kind", 12), Column("parent", 32), *DECISION[5:])
BRANCH = (
    Column("branch_title", 32), Column("is_host", 8), Column("uscc", 21), Column("name", 32),
    Column("members", 9, "int"), Column("travel_m", 11, "metres"), Column("verified", 9), Column("slot", 16),
    Column("basis", 11), Column("area", 14), Column("address", 34), Column("branch_members", 9, "int"),
    Column("survival", 12, "percent"), Column("state", 9), Column("reasons", 40), Column("organisation", 26),
    Column("organisation_key", 18, hidden=True), Column("branch", 22),
)  # fmt: skip
LIAISON = (
    Column("officer", 12), Column("load", 8, "int"), Column("most", 8, "int"), Column("uscc", 21), Column("name", 32),
    Column("area", 14), Column("address", 34), Column("staff", 8, "int"), Column("officer_key", 18, hidden=True),
)  # fmt: skip
SHORTAGE = (Column("area", 16), Column("waiting", 12, "int"), Column("missing_officers", 12, "int"))
CHANGE = (Column("branch", 22), Column("enterprises", 60), Column("untouched", 12), Column("reasons", 60))
LEFT = (Column("uscc", 21), Column("name", 32), Column("area", 14), Column("reasons", 60))
PARAMETER = (Column("id", 26), Column("parameter", 30), Column("value", 18), Column("unit", 10), Column("source", 60))

PROOF_FIELDS = tuple(Proof.__dataclass_fields__)


def outcome_tables(view: PlanView) -> list[Table]:
    """One table an outcome, in the order of `Outcome`; empty ones too, so that a reader sees there is none."""
    rows: dict[Outcome, list[tuple[Cell, ...]]] = {o: [] for o in Outcome}
    for decision in view.plan.decisions:
        rows[decision.outcome].append(_decision_row(view, decision))
    tables = [Table(f"outcome.{o}", DECISION, rows[o]) for o in Outcome if o is not Outcome.UNDECIDED]
    return [*tables, _undecided_table(view)]


def _undecided_table(view: PlanView) -> Table:
    """What a person decides, so that like stands beside like: by cause, then by parent company."""
    order = [code.value for code in DOUBTFUL]
    found: list[tuple[tuple[int, str, str], tuple[Cell, ...]]] = []
    for d in view.plan.decisions:
        if d.outcome is Outcome.UNDECIDED:
            kind, parent, row = view.kind(d), view.parent(d), _decision_row(view, d)
            word = view.words.word(f"plan.kind.{kind}") if kind else ""
            at = order.index(kind) if kind else len(order)
            found.append(((at, parent, d.uscc), (*row[:5], word, parent, *row[5:])))
    return Table(f"outcome.{Outcome.UNDECIDED}", UNDECIDED, [row for _, row in sorted(found, key=lambda f: f[0])])


def decisions_table(view: PlanView) -> Table:
    """All decisions in one table, for csv and parquet."""
    return Table("decisions", DECISION, [_decision_row(view, d) for d in view.plan.decisions])


def _decision_row(view: PlanView, d: Decision) -> tuple[Cell, ...]:
    words, found = view.words, view.enterprises.get(d.uscc)
    others = [*view.alternative_texts(d), "", ""]
    return (
        d.uscc, view.name(d.uscc), view.area_name(view.area(d.uscc)), view.industry_name(view.industry(d.uscc)),
        words.word(f"outcome.{d.outcome}"), words.sentences(d.reasons), d.full_members, d.probationary, d.staff,
        words.yes(d.operating), d.missing_members or None, d.branch or "", view.organisation_name(view.organisation(d)),
        view.officer_name(d.officer), others[0], others[1], found.place.text if found else "",
        view.organisation(d) or "", d.officer or "", d.fingerprint,
    )  # fmt: skip


def branches_table(view: PlanView) -> Table:
    """One row a seat, the host first, grouped by branch."""
    words = view.words
    rows: list[tuple[Cell, ...]] = []
    for b in view.plan.branches:
        for seat in b.seats:
            found = view.enterprises.get(seat.uscc)
            rows.append((
                view.branch_title(b), words.yes(seat.uscc == b.host), seat.uscc, view.name(seat.uscc),
                seat.members, seat.travel_m, words.yes(seat.verified), words.slot(b.slot, b.cycle_weeks),
                words.word(f"basis.{b.basis}"), view.area_name(view.area(seat.uscc)), found.place.text if found else "",
                b.members, b.survival, words.word(f"branch_state.{b.state}"), words.sentences(b.reasons),
                view.organisation_name(b.joins), b.joins or "", b.key,
            ))  # fmt: skip
    return Table("branches", BRANCH, rows)


def liaison_table(view: PlanView) -> Table:
    """Who looks after whom, by officer; those who wait for an officer last, their officer left empty."""
    rows: list[tuple[Cell, ...]] = []
    loads = sorted(view.plan.loads, key=lambda x: (view.officer_name(x.officer), x.officer))
    for load in loads:
        for uscc in load.enterprises:
            rows.append(_liaison_row(view, uscc, load.officer, len(load.enterprises), load.most))
    rows += [_liaison_row(view, uscc, None, None, None) for uscc in view.plan.waiting]
    return Table("liaison", LIAISON, rows)


def _liaison_row(
    view: PlanView, uscc: str, officer: str | None, load: int | None, most: int | None
) -> tuple[Cell, ...]:
    found = view.enterprises.get(uscc)
    return (
        view.officer_name(officer), load, most, uscc, view.name(uscc), view.area_name(view.area(uscc)),
        found.place.text if found else "", found.staff if found else None, officer or "",
    )  # fmt: skip


def shortage_table(view: PlanView) -> Table:
    return Table("shortage", SHORTAGE, [(view.shortage_area(s), s.waiting, s.missing) for s in view.plan.shortages])


def change_table(view: PlanView) -> Table:
    words = view.words
    rows: list[tuple[Cell, ...]] = [
        (c.branch, words.join([view.name(u) for u in c.usccs]), words.yes(c.untouched), words.sentences(c.reasons))
        for c in view.plan.changes
    ]
    return Table("changes", CHANGE, rows)


def left_table(view: PlanView) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (x.uscc, view.name(x.uscc), view.area_name(view.area(x.uscc)), view.words.say(x.reason))
        for x in view.plan.left_out
    ]
    return Table("left_out", LEFT, rows)


def parameter_table(view: PlanView) -> Table:
    """Parameters in force with their sources, the plan's own particulars, and its proof."""
    words, plan = view.words, view.plan
    rows: list[tuple[Cell, ...]] = []
    for key, value in plan.parameters:
        note = view.names.parameters.get(key)
        name, unit, source = (note.name, note.unit, note.source) if note else (key, "", "")
        rows.append((key, name, view.parameter_text(key, value), unit, source))
    particulars: Iterable[tuple[str, Cell]] = [
        ("plan.on", plan.on.isoformat()),
        ("plan.seed", plan.seed),
        ("plan.stopped_early", words.yes(plan.stopped_early)),
        *((f"proof.{k}", _proof_cell(view, k)) for k in PROOF_FIELDS),
    ]
    rows += [(key, words.word(f"plan.{key}"), value, "", words.word(f"plan.{key}.note")) for key, value in particulars]
    return Table("parameters", PARAMETER, rows)


def _proof_cell(view: PlanView, key: str) -> Cell:
    value: bool | int | float = getattr(view.plan.proof, key)
    return view.words.yes(value) if isinstance(value, bool) else value
