"""养老金发放: what 人社 delivers, monthly."""

from expectations.contract import FLOW, NAME, PERSON, Contract, also, codes, column, key, required, unit
from expectations.kinds import CODE, MONEY, MONTH

pensions = Contract(
    extract="employment_pensions",
    folder="employment",
    body="人社",
    title="养老金发放",
    grain="one pension of a person and month",
    cadence="monthly",
    delivery=FLOW,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "kind",
            "险种",
            CODE,
            "Pension scheme",
            required,
            key,
            codes(c110="职工", c120="居民"),
            also("养老险种", "待遇险种", "pens_kind"),
        ),
        column(
            "pay_month",
            "发放年月",
            MONTH,
            "Month that the payment is for",
            required,
            key,
            also("发放月份", "待遇发放年月"),
        ),
        column(
            "amount",
            "发放金额",
            MONEY,
            "Pension paid for pay_month",
            required,
            unit("yuan"),
            also("养老金金额", "月养老金"),
        ),
        column(
            "status",
            "状态",
            CODE,
            "State of the pension",
            required,
            codes(c1="正常", c2="暂停", c3="终止"),
            also("待遇状态", "发放状态"),
        ),
    ),
    month_of="pay_month",
    due_day=20,
    steady="amount",
)
