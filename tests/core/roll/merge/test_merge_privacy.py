"""Identity and telephone numbers are covered wherever they were typed; codes and house numbers stay."""

import pytest

from feigong.core.roll.merge.privacy import without_numbers
from merge_tables_maker import make_code, make_id

ID = make_id(5)


@pytest.mark.parametrize(
    "number",
    [ID, f"{ID[:6]} {ID[6:14]} {ID[14:]}", f"{ID[:6]}{ID[8:17]}", "13800001234", "138-0000-1234", "+86 13800001234",
     "0414-3801234", "02488881234", "010-88881234"],
)  # fmt: skip
def test_numbers_of_persons_are_covered(number: str) -> None:
    assert without_numbers(f"找老王{number}即可") == "找老王***即可"


@pytest.mark.parametrize(
    "text", [make_code(3), "平山路1234号", "2020-10-31", "注册号210500004999999", "4楼401-402室", "", "共12345678元"]
)
def test_other_numbers_stay(text: str) -> None:
    assert without_numbers(text) == text
