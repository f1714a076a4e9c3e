"""Identity and telephone numbers are covered wherever they were typed; codes and house numbers stay."""

from itertools import product

import pytest

from feigong.core.roll.merge.privacy import without_numbers
from merge_tables_maker import make_code, make_id, merge, table

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


CODES = [make_code(52000001 + i) for i in range(3)]
NAMES = ["青禾木业有限公司", "北斗食品厂", "长风物流有限公司"]
TABLES: dict[str, tuple[list[str], list[list[object]]]] = {
    "登记.xlsx": (
        ["统一社会信用代码", "企业名称", "成立日期", "住所", "经营范围", "企业类型", "所属街道", "备注", "经度", "纬度",
         "参保人数", "空闲时段"],
        [
            [c, n, "2020-01-01", "平山路1号", "销售木材", "有限责任公司", "平山街道", "", 123.7, 41.3, 5, "周日"]
            for c, n in zip(CODES, NAMES, strict=True)
        ],
    ),
    "党员.xlsx": (
        ["姓名", "身份证号", "人员类别", "入党日期", "工作单位", "所在党支部", "备注"],
        [[f"欧阳{i}明", make_id(i), "正式党员", "2000-01-01", NAMES[i], "青禾支部", ""] for i in range(3)],
    ),
    "党组织.xlsx": (
        ["党组织名称", "类别", "覆盖企业", "正式党员数", "书记", "最近一次选举日期"],
        [[f"{n[:2]}支部", "党支部", n, 3, "某某", "2020-01-01"] for n in NAMES[:2]],
    ),
    "联络员.xlsx": (["姓名", "办公地址", "最多联系企业数"], [["王一", "平山路1号", 3], ["王二", "平山路2号", 3]]),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_personal_number_typed_into_any_cell_reaches_neither_roll_nor_problems(name: str) -> None:
    secrets = make_id(777), "13812345678"
    for column, secret, alone in product(range(len(TABLES[name][0])), secrets, (True, False)):
        tables = []
        for other, (head, body) in TABLES.items():
            rows = [list(row) for row in body]
            if other == name:
                rows[0][column] = secret if alone else f"{rows[0][column]} {secret}"
            tables.append(table(other, head, *rows))  # type: ignore[arg-type]
        assert secret not in repr(merge(*tables)), (TABLES[name][0][column], alone)
