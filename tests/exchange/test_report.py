"""The report opens offline, escapes everything, holds no person's data, and its figures are those of the rows."""

from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from plan_sample import Sample

from feigong.core.coverage.values import Alternative, CoveragePlan, Outcome, Proof
from feigong.core.errors import FeigongError
from feigong.core.reasons import reason
from feigong.core.roll.values import Flag, FlagCode, Identity, Member, Roll
from feigong.exchange.plan_view import Names, ParameterNote, PlanView
from feigong.exchange.proof_words import proof_sentence
from feigong.exchange.report import figures, write_report
from feigong.exchange.report.map import map_picture
from feigong.exchange.report.page import report_html
from feigong.exchange.report.rows import FLAGS, OUTCOMES
from feigong.wording import Words

SAMPLE = Sample(150, located=0.8)


class Page(HTMLParser):
    """Elements with their attributes, links, and the data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._data = False
        self.data = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._data = tag == "script" and dict(attrs).get("id") == "data"

    def handle_endtag(self, tag: str) -> None:
        self._data = False

    def handle_data(self, data: str) -> None:
        if self._data:
            self.data += data
        else:
            self.text += data


def page(sample: Sample = SAMPLE, lang: str = "zh", **options: Any) -> Page:
    return Page(report_html(sample.plan, sample.roll, Words(lang), **options))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_asked_from_outside(lang: str) -> None:
    html = report_html(SAMPLE.plan, SAMPLE.roll, Words(lang))
    assert re.findall(r"https?://|//[a-z]+\.|@import|url\(", html) == []
    fetching = ("src", "srcset", "data", "action", "xlink:href")
    loading = {(t, k) for t, attrs in Page(html).tags for k in attrs if k in fetching}
    assert loading == set()
    links = {attrs["href"] for t, attrs in Page(html).tags if t in ("a", "link") and attrs.get("href")}
    assert {str(link)[0] for link in links} == {"#"}


def test_names_are_text_and_never_markup() -> None:
    evil = '</script><img src=x onerror="alert(1)">&amp;\u2028'
    firms = tuple(dataclasses.replace(e, name=evil) for e in SAMPLE.roll.enterprises)
    roll = dataclasses.replace(SAMPLE.roll, enterprises=firms)
    html = report_html(SAMPLE.plan, roll, Words(), previous=SAMPLE.plan)
    assert "<img" not in html
    assert html.count("</script>") == 2
    assert json.loads(Page(html).data)["rows"][0][1] == evil


def test_every_decision_and_every_left_out_is_a_row() -> None:
    data = json.loads(page().data)
    rows = {row[0]: row for row in data["rows"]}
    assert set(rows) == {d.uscc for d in SAMPLE.plan.decisions} | {x.uscc for x in SAMPLE.plan.left_out}
    for d in SAMPLE.plan.decisions:
        assert OUTCOMES[rows[d.uscc][4]] == d.outcome
        assert rows[d.uscc][5] == d.full_members
        assert bool(rows[d.uscc][8] & 1 << FLAGS.index("waiting")) == (d.uscc in SAMPLE.plan.waiting)
    assert len(data["branches"]) == len(SAMPLE.plan.branches)


def test_figures_are_those_of_the_rows() -> None:
    view = PlanView(SAMPLE.plan, SAMPLE.roll, Words())
    whole = figures.whole_rate(view)
    operating = [d for d in SAMPLE.plan.decisions if d.operating]
    assert whole.operating == len(operating)
    assert whole.after == sum(d.outcome in ("keep", "own", "joint", "join", "repair") for d in operating)
    assert whole.before == sum(d.organisation is not None for d in operating)
    by_area = figures.rates(view, view.area, view.area_name)
    assert (sum(r.operating for r in by_area), sum(r.after for r in by_area)) == (whole.operating, whole.after)
    assert 0.0 <= whole.share_after <= 1.0


def test_a_repair_without_organisation_is_not_counted() -> None:
    decision = next(d for d in SAMPLE.plan.decisions if d.outcome is Outcome.REPAIR)
    view = PlanView(SAMPLE.plan, SAMPLE.roll, Words())
    assert view.organised(decision)
    assert not view.organised(dataclasses.replace(decision, organisation=None))


def test_an_undecided_enterprise_keeps_the_organisation_it_has() -> None:
    kept = next(d for d in SAMPLE.plan.decisions if d.outcome is Outcome.KEEP)
    free = next(d for d in SAMPLE.plan.decisions if d.outcome is Outcome.LIAISON)
    view = PlanView(SAMPLE.plan, SAMPLE.roll, Words())
    assert view.organised(dataclasses.replace(kept, outcome=Outcome.UNDECIDED, organisation=None))
    assert not view.organised(dataclasses.replace(free, outcome=Outcome.UNDECIDED))


def test_no_person_gets_into_the_report() -> None:
    member = Member("key-of-a-member", True, identity=Identity("张三丰", "990101197001010018", "13800001234"))
    roll = dataclasses.replace(SAMPLE.roll, members=(member,))
    html = report_html(SAMPLE.plan, roll, Words())
    assert not any(s in html for s in ("张三丰", "990101197001010018", "13800001234", "key-of-a-member"))


def test_changes_name_what_they_were() -> None:
    previous = Sample(150, located=0.8, seed=8).plan
    shown = page(previous=previous)
    was = {d.uscc: d.outcome for d in previous.decisions}
    moved = sum(d.uscc in was and was[d.uscc] is not d.outcome for d in SAMPLE.plan.decisions)
    counted = sum(t.count for t in figures.transitions(PlanView(SAMPLE.plan, SAMPLE.roll, Words()), previous))
    assert counted == moved
    changed = 1 << FLAGS.index("changed")
    assert sum(bool(r[8] & changed) for r in json.loads(shown.data)["rows"]) == moved


def test_parameters_come_with_their_source() -> None:
    names = Names(parameters={"travel_m": ParameterNote("到会路程上限", "米", "某规定第五条")})
    assert "某规定第五条" in page(names=names).text


def test_a_map_only_where_there_are_coordinates() -> None:
    none = Sample(150, located=0.0)
    assert map_picture(PlanView(none.plan, none.roll, Words()), ["x"] * len(none.plan.branches)) is None
    tags = [(t, a) for t, a in page(none).tags]
    assert not any(a.get("id") == "map" for _, a in tags)
    assert sum(a.get("class") == "tile" for _, a in tags) == len(none.plan.branches)


def test_the_map_is_to_scale() -> None:
    whole = Sample(150, located=1.0)
    view = PlanView(whole.plan, whole.roll, Words())
    picture = map_picture(view, ["x"] * len(whole.plan.branches))
    assert picture is not None
    assert len(picture.branches) == len(whole.plan.branches)
    first, last = picture.branches[0], picture.branches[-1]
    a, b = (view.enterprises[whole.plan.branches[x.index].host].place.point for x in (first, last))
    assert a is not None and b is not None
    east = (b.longitude - a.longitude) * 111_320 * 0.7524  # cosine of 41.2 degrees
    north = (b.latitude - a.latitude) * 111_320
    metre = picture.scale_length / picture.scale_m
    assert last.host[0] - first.host[0] == pytest.approx(east * metre, abs=2)
    assert first.host[1] - last.host[1] == pytest.approx(north * metre, abs=2)


def test_seats_without_coordinates_are_marked() -> None:
    picture = map_picture(PlanView(SAMPLE.plan, SAMPLE.roll, Words()), ["x"] * len(SAMPLE.plan.branches))
    assert picture is not None and picture.guessed
    located = {e.uscc for e in SAMPLE.roll.enterprises if e.place.point}
    for b in picture.branches:
        members = SAMPLE.plan.branches[b.index].seats[1:]
        assert [m[2] for m in b.members] == [s.uscc not in located for s in members]


def proof(**values: Any) -> CoveragePlan:
    base = Proof(10, 20, 15, 15, 31_400.0, 31_400.0, 31_200.0, 0.0064, False)
    return dataclasses.replace(SAMPLE.plan, proof=dataclasses.replace(base, **values))


ALL = "这份方案覆盖了全部能覆盖的党员（15 名）；"
BOUND = "覆盖同样多党员的任何方案都不会少于"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, f"{ALL}总路程 31.4 公里，{BOUND} 31.2 公里（差距 0.6%，已证明）。"),
        ({"bound_cost_m": -20.0, "gap": 1.0006}, f"{ALL}总路程 31.4 公里，离最短的方案差多少还没有证明。"),
        ({"optimal": True}, f"{ALL}总路程 31.4 公里，覆盖同样多党员没有更短的方案（已证明）。"),
        (
            {"bound_cost_m": 31_380.0, "gap": 0.00064},
            f"{ALL}总路程 31.4 公里，{BOUND} 31.38 公里（差距 0.06%，已证明）。",
        ),
        (
            {"bound_covered": 17},
            f"这份方案覆盖 15 名党员，任何方案最多 17 名；总路程 31.4 公里，{BOUND} 31.2 公里（差距 0.6%，已证明）。",
        ),
        (
            {"cost_m": 30_000.0, "bound_cost_m": 29_900.0, "gap": 0.0033},
            f"{ALL}总路程 31.4 公里；连同“同楼同街优先、少动现有组织”一并考虑，离最好的方案至多差 0.3%（已证明）。",
        ),
    ],
)
def test_the_proof_is_one_sentence(values: dict[str, Any], sentence: str) -> None:
    assert proof_sentence(proof(**values), Words()) == sentence


def test_an_empty_plan_is_a_page_too() -> None:
    nothing = Proof(0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, True)
    plan = CoveragePlan(SAMPLE.plan.on, (), (), nothing)
    html = report_html(plan, dataclasses.replace(SAMPLE.roll, enterprises=()), Words())
    assert "没有需要联合组建的企业。" in html


def test_the_file_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.html"
    write_report(SAMPLE.plan, SAMPLE.roll, path, Words())
    before = path.read_text(encoding="utf-8")
    with pytest.raises(FeigongError) as caught:
        write_report(SAMPLE.plan, SAMPLE.roll, path, Words())
    assert (caught.value.reason.code, path.read_text(encoding="utf-8")) == ("error.output_exists", before)
    assert [p.name for p in tmp_path.iterdir()] == ["plan.html"]


def test_the_script_stays_small() -> None:
    script = Path(figures.__file__).with_name("report.js")
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 300


def undecided_sample() -> tuple[CoveragePlan, Roll]:
    """Every liaison enterprise made a doubtful one in turn; branch offices of two companies."""
    causes = {
        FlagCode.STATE_OWNED: (reason("undecided.state_owned"),),
        FlagCode.BRANCH_OFFICE: (reason("undecided.branch_office_of", parent="甲城银行股份有限公司"),),
        FlagCode.CONTRADICTION: (reason("undecided.contradiction"),),
    }
    chosen = [d.uscc for d in SAMPLE.plan.decisions if d.outcome is Outcome.LIAISON][:9]
    flags = {u: list(causes)[i % 3] for i, u in enumerate(chosen)}
    decisions = tuple(
        dataclasses.replace(d, outcome=Outcome.UNDECIDED, reasons=causes[flags[d.uscc]]) if d.uscc in flags else d
        for d in SAMPLE.plan.decisions
    )
    firms = tuple(
        dataclasses.replace(e, flags=(Flag(flags[e.uscc], reason("check.code_invalid")),)) if e.uscc in flags else e
        for e in SAMPLE.roll.enterprises
    )
    return dataclasses.replace(SAMPLE.plan, decisions=decisions), dataclasses.replace(SAMPLE.roll, enterprises=firms)


def test_what_waits_for_a_decision_is_sorted_by_cause_and_adds_up() -> None:
    plan, roll = undecided_sample()
    view = PlanView(plan, roll, Words())
    waits = {n.link: n.count for n in figures.needs(view) if n.link.startswith("outcome=undecided")}
    others = sum(d.outcome is Outcome.UNDECIDED for d in SAMPLE.plan.decisions)
    assert others > 0
    assert waits == {
        "outcome=undecided&flag=why_state_owned": 3, "outcome=undecided&flag=why_branch_office": 3,
        "outcome=undecided&flag=why_contradiction": 3, "outcome=undecided": others,
    }  # fmt: skip
    assert [(p.name, p.count) for p in figures.parents(view)] == [("甲城银行股份有限公司", 3)]
    bits = 1 << FLAGS.index("why_branch_office")
    html = report_html(plan, roll, Words())
    rows = json.loads(html.split('id="data">')[1].split("</script>")[0])["rows"]
    assert sum(bool(r[8] & bits) for r in rows) == 3
    assert "甲城银行股份有限公司 <b>3</b>" in html


def test_a_parameter_is_shown_in_words() -> None:
    view = PlanView(SAMPLE.plan, SAMPLE.roll, Words())
    shown = [view.parameter_text(*p) for p in (("bases", "building, industry"), ("x", "false"), ("travel_m", "3000"))]
    assert shown == ["同一楼宇、同一行业", "否", "3000"]


def test_another_way_says_its_price_once_and_only_where_it_costs_more() -> None:
    view = PlanView(SAMPLE.plan, SAMPLE.roll, Words())
    near = reason("alt.join_nearest", organisation="甲支部", metres=800.0)
    group = reason("alt.other_group_hosts", others="乙、丙", enterprises=3)
    texts = [
        view.alternative_texts(dataclasses.replace(SAMPLE.plan.decisions[0], alternatives=(a,)))[0]
        for a in (
            Alternative(Outcome.JOIN, near, 800.0), Alternative(Outcome.JOINT, group, 2.0),
            Alternative(Outcome.JOINT, group, 1500.0),
        )
    ]  # fmt: skip
    assert texts == [
        "加入现有：最近的是甲支部，到会 800 米",
        "联合建：改在本企业活动，与乙、丙联合，共 3 户；路程与方案相当",
        "联合建：改在本企业活动，与乙、丙联合，共 3 户；全区合计折合多走 1.5 公里",
    ]
