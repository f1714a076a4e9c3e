"""The address of a list: what it says is read, what it need not say is left out."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from feigong.web.enterprises.listing import SPEC
from feigong.web.lists.state import State, read_state


def state(query: str, kept: tuple[str, tuple[str, ...]] = ("", ())) -> State:
    return read_state(SPEC, QueryDict(query), kept)


def test_a_bare_address_is_the_usual_list() -> None:
    usual = state("")
    assert usual.here == ""
    assert usual.sort == "name"
    assert usual.columns == ("name", "uscc", "area", "industry", "staff", "standing", "covering")
    assert usual.order() == ("name", "enterprise_id")


def test_what_is_asked_for_comes_back_in_the_address() -> None:
    asked = state("standing=closed&standing=dormant&q=%E5%90%AF%E5%B8%86&sort=-staff&page=3&size=50&on=2026-06-30")
    assert QueryDict(asked.here) == QueryDict(
        "on=2026-06-30&q=%E5%90%AF%E5%B8%86&standing=closed&standing=dormant&sort=-staff&size=50&page=3"
    )
    assert asked.order() == ("-staff", "enterprise_id")


def test_what_means_nothing_is_left_out() -> None:
    strange = state("nonsense=1&q=&q=%20&sort=shape&page=-2&size=7&columns=,zzz&standing=")
    assert strange.here == ""


def test_another_question_begins_at_the_first_page() -> None:
    assert state("page=4").query(sort="staff") == "sort=staff"
    assert state("page=4&q=a").without("q", "a") == ""


def test_one_of_several_values_is_taken_away() -> None:
    assert state("kind=enterprise&kind=other").without("kind", "other") == "kind=enterprise"


def test_clearing_keeps_the_day() -> None:
    assert state("on=2026-06-30&known=2026-07-01&q=a&staff_from=3").bare() == "known=2026-07-01&on=2026-06-30"


def test_columns_stand_in_the_order_of_the_list_and_always_with_the_name() -> None:
    assert state("columns=staff&columns=uscc").columns == ("name", "uscc", "staff")
    assert state("columns=staff,uscc").columns == ("name", "uscc", "staff")


def test_what_an_account_keeps_is_the_usual() -> None:
    kept = ("-staff", ("name", "staff"))
    mine = state("", kept)
    assert (mine.sort, mine.columns, mine.here) == ("-staff", ("name", "staff"), "")
    assert state("sort=name", kept).here == "sort=name"


@pytest.mark.parametrize("query", ["q=" + "x" * 5000, "page=99999999999999999999", "q=a%00b", "size=%C2%B2"])
def test_addresses_that_somebody_made_up(query: str) -> None:
    read = state(query)
    assert all(len(v) <= 200 and "\x00" not in v for values in read.given.values() for v in values)
    assert (read.page, read.size) == (1, 25)
