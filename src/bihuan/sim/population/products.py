"""What can be held: invented shares and the firm's catalogue, R1 to R5. Codes beginning with 88 belong to nobody."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from bihuan.kit.time import TradingCalendar

SHARES = 160
_FIRST = "远东南北华江海金中天新盛恒长安泰宏瑞嘉明"
_SECOND = "光信科能源通达创联智维康诚美辰景拓"
_TRADE = ["科技", "电子", "医药", "新能", "银行", "地产", "食品", "机械", "材料", "物流", "传媒", "软件"]


@dataclass(frozen=True)
class Product:
    """One item: `kind` is share, cash_management, fund, bond, structured_note, private_plan or repo.

    `term_days` 0 means it can be sold any day; `needs_qualified` that only qualified investors may buy it.
    """

    code: str
    name: str
    name_en: str
    kind: str
    risk: str
    asset_class: str
    term_days: int
    minimum: int
    needs_qualified: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the catalogue takes it."""
        return asdict(self)


P = Product
CATALOGUE: tuple[Product, ...] = (
    P("880001", "日日盈现金管理", "Daily Cash", "cash_management", "R1", "fixed_income", 0, 1),
    P("880002", "活期通货币基金", "On-Call Money Fund", "fund", "R1", "fixed_income", 0, 1),
    P("880003", "国债逆回购一天期", "One-Day Treasury Repo", "repo", "R1", "fixed_income", 1, 1_000),
    P("880004", "国债逆回购七天期", "Seven-Day Treasury Repo", "repo", "R1", "fixed_income", 7, 1_000),
    P("880011", "稳航收益凭证14天", "Steady Note 14 Days", "structured_note", "R1", "fixed_income", 14, 50_000),
    P("880012", "稳航收益凭证28天", "Steady Note 28 Days", "structured_note", "R1", "fixed_income", 28, 50_000),
    P("880013", "稳航收益凭证91天", "Steady Note 91 Days", "structured_note", "R2", "fixed_income", 91, 50_000),
    P("880014", "远航鲨鱼鳍收益凭证", "Shark Fin Note", "structured_note", "R3", "mixed", 91, 50_000),
    P("880021", "短债增利债券基金", "Short Bond Fund", "fund", "R2", "fixed_income", 0, 10),
    P("880022", "纯债优选债券基金", "Core Bond Fund", "fund", "R2", "fixed_income", 0, 10),
    P("880023", "城投企业债", "City Investment Bond", "bond", "R2", "fixed_income", 0, 1_000),
    P("880024", "可转债精选", "Convertible Bond Selection", "bond", "R3", "mixed", 0, 1_000),
    P("880031", "固收增强混合基金", "Fixed Income Plus Fund", "fund", "R3", "mixed", 0, 10),
    P("880032", "均衡配置混合基金", "Balanced Fund", "fund", "R3", "mixed", 0, 10),
    P("880033", "沪深宽基指数基金", "Broad Index Fund", "fund", "R3", "equity", 0, 10),
    P("880034", "红利低波指数基金", "Dividend Index Fund", "fund", "R3", "equity", 0, 10),
    P("880041", "科技创新股票基金", "Technology Equity Fund", "fund", "R4", "equity", 0, 10),
    P("880042", "医药健康股票基金", "Health Equity Fund", "fund", "R4", "equity", 0, 10),
    P("880043", "港股通精选基金", "Hong Kong Connect Fund", "fund", "R4", "equity", 0, 10),
    P(
        "880051",
        "启明一号固收私募计划",
        "Fixed Income Private Plan",
        "private_plan",
        "R3",
        "fixed_income",
        365,
        300_000,
        True,
    ),
    P("880052", "启明二号混合私募计划", "Mixed Private Plan", "private_plan", "R4", "mixed", 365, 400_000, True),
    P(
        "880053",
        "启明三号量化私募计划",
        "Quantitative Private Plan",
        "private_plan",
        "R5",
        "equity",
        365,
        1_000_000,
        True,
    ),
)


def shares(rng: np.random.Generator) -> tuple[Product, ...]:
    """Invented listed shares; most are R3, the younger boards R4."""
    names: dict[str, None] = {}
    while len(names) < SHARES:
        name = f"{rng.choice(list(_FIRST))}{rng.choice(list(_SECOND))}{rng.choice(_TRADE)}"
        names.setdefault(name)
    return tuple(
        Product(
            code=f"88{1001 + i:04d}",
            name=name,
            name_en=f"Share {1001 + i}",
            kind="share",
            risk="R4" if i % 4 == 0 else "R3",
            asset_class="equity",
            term_days=0,
            minimum=0,
        )
        for i, name in enumerate(names)
    )


def share_prices(days: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Daily prices, shape (days, SHARES): geometric random walks with one market factor (guess: 0.9% a day)."""
    market = rng.normal(0.0002, 0.009, (days, 1))
    own = rng.normal(0, 0.018, (days, SHARES))
    start = rng.lognormal(np.log(14), 0.7, SHARES)
    return np.asarray(np.round(np.maximum(start * np.exp(np.cumsum(market + own, 0)), 1.0), 2))


@dataclass(frozen=True)
class Offering:
    """One new share (新股): apply, learn the lots two trading days later and pay the same day, then it lists."""

    code: str
    name: str
    apply_on: date
    lots_on: date
    lists_on: date
    price: float


def offerings(calendar: TradingCalendar, first: date, days: int, rng: np.random.Generator) -> tuple[Offering, ...]:
    """New shares over so many calendar days: on about a third of trading days, one or two."""
    open_days = [day for n in range(days) if calendar.is_trading_day(day := first + timedelta(days=n))]
    found: list[Offering] = []
    for i in range(len(open_days) - 10):
        for _ in range(int(rng.choice([0, 1, 2], p=[0.66, 0.24, 0.10]))):
            number = len(found)
            name = f"{rng.choice(list(_FIRST))}{rng.choice(list(_SECOND))}{rng.choice(_TRADE)}"
            price = round(float(rng.lognormal(np.log(22), 0.5)), 2)
            found.append(Offering(f"887{number:03d}", name, open_days[i], open_days[i + 2], open_days[i + 9], price))
    return tuple(found)
