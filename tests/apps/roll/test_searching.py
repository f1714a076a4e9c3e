"""The search column: name, code, pinyin in full and initials; surnames and characters with several readings."""

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.roll import queries
from feigong.apps.roll.searching import matching, search_text
from platform_district import build_small_district


@pytest.mark.parametrize(
    ("name", "person", "found"),
    [
        ("长乐重工机械（澜州）有限公司", False, ["长乐重工", "changlezhonggong", "clzgjxlzyxgs"]),
        ("柳港３Ｄ打印", False, ["3d打印", "liugang3ddayin", "lg3ddy"]),
        ("单雄信", True, ["shanxiongxin", "sxx"]),
        ("尉迟恭", True, ["yuchigong", "ycg"]),
        ("曾国", True, ["zengguo", "zg"]),
        ("单", True, ["单", "dan"]),
    ],
)
def test_what_a_name_is_found_by(name: str, person: bool, found: list[str]) -> None:
    text = search_text(name, person=person)
    assert [f for f in found if f not in text] == []


def test_a_code_is_in_it_and_it_fits_the_column() -> None:
    assert "|91990101ma01|" in search_text("甲厂", "91990101MA01")
    assert len(search_text("重" * 200, longest=300)) <= 300


@pytest.mark.django_db
def test_every_word_must_match() -> None:
    district = build_small_district()
    rows = queries.enterprises(district.sight(Role.DISTRICT_OFFICE))
    apple, daisy = district.enterprises["apple"], district.enterprises["daisy"]

    def found(text: str) -> set[int]:
        return set(rows.filter(matching(text)).values_list("enterprise_id", flat=True))

    assert found("启帆 机械") == found("QIFAN") == found("qfjmjx") == {apple}
    assert found("ruanjian") == {daisy}
    assert found("启帆 软件") == set()
    assert found(rows.get(enterprise_id=daisy).uscc[:12].lower()) >= {daisy}
    assert found("100%") == found("_") == set()
    assert len(found("  ")) == 8
