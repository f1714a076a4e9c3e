"""Industry from the business scope: activity decides, goods and words say which division."""

from __future__ import annotations

import pytest

from feigong.core.roll.industry import IndustryClass, IndustryClassifier, IndustryWord
from feigong.exchange.reference import load_industry_classifier, load_industry_names

CLASSIFIER = load_industry_classifier()


@pytest.mark.parametrize(
    ("scope", "name", "division"),
    [
        ("家具制造、销售", "", "21"),
        ("木制家具、沙发加工及销售", "", "21"),
        ("钢材、建材、五金交电销售", "", "51"),
        ("服装、鞋帽零售", "", "52"),
        ("普通货运", "", "54"),
        ("道路普通货物运输；货物仓储", "", "54"),
        ("国际货运代理；报关服务", "", "58"),
        ("餐饮服务（依法须经批准的项目，经相关部门批准后方可开展经营活动）", "", "62"),
        ("许可项目：住宿服务；一般项目：会议服务", "", "61"),
        ("房地产开发；物业管理", "", "70"),
        ("室内外装饰装修工程设计、施工", "", "50"),
        ("市政工程、公路工程施工", "", "48"),
        ("计算机软件的开发；信息系统集成服务", "", "65"),
        ("广告设计、制作、代理、发布", "", "72"),
        ("吸收公众存款；发放贷款；办理结算", "", "66"),
        ("汽车维修；洗车服务", "", "81"),
        ("机械设备租赁", "", "71"),
        ("服装加工；国内一般贸易；货物、技术进出口（法律、法规禁止的项目除外）", "", "18"),
        ("", "某某海悦家具厂", "21"),
        ("一般项目：食品生产", "某某面包坊", "14"),
    ],
)
def test_division(scope: str, name: str, division: str) -> None:
    found = CLASSIFIER.infer(scope, name)
    assert found is not None
    assert found.division == division
    assert 0 < found.score <= 1
    assert not found.given


def test_nothing_understood() -> None:
    assert CLASSIFIER.infer("") is None
    assert CLASSIFIER.infer("依法须经批准的项目，经相关部门批准后方可开展经营活动。") is None


def test_one_trade_scores_more_than_many() -> None:
    one, many = CLASSIFIER.infer("普通货运"), CLASSIFIER.infer("普通货运；餐饮服务；家具制造；房屋租赁")
    assert one is not None and many is not None
    assert one.division == many.division == "54"
    assert one.score > many.score


def test_names_of_all_divisions() -> None:
    names = load_industry_names()
    assert len(names) == 97
    assert names["51"] == "批发业"
    assert names["62"] == "餐饮业"


def test_built_from_values_alone() -> None:
    classes = [IndustryClass("13", "农副食品加工业", "大类", "C"), IndustryClass("21", "家具制造业", "大类", "C")]
    words = [IndustryWord("制造", "make", 1.0), IndustryWord("搬家", "54", 1.0)]
    classifier = IndustryClassifier(classes, words)
    made, moved = classifier.infer("家具制造"), classifier.infer("搬家")
    assert made is not None and made.division == "21"
    assert moved is not None and moved.division == "54"
