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
    goal: str
    term_days: int
    minimum: int
    text: str = ""
    text_en: str = ""
    needs_qualified: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        """What somebody reads about who might want it."""
        return _TOPICS.get(self.asset_class, ()) + (("基金",) if self.kind == "fund" else ())

    def as_json(self) -> dict[str, Any]:
        """As the product system tells it."""
        return {**asdict(self), "topics": list(self.topics)}


_TOPICS = {"cash": ("cash",), "fixed_income": ("wealth", "宏观"), "mixed": ("wealth",), "equity": ("大盘",)}
P = Product
CATALOGUE: tuple[Product, ...] = (
    P("880001", "日日盈现金管理", "Daily Cash", "cash_management", "R1", "cash", "preserve", 0, 1,
      "闲置资金每日计息，随时可用", "Idle cash earns daily and stays at hand"),
    P("880002", "活期通货币基金", "On-Call Money Fund", "fund", "R1", "cash", "preserve", 0, 1,
      "投资短期货币工具，T+1到账", "Short money-market paper, paid out the next day"),
    P("880003", "国债逆回购一天期", "One-Day Treasury Repo", "repo", "R1", "cash", "income", 1, 1_000,
      "以国债为质押出借资金一天", "Lend for a day against treasuries"),
    P("880004", "国债逆回购七天期", "Seven-Day Treasury Repo", "repo", "R1", "cash", "income", 7, 1_000,
      "以国债为质押出借资金七天", "Lend for a week against treasuries"),
    P("880011", "稳航收益凭证14天", "Steady Note 14 Days", "structured_note", "R1", "fixed_income", "income",
      14, 50_000,
      "固定期限，到期一次兑付", "Fixed term, paid at maturity"),
    P("880012", "稳航收益凭证28天", "Steady Note 28 Days", "structured_note", "R1", "fixed_income", "income",
      28, 50_000,
      "固定期限，到期一次兑付", "Fixed term, paid at maturity"),
    P("880013", "稳航收益凭证91天", "Steady Note 91 Days", "structured_note", "R2", "fixed_income", "income",
      91, 50_000,
      "固定期限，到期一次兑付", "Fixed term, paid at maturity"),
    P("880014", "远航鲨鱼鳍收益凭证", "Shark Fin Note", "structured_note", "R3", "mixed", "growth", 91, 50_000,
      "收益随指数在区间内变化", "Its return follows an index within a band"),
    P("880021", "短债增利债券基金", "Short Bond Fund", "fund", "R2", "fixed_income", "income", 0, 10,
      "以短期债券为主", "Mostly short bonds"),
    P("880022", "纯债优选债券基金", "Core Bond Fund", "fund", "R2", "fixed_income", "income", 0, 10,
      "只投资债券，不投资股票", "Bonds only, no shares"),
    P("880023", "城投企业债", "City Investment Bond", "bond", "R2", "fixed_income", "income", 0, 1_000,
      "在交易所买卖的企业债券", "A company bond traded on the exchange"),
    P("880024", "可转债精选", "Convertible Bond Selection", "bond", "R3", "mixed", "growth", 0, 1_000,
      "可转换为股票的债券", "Bonds that can be turned into shares"),
    P("880031", "固收增强混合基金", "Fixed Income Plus Fund", "fund", "R3", "mixed", "income", 0, 10,
      "债券为主，少量股票", "Bonds with a few shares"),
    P("880032", "均衡配置混合基金", "Balanced Fund", "fund", "R3", "mixed", "growth", 0, 10,
      "股票与债券均衡配置", "Shares and bonds in balance"),
    P("880033", "沪深宽基指数基金", "Broad Index Fund", "fund", "R3", "equity", "growth", 0, 10,
      "跟踪沪深宽基指数", "Follows a broad index"),
    P("880034", "红利低波指数基金", "Dividend Index Fund", "fund", "R3", "equity", "income", 0, 10,
      "跟踪红利低波动指数", "Follows an index of steady dividend payers"),
    P("880041", "科技创新股票基金", "Technology Equity Fund", "fund", "R4", "equity", "growth", 0, 10,
      "投资科技行业股票", "Shares of technology companies"),
    P("880042", "医药健康股票基金", "Health Equity Fund", "fund", "R4", "equity", "growth", 0, 10,
      "投资医药行业股票", "Shares of health companies"),
    P("880043", "港股通精选基金", "Hong Kong Connect Fund", "fund", "R4", "equity", "growth", 0, 10,
      "投资港股通范围内的股票", "Shares within Stock Connect"),
    P("880051", "启明一号固收私募计划", "Fixed Income Private Plan", "private_plan", "R3", "fixed_income",
      "income", 365,
      300_000, "面向合格投资者的固定收益计划", "A fixed income plan for qualified investors", True),
    P("880052", "启明二号混合私募计划", "Mixed Private Plan", "private_plan", "R4", "mixed", "growth", 365, 400_000,
      "面向合格投资者的混合计划", "A mixed plan for qualified investors", True),
    P("880053", "启明三号量化私募计划", "Quantitative Private Plan", "private_plan", "R5", "equity", "speculation", 365,
      1_000_000, "面向合格投资者的量化计划", "A quantitative plan for qualified investors", True),
)  # fmt: skip


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
            goal="growth",
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
