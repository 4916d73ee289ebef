"""住房公积金: what 住建 delivers, monthly."""

from expectations.contract import FLOW, NAME, PERSON, Contract, also, codes, column, key, required, unit
from expectations.kinds import CODE, MONEY, MONTH, TEXT

fund = Contract(
    extract="housing_fund",
    folder="housing",
    body="住建",
    title="住房公积金",
    grain="one person's payment of a month",
    cadence="monthly",
    delivery=FLOW,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "pay_month", "缴存年月", MONTH, "Month that the payment is for", required, key, also("缴存月份", "汇缴年月")
        ),
        column(
            "base",
            "缴存基数",
            MONEY,
            "Base of the payment, a proxy of the wage",
            required,
            unit("yuan per month"),
            also("月缴存基数"),
        ),
        column(
            "status",
            "状态",
            CODE,
            "State of the account",
            required,
            codes(c1="正常", c2="封存", c3="销户"),
            also("账户状态", "缴存状态"),
        ),
        column(
            "employer_code",
            "单位信用代码",
            TEXT,
            "Unified social credit code of the employer",
            key,
            also("统一社会信用代码", "单位统一社会信用代码", "单位编码"),
        ),
    ),
    month_of="pay_month",
    due_day=20,
    steady="base",
)
