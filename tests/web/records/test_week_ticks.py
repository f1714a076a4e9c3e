"""Free time ticked by hand: stored as what is read from words is, and never lost to words that say nothing."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import today
from feigong.apps.roll import queries
from feigong.web.records.weeks import posted_slots, ticks_of
from feigong.wording import Words
from platform_district import SmallDistrict, build_small_district

SATURDAY, WEDNESDAY_EVENING = 0b111 << 15, 1 << 8
WEEKEND = 0b111111 << 15


@pytest.mark.parametrize(
    ("sent", "column"),
    [
        ("slots=0.15&slots=0.16&slots=0.17&slots_weeks=1", str(SATURDAY)),
        ("slots=0.15&slots=1.8&slots_weeks=2", f"{1 << 15},{WEDNESDAY_EVENING}"),
        ("slots=0.8&slots_weeks=1&slots_unknown=on", str(WEDNESDAY_EVENING)),  # a tick says more
        ("slots_weeks=1&slots_unknown=on", ""),
        ("slots_weeks=1", "0"),  # nobody is ever free
        ("", ""),
        ("slots=229376&slots_weeks=1", "229376"),  # as the column holds it
        ("slots=0.21&slots_weeks=1", "0.21"),  # no such slot: refused by the action
        ("slots=3.0&slots_weeks=2", "3.0"),
        ("slots=0.1&slots_weeks=99", "2"),
    ],
)
def test_ticks_are_read_as_the_column_holds_them(sent: str, column: str) -> None:
    assert posted_slots(QueryDict(sent)) == column


@pytest.mark.parametrize(
    ("shift", "free_text", "ticked", "reread", "note", "first_week"),
    [
        ("", "", "", False, "read_empty", 0),
        ("", "周三晚上", "", True, "read_stated", WEDNESDAY_EVENING),
        ("", "周三晚上", str(SATURDAY), True, "read_stated", WEDNESDAY_EVENING),
        ("", "周三晚上", str(SATURDAY), False, "read_ticked", SATURDAY),
        ("", "看心情", str(SATURDAY), True, "read_ticked", SATURDAY),
        ("", "看心情", "", True, "read_nothing", 0),
        ("", "", "0", False, "never_free", 0),
        ("", "", "0.21", False, "read_empty", 0),
    ],
)
def test_words_go_before_ticks_only_where_something_is_read(
    shift: str, free_text: str, ticked: str, reread: bool, note: str, first_week: int
) -> None:
    found = ticks_of(shift, free_text, ticked, Words("zh"), reread=reread)
    free = [cell.value for line in found.grid.weeks[0].lines for cell in line.cells if cell.free]
    assert found.note == f"web.records.{note}"
    assert sum(1 << int(value.partition(".")[2]) for value in free) == first_week
    assert found.unknown is (note in ("read_empty", "read_nothing"))


# In the form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def district(db: None) -> SmallDistrict:
    return build_small_district()


def office(district: SmallDistrict) -> Client:
    client = Client()
    client.force_login(district.users[Role.DISTRICT_OFFICE])
    return client


def slots_at(district: SmallDistrict, name: str) -> str:
    return slots_where(district, enterprise_id=district.enterprises[name])


def slots_where(district: SmallDistrict, **which: object) -> str:
    rows = queries.enterprises(district.sight(Role.DISTRICT_OFFICE, today()))
    return str(rows.get(**which).slots)


def sent_by_browser(client: Client, address: str) -> dict[str, object]:
    """What a browser would post: each field as it stands, and the ticks of the week."""
    answer = client.get(address)
    form, html = answer.context["form"], answer.content.decode()
    found: dict[str, object] = {
        "slots_weeks": "1",
        "slots": re.findall(r'name="slots" value="([\d.]+)"[^>]* checked', html),
    }
    for name in form.fields:
        if name != "slots":
            value = form[name].value()
            found[name] = "" if value is None else str(form.fields[name].prepare_value(value))
    return found


def test_what_is_ticked_is_stored_and_shown(district: SmallDistrict) -> None:
    client, record = office(district), f"/enterprises/{district.enterprises['apple']}/"
    sent = sent_by_browser(client, record + "change/")
    assert sent["slots"] == [f"0.{n}" for n in (15, 18, 16, 19, 17, 20)]  # line by line
    assert client.post(record + "change/", sent | {"slots": ["0.8"]}).status_code == 302
    assert slots_at(district, "apple") == str(WEDNESDAY_EVENING)
    assert Record.objects.latest("pk").code == "enterprise.change"
    text = client.get(record).content.decode()
    assert text.count('class="free"') == 1
    assert "<del>周六上午、周六下午、周六晚上、周日上午、周日下午、周日晚上</del>" in text
    assert "周三晚上" in text


def test_untouched_ticks_let_new_words_speak(district: SmallDistrict) -> None:
    client, address = office(district), f"/enterprises/{district.enterprises['apple']}/change/"
    assert client.post(address, sent_by_browser(client, address) | {"free_text": "周三晚上"}).status_code == 302
    assert slots_at(district, "apple") == str(WEDNESDAY_EVENING)


def test_ticks_by_hand_stay_where_words_say_nothing(district: SmallDistrict) -> None:
    client, address = office(district), f"/enterprises/{district.enterprises['apple']}/change/"
    client.post(address, sent_by_browser(client, address) | {"slots": ["0.8"]})
    again = sent_by_browser(client, address) | {"shift": "", "free_text": "打电话约"}
    assert client.post(address, again).status_code == 302
    assert slots_at(district, "apple") == str(WEDNESDAY_EVENING)


def test_nothing_known_and_never_free_are_two_things(district: SmallDistrict) -> None:
    client, address = office(district), f"/enterprises/{district.enterprises['apple']}/change/"
    client.post(address, sent_by_browser(client, address) | {"slots": [], "slots_unknown": "on"})
    assert slots_at(district, "apple") == ""
    client.post(address, sent_by_browser(client, address) | {"slots": []})
    assert slots_at(district, "apple") == "0"


def test_what_is_no_time_of_a_week_is_refused_beside_the_words(district: SmallDistrict) -> None:
    client, address = office(district), f"/enterprises/{district.enterprises['apple']}/change/"
    answer = client.post(address, sent_by_browser(client, address) | {"slots": ["0.21"]})
    assert answer.status_code == 400
    assert "空闲时段格式不对" in answer.context["form"].errors["free_text"][0]


def test_a_new_enterprise_has_the_free_time_of_its_words_until_it_is_ticked(district: SmallDistrict) -> None:
    client = office(district)
    sent = {"name": "晨光印务有限公司", "kind": "enterprise", "control": "private", "standing": "active", "uscc": "",
            "area_id": str(district.areas["west"]), "free_text": "周三晚上", "on": today().isoformat(), "reason": "",
            "slots_weeks": "1"}  # fmt: skip
    assert client.post("/enterprises/new/", sent | {"slots_unknown": "on"}).status_code == 302
    assert slots_where(district, name="晨光印务有限公司") == str(WEDNESDAY_EVENING)
    assert client.post("/enterprises/new/", sent | {"name": "晨曦印务有限公司", "slots": ["0.15"]}).status_code == 302
    assert slots_where(district, name="晨曦印务有限公司") == str(1 << 15)


def test_a_clash_of_weeks_is_shown_in_words(district: SmallDistrict) -> None:
    client, address = office(district), f"/enterprises/{district.enterprises['apple']}/change/"
    mine = sent_by_browser(client, address) | {"slots": ["0.0"]}
    client.post(address, sent_by_browser(client, address) | {"slots": ["0.8"]})
    answer = client.post(address, mine)
    assert answer.status_code == 409
    (clash,) = [c for c in answer.context["clashes"] if c.name == "slots"]
    assert (clash.theirs.text, clash.mine.text, clash.raw) == ("周三晚上", "周一上午", str(WEDNESDAY_EVENING))
    assert re.findall(r'value="([\d.]+)"[^>]* checked', answer.content.decode()) == ["0.0"]  # mine stays ticked


def test_a_week_only_the_other_ticked_is_taken_over(district: SmallDistrict) -> None:
    client, address = office(district), f"/enterprises/{district.enterprises['apple']}/change/"
    mine = sent_by_browser(client, address) | {"staff": "77"}
    client.post(address, sent_by_browser(client, address) | {"slots": ["0.8"]})
    answer = client.post(address, mine)
    assert re.findall(r'value="([\d.]+)"[^>]* checked', answer.content.decode()) == ["0.8"]
