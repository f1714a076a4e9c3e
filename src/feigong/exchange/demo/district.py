"""The invented firms and people of the demo, for one month and the next. The same seed gives the same."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from feigong.exchange.demo.places import CITY, DISTRICT, DISTRICT_CODE, Site, Street, site, streets

DAYS = {1: date(2026, 10, 31), 2: date(2026, 11, 30)}
CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

BRAND_FIRST = "启恒瑞锦凌昊沐璟骏聚鼎煜泽拓纬衡铭臻曜澄霖颂翊旻"
BRAND_SECOND = "帆岳航川奕舟诺朗翎韬策宸坤屿霄远程晟迅鹏桐璨"
SURNAMES = "钟祝柏穆鲁路卓蔺阮褚邢龚滕裴柯甘尉迟桑"
GIVEN = "舒岩澈然予安知行禾苗远舟青山亦可星河沐阳景初"
TRADES = (
    # words of the name, business scope, shift systems by frequency
    ("精密机械", "机械零部件加工；金属结构制造；模具制造", "白班 两班倒 三班倒"),
    ("食品", "糕点、面包制造；预包装食品销售", "白班 两班倒"),
    ("服饰", "服装制造；服饰批发；针纺织品销售", "白班 白班 两班倒"),
    ("物流", "道路货物运输（不含危险货物）；国内货物运输代理；普通货物仓储服务", "白班 两班倒 四班三运转"),
    ("商贸", "日用百货销售；五金产品批发；文具用品零售", "白班 轮休"),
    ("软件", "软件开发；信息技术咨询服务；信息系统集成服务", "白班"),
    ("建筑工程", "房屋建筑工程施工；市政设施管理；建筑劳务分包", "白班"),
    ("装饰设计", "建筑装饰工程；室内设计服务；专业设计服务", "白班"),
    ("餐饮管理", "餐饮服务；餐饮管理；食品经营", "轮休"),
    ("塑胶制品", "塑料制品制造；橡胶制品销售；包装材料制造", "两班倒 三班倒 四班三运转"),
    ("电子科技", "电子元器件制造；电子产品销售；技术服务、技术开发", "白班 两班倒"),
    ("家具", "家具制造；家具销售；木材加工", "白班"),
    ("医疗器械", "第一类医疗器械销售；医疗器械租赁；卫生用品批发", "白班"),
    ("文化传媒", "广告设计、制作；组织文化艺术交流活动；会议及展览服务", "白班"),
    ("物业服务", "物业管理；停车场服务；保洁服务", "两班倒 轮休"),
    ("汽车服务", "汽车修理与维护；汽车零配件零售；洗车服务", "轮休 白班"),
    ("教育咨询", "教育咨询服务；文化艺术培训；体育活动组织", "轮休"),
    ("农业发展", "蔬菜种植；农副产品销售；农业专业及辅助性活动", "白班"),
)
FREE_TIMES = {
    "白班": ("周六、周日全天", "周日全天", "周一至周五晚上，周日上午", "双休日"),
    "两班倒": ("周日全天", "周日上午", "周六下午"),
    "三班倒": ("周三晚上、周日下午", "周日下午"),
    "轮休": ("周一上午", "工作日上午", "周二、周四上午"),
    "四班三运转": ("不固定",),
}
OUTSIDE_BRANCHES = ("上汀村党支部", "白鹭社区第二党支部", "云汀区人才服务中心党总支", "青桥街道流动党员党支部")


@dataclass
class Firm:
    """An enterprise as it is (not as the tables say)."""

    code: str
    name: str
    site: Site
    scope: str
    kind: str
    registered: date
    staff: int
    shift: str
    free: str
    located: bool
    answered: tuple[bool, bool]  # the survey: shift system, free times
    closed: bool = False


@dataclass
class Person:
    name: str
    number: str
    phone: str
    joined: date
    full: bool
    firm: str
    owner: bool
    branch: str = ""
    gone: bool = False


@dataclass
class Branch:
    name: str
    kind: str
    firms: list[str]
    claimed: int
    secretary: str
    elected: date


@dataclass
class DemoOfficer:
    """A liaison officer."""

    name: str
    address: str
    most: int


def credit_code(rng: random.Random) -> str:
    """A unified social credit code of the invented district: both check characters are right (GB 32100-2015)."""
    body = "MA" + "".join(rng.choice(CODE_SIGNS) for _ in range(6))
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 11 - sum(signs.index(c) * w for c, w in zip(body, ORGANISATION_WEIGHTS, strict=True)) % 11
    organisation = body + {10: "X", 11: "0"}.get(rest, str(rest))
    first = f"91{DISTRICT_CODE}{organisation}"
    total = sum(CODE_SIGNS.index(c) * pow(3, i, 31) for i, c in enumerate(first))
    return first + CODE_SIGNS[(31 - total % 31) % 31]


@dataclass
class District:
    """All firms, people, organisations and officers on the day of `DAYS`."""

    seed: int
    count: int
    today: date = DAYS[1]
    firms: list[Firm] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    officers: list[DemoOfficer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.ground: list[Street] = streets(self.rng)
        self.codes: set[str] = set()
        self.names: set[str] = set()
        for _ in range(self.count):
            self._found(self.rng.random() < 0.11)
        self._special()
        for firm in self.firms:
            self._hire(firm)
        self._organise()
        self.officers = [self._officer() for _ in range(max(3, self.count // 7))]

    # Making -----------------------------------------------------------------------------------------------------------

    def _found(self, dormant: bool) -> Firm:
        rng = self.rng
        trade, scope, shifts = rng.choice(TRADES)
        shift = rng.choice(shifts.split())
        staff = 0 if dormant else max(1, int(rng.lognormvariate(2.15, 1.15)))
        firm = Firm(
            code=self._code(),
            name=self._name(trade),
            site=site(rng, self.ground),
            scope=scope,
            kind=rng.choice(("有限责任公司（自然人投资或控股）", "有限责任公司（自然人独资）", "个人独资企业")),
            registered=date(2003, 1, 1) + timedelta(days=rng.randrange(0, 8500)),
            staff=staff,
            shift=shift,
            free=rng.choice(FREE_TIMES[shift]),
            located=rng.random() < 0.55,
            answered=(rng.random() < 0.85, rng.random() < 0.65),
        )
        self.firms.append(firm)
        return firm

    def _code(self) -> str:
        while (code := credit_code(self.rng)) in self.codes:
            pass
        self.codes.add(code)
        return code

    def _name(self, trade: str) -> str:
        rng = self.rng
        while True:
            head = rng.choice((CITY, CITY, DISTRICT, f"{CITY}{DISTRICT}", ""))
            brand = rng.choice(BRAND_FIRST) + rng.choice(BRAND_SECOND) + rng.choice(("", "", rng.choice(BRAND_SECOND)))
            name = f"{head}{brand}{trade}{rng.choice(('有限公司', '有限公司', '有限责任公司'))}"
            if name not in self.names:
                self.names.add(name)
                return name

    def _special(self) -> None:
        """What a person has to decide on: state and collective owners, and branch offices of companies."""
        rng = self.rng
        sample = rng.sample(self.firms, max(3, self.count // 60))
        for k, firm in enumerate(sample):
            if k % 3 == 0:
                firm.kind = "有限责任公司（国有独资）"
                firm.name = f"{DISTRICT}{firm.name[-8:-4].strip('有限责任公司')}国有投资{k:02d}有限公司"
            elif k % 3 == 1:
                firm.kind = "集体所有制"
                firm.name = f"{DISTRICT}{firm.name[:2]}供销合作社第{k:02d}服务部"
            else:
                parent = rng.choice(self.firms)
                firm.name = f"{parent.name}第{k:02d}分公司"
                firm.kind = "有限责任公司分公司"

    def _person_name(self) -> str:
        rng = self.rng
        return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))

    def _hire(self, firm: Firm) -> None:
        rng = self.rng
        if firm.kind.startswith(("有限责任公司（国有", "集体")) and rng.random() < 0.5:
            return
        staff = min(firm.staff, 1500)
        full = sum(rng.random() < 0.042 for _ in range(staff))
        probationary = sum(rng.random() < 0.004 for _ in range(staff))
        self.people += [self._person(firm.code, k < full) for k in range(full + probationary)]

    def _person(self, firm: str, full: bool) -> Person:
        rng = self.rng
        born = date(1962, 1, 1) + timedelta(days=rng.randrange(0, 14500))
        body = f"{DISTRICT_CODE}{born:%Y%m%d}{rng.randrange(1000):03d}"
        total = sum(int(c) * w for c, w in zip(body, ID_WEIGHTS, strict=True))
        joined = min(date(born.year + 21, 6, 1) + timedelta(days=rng.randrange(9000)), self.today - timedelta(days=400))
        if not full:
            joined = self.today - timedelta(days=rng.randrange(20, 340))
        return Person(
            name=self._person_name(),
            number=body + "10X98765432"[total % 11],
            phone=f"1990000{rng.randrange(10000):04d}",
            joined=joined,
            full=full,
            firm=firm,
            owner=rng.random() < 0.07,
        )

    def _officer(self) -> DemoOfficer:
        return DemoOfficer(self._person_name(), site(self.rng, self.ground).address, self.rng.choice((3, 4, 5, 5, 6)))

    def full_members(self) -> dict[str, int]:
        """Full members of each enterprise by its code."""
        found: dict[str, int] = {}
        for p in self.people:
            if p.full and not p.gone:
                found[p.firm] = found.get(p.firm, 0) + 1
        return found

    def _organise(self) -> None:
        rng, count = self.rng, self.full_members()
        for firm in self.firms:
            n = count.get(firm.code, 0)
            if n >= 3 and rng.random() < 0.68:
                tail = "委员会" if n >= 100 else "总支部委员会" if n >= 50 else "支部委员会"
                kind = "党委" if n >= 100 else "党总支" if n >= 50 else "党支部"
                self._branch(f"中共{firm.name}{tail}", kind, [firm.code], count)
        small = sorted((f for f in self.firms if 1 <= count.get(f.code, 0) <= 2), key=lambda f: f.site.address)
        for k in range(0, len(small) - 2, 9):
            own = [f.code for f in small[k : k + 3]]
            if sum(count[c] for c in own) >= 3:
                self._branch(f"{small[k].name[:8]}等联合党支部", "联合党支部", own, count)
        for person in self.people:
            if not person.branch and rng.random() < 0.55:
                person.branch = rng.choice(OUTSIDE_BRANCHES)
        for branch in self.branches:  # some have lost members since their last report
            mine = [p for p in self.people if p.branch == branch.name and p.full]
            if rng.random() < 0.1:
                for person in rng.sample(mine, min(len(mine), 2)):
                    person.gone = True

    def _branch(self, name: str, kind: str, codes: list[str], count: dict[str, int]) -> None:
        secretary = "" if self.rng.random() < 0.06 else self._person_name()
        elected = self.today - timedelta(days=self.rng.randrange(40, 1700))
        self.branches.append(Branch(name, kind, codes, sum(count.get(c, 0) for c in codes), secretary, elected))
        for person in self.people:
            if person.firm in codes:
                person.branch = name

    # A month later ----------------------------------------------------------------------------------------------------

    def next_month(self) -> None:
        """New firms, closures, members who came, went or became full, secretaries gone."""
        rng = self.rng
        self.today = DAYS[2]
        standing = list(self.firms)
        for _ in range(max(1, self.count // 40)):
            self._hire(self._found(False))
        for firm in standing:
            if rng.random() < 0.008:
                firm.closed = True
            elif firm.staff and rng.random() < 0.15:
                firm.staff = max(1, round(firm.staff * rng.uniform(0.85, 1.2)))
        closed = {f.code for f in self.firms if f.closed}
        places = [f.code for f in self.firms if f.staff and not f.closed]
        for person in self.people:
            if person.firm in closed or rng.random() < 0.02:
                person.firm = rng.choice(places)
            elif not person.full and (self.today - person.joined).days > 365:
                person.full = True
        for branch in self.branches:
            if branch.secretary and rng.random() < 0.03:
                branch.secretary = ""
