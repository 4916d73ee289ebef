"""社会保险缴费: what 人社 delivers, monthly."""

from expectations.contract import FLOW, NAME, PERSON, Contract, also, codes, column, key, required, unit
from expectations.kinds import CODE, MONEY, MONTH, TEXT, YES_NO

contributions = Contract(
    extract="employment_contributions",
    folder="employment",
    body="人社",
    title="社会保险缴费",
    grain="one insurance contribution of a person and month",
    cadence="monthly",
    delivery=FLOW,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "insurance",
            "险种",
            CODE,
            "Insurance scheme",
            required,
            key,
            codes(c110="养老", c210="失业", c310="医保"),
            also("险种类型", "ins_kind", "insurance_type"),
        ),
        column(
            "pay_month",
            "费款所属期",
            MONTH,
            "Month that the payment is for",
            required,
            key,
            also("所属期", "费款所属年月", "缴费年月"),
        ),
        column("payer", "缴费身份", CODE, "Who pays", codes(c101="单位", c102="个人"), also("缴费人身份", "参保身份")),
        column(
            "base",
            "缴费基数",
            MONEY,
            "Base of the contribution, a proxy of the wage",
            required,
            unit("yuan per month"),
            also("月缴费基数", "pay_base"),
        ),
        column(
            "is_paid", "实缴标志", YES_NO, "Whether the payment arrived", required, also("是否实缴", "到账标志", "paid")
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
