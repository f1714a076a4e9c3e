"""The letter of introduction and its receipt: what they say, to whom, and that no ID number is in them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import docx
import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope, Sight
from feigong.apps.cases import actions as work
from feigong.apps.cases import documents, queries
from feigong.apps.cases.actions import Opening, open_case
from feigong.apps.clock import now, today
from feigong.apps.movement import actions
from feigong.apps.movement.actions import Arriving, Sending
from feigong.core.errors import FeigongError
from platform_district import MEMBERS, ON, ORGANISATIONS, WORKERS, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
ASKED, SENT, ACCEPTED = date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 9)
BAI, SINGLE, JOINT, TOWN = MEMBERS["bai"][0], *(ORGANISATIONS[o][0] for o in ("single", "joint", "town"))


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def do(district: SmallDistrict, case: int, ending: str, on: date, **answers: object) -> None:
    work.do_step(district.actor(Role.DISTRICT_OFFICE), case, ending, answers, on=on, today=today())


def asked(district: SmallDistrict, **more: object) -> int:
    given: dict[str, object] = {"to_name": JOINT, "why": "job", **more}
    sending = Sending(district.members["bai"], **given)  # type: ignore[arg-type]
    case = actions.ask_transfer(district.actor(Role.DISTRICT_OFFICE), sending, on=ASKED)
    do(district, case, "agreed", ASKED)
    return case


def lines(sight: Sight, case: int, code: str) -> list[str]:
    made = documents.make(sight, case, code, "docx", on=ACCEPTED)
    return [p.text for p in docx.Document(io.BytesIO(made.content)).paragraphs if p.text]


def office(district: SmallDistrict) -> Sight:
    return district.sight(Role.DISTRICT_OFFICE, ACCEPTED)


def test_the_letter_has_three_parts_and_no_id_number(district: SmallDistrict) -> None:
    case = asked(district)
    before = lines(office(district), case, "transfer_letter")
    assert [line for line in before if line.startswith("编号")] == ["编号：__________"] * 2
    do(district, case, "sent", SENT, number="云组介36", sent_on=SENT.isoformat(), valid_days="45")
    said = lines(office(district), case, "transfer_letter")
    assert [line[-5:] for line in said if "联）" in line] == ["（第一联）", "（第二联）", "（第三联）"]
    stub = f"{BAI}同志系中共正式党员，组织关系由{SINGLE}转往{JOINT}。转接原因：变动工作单位。有效期45天。"
    assert stub in said
    assert said.count("2026年11月4日") == 2
    assert f"{TOWN}（盖章）" in said
    assert f"{TOWN}：" in said  # where the receipt goes
    assert f"{JOINT}：" in said
    assert "编号：云组介36" in said
    text = "\n".join(said)
    assert MEMBERS["bai"][1] not in text and MEMBERS["bai"][2] not in text
    assert "公民身份号码____" in text


def test_a_letter_is_good_as_long_as_usual_unless_its_writer_says_otherwise(district: SmallDistrict) -> None:
    case = asked(district, why="other", noted="照顾家人")
    assert queries.case(office(district), case).case.facts["valid_days"] == 60
    text = "\n".join(lines(office(district), case, "transfer_letter"))
    assert "（有效期60天）" in text
    assert "转接原因：照顾家人。" in text


def test_who_may_not_see_people_reads_no_name_in_it(district: SmallDistrict) -> None:
    case = asked(district)
    blind = replace(office(district), scope=Scope((district.areas["west"],)), members=False)
    text = "\n".join(lines(blind, case, "transfer_letter"))
    assert BAI not in text
    assert "__________同志系中共__________" in text
    receiver = replace(blind, members=True)  # the other side knows whom it takes in
    text = "\n".join(lines(receiver, case, "transfer_letter"))
    assert f"{BAI}同志系中共__________" in text
    assert TOWN not in text  # the sender's superior is out of its sight


def test_the_receipt_says_which_branch_took_the_member_in(district: SmallDistrict) -> None:
    case = asked(district)
    do(district, case, "sent", SENT, number="云组介36", sent_on=SENT.isoformat())
    with pytest.raises(FeigongError) as refused:
        documents.make(office(district), case, "transfer_receipt", "docx", on=ACCEPTED)
    assert refused.value.reason.code == "error.not_found"
    do(district, case, "accepted", ACCEPTED)
    said = lines(office(district), case, "transfer_receipt")
    assert said == [
        "党员组织关系介绍信回执", f"{SINGLE}：",
        f"{BAI}同志的党员组织关系介绍信（编号云组介36，2026年11月4日开具）收悉。该同志的党员组织关系已于"
        f"2026年11月9日转到我处，编入{JOINT}。特此回复。",
        JOINT, "2026年11月9日", "（联系人：__________；联系电话：__________）",
    ]  # fmt: skip


def test_the_receipt_of_an_arrival_goes_to_where_the_letter_came_from(district: SmallDistrict) -> None:
    arriving = Arriving("宁望川", False, district.organisations["single"], "外省某街道党工委")
    case = actions.enter_arrival(district.actor(Role.DISTRICT_OFFICE), arriving, on=ASKED)
    do(district, case, "checked", ASKED, number="外字7", sent_on=date(2026, 10, 20).isoformat())
    do(district, case, "accepted", ACCEPTED)
    said = lines(office(district), case, "transfer_receipt")
    assert said[1] == "外省某街道党工委："
    assert said[2].startswith("宁望川同志的党员组织关系介绍信（编号外字7，2026年10月20日开具）收悉。")
    assert f"编入{SINGLE}。" in said[2]
    blind = replace(office(district), members=False)
    assert "宁望川" not in "\n".join(lines(blind, case, "transfer_receipt"))


def test_a_new_settlers_first_step_sends_its_officer(district: SmallDistrict) -> None:
    opening = Opening(
        "settler", district.areas["east"], enterprises=(district.enterprises["birch"],),
        worker=district.workers["liaison"],
    )  # fmt: skip
    case = open_case(district.actor(Role.DISTRICT_OFFICE), opening, on=ON)
    sight = Sight(district.sight(Role.DISTRICT_OFFICE).scope, ON + timedelta(days=30), now(), members=True)
    text = "\n".join(lines(sight, case, "liaison_letter"))
    assert "恒岳食品有限公司：" in text
    assert f"现派{WORKERS['liaison'][0]}同志" in text
    assert "自2026年1月1日起" in text
