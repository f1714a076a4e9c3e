"""Shift systems and free times in words become slots; what is not said stays unknown."""

import pytest

from feigong.core.roll.shifts import read_slots
from feigong.core.roll.slots import FreeSlots
from feigong.exchange.merge_reference import load_shifts

DAYS = "一二三四五六日"


def mask(*slots: str) -> int:
    """``六1`` is Saturday afternoon; ``日*`` all of Sunday; ``1-5.2`` weekday evenings."""
    found = 0
    for slot in slots:
        if slot[0] in DAYS:
            days, parts = [DAYS.index(slot[0])], slot[1]
        else:
            first, last = slot[:3].split("-")
            days, parts = list(range(int(first) - 1, int(last))), slot[4]
        for day in days:
            for part in "012" if parts == "*" else parts:
                found |= 1 << (day * 3 + int(part))
    return found


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("周六全天、周日全天", [mask("六*", "日*")]),
        ("周日全天", [mask("日*")]),
        ("工作日晚上、周日上午", [mask("1-5.2", "日0")]),
        ("周日上午", [mask("日0")]),
        ("周三晚上、周日下午", [mask("三2", "日1")]),
        ("周一上午", [mask("一0")]),
        ("工作日上午", [mask("1-5.0")]),
        ("每周三下午", [mask("三1")]),
        ("周一至周五18:00以后", [mask("1-5.2")]),
        ("周一到周五晚上7点后", [mask("1-5.2")]),
        ("星期六下午3点-5点", [mask("六1")]),
        ("周六14:00-17:00", [mask("六1")]),
        ("周日8:30至11:30", [mask("日0")]),
        ("双休", [mask("六*", "日*")]),
        ("周末", [mask("六*", "日*")]),
        ("每晚", [mask("1-7.2")]),
        ("周一、周三、周五晚上", [mask("一2", "三2", "五2")]),
        ("周六日全天", [mask("六*", "日*")]),
        ("周六、日", [mask("六*", "日*")]),
        ("周日休息", [mask("日*")]),
        ("周五下午；周六上午、下午", [mask("五1", "六0", "六1")]),
        ("除周三外的晚上", [mask("1-7.2") & ~mask("三*")]),
        ("单周周六，双周周日上午", [mask("六*"), mask("日0")]),
        ("随时", [mask("1-7.*")]),
        ("weekday evenings, Sunday morning", [mask("1-5.2", "日0")]),
        ("Sat all day", [mask("六*")]),
        ("Mon-Fri after 18:00", [mask("1-5.2")]),
        ("weekends", [mask("六*", "日*")]),
        ("ＳＵＮＤＡＹ　ｍｏｒｎｉｎｇ", [mask("日0")]),
    ],
)
def test_free_times_in_words(text: str, weeks: list[int]) -> None:
    reading = read_slots("三班倒", text, load_shifts())
    assert reading.fault is None
    assert reading.slots == FreeSlots(tuple(weeks))
    assert reading.stated


@pytest.mark.parametrize("text", ["轮休，不固定", "不固定", "视情况", "not fixed"])
def test_nothing_fixed_is_unknown_and_no_fault(text: str) -> None:
    reading = read_slots("白班", text, load_shifts())
    assert (reading.slots, reading.fault) == (None, None)


@pytest.mark.parametrize("text", ["周日没空", "看老板心情", "周日不休", "没有", "23点以后", "周一至"])
def test_what_cannot_be_read_is_unknown_with_a_fault(text: str) -> None:
    reading = read_slots("白班", text, load_shifts())
    assert reading.slots is None
    assert reading.fault is not None
    assert reading.fault.code == "merge.free_time_unreadable"


@pytest.mark.parametrize(
    ("shift", "free"),
    [
        ("白班", mask("1-5.2", "日*")),
        ("常白班（8小时）", mask("1-5.2", "日*")),
        ("做五休二", mask("1-5.2", "六*", "日*")),
        ("双休", mask("1-5.2", "六*", "日*")),
        ("单休", mask("1-6.2", "日*")),
        ("两班倒", mask("日*")),
        ("商业营业（轮休）", mask("一0")),
        ("白班，周六休息", mask("六*")),
        ("day shift", mask("1-5.2", "日*")),
    ],
)
def test_usual_free_times_of_shift_systems(shift: str, free: int) -> None:
    reading = read_slots(shift, "", load_shifts())
    assert reading.slots == FreeSlots((free,))
    assert reading.fault is None


@pytest.mark.parametrize("shift", ["三班倒", "四班三运转", "倒班", "弹性工作制", "三班制（连续）"])
def test_rotating_shifts_without_a_common_time_are_unknown(shift: str) -> None:
    reading = read_slots(shift, "", load_shifts())
    assert (reading.slots, reading.fault) == (None, None)


def test_a_shift_that_no_word_means_is_reported() -> None:
    reading = read_slots("丙型", "", load_shifts())
    assert reading.slots is None
    assert reading.fault is not None
    assert reading.fault.code == "merge.shift_unknown"


def test_nothing_said_is_unknown() -> None:
    assert read_slots("", "", load_shifts()).slots is None
