"""户籍登记: the household register, what 公安 delivers, monthly snapshot."""

from expectations.contract import NAME, PERSON, STATE, Contract, also, codes, column, key, not_in_future, required
from expectations.kinds import AREA12, CODE, DATE, TEXT, YES_NO

registry = Contract(
    extract="public_security_registry",
    folder="public_security",
    body="公安",
    title="户籍登记",
    grain="one person's entry in a household register",
    cadence="monthly snapshot",
    delivery=STATE,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "registry_no",
            "户号",
            TEXT,
            "Number of the household register (户口簿), which is not civil affairs' household",
            required,
            also("户口簿号", "户籍号", "hukou_no"),
        ),
        column(
            "relation",
            "与户主关系",
            CODE,
            "Relation to the head of the register (GB/T 4761)",
            codes(
                c02="户主",
                c10="配偶",
                c20="子",
                c30="女",
                c40="孙辈",
                c50="父母",
                c60="祖辈",
                c70="兄弟姐妹",
                c97="其他",
            ),
            also("与户主的关系", "户主关系", "rel"),
        ),
        column(
            "area12",
            "户籍区划",
            AREA12,
            "Area of registration, 12 digits",
            also("户籍地区划", "户籍行政区划", "hukou_area"),
        ),
        column(
            "status",
            "状态",
            CODE,
            "State of the entry",
            required,
            codes(c1="在册", c2="死亡注销", c3="迁出", c4="迁入", c5="分户", c6="合户"),
            also("户籍状态", "人员状态"),
        ),
        column(
            "changed_on", "变动日期", DATE, "Day of the last change", not_in_future, also("变更日期", "change_date")
        ),
        column(
            "custody",
            "服刑羁押",
            CODE,
            "Whether in prison or compulsory treatment",
            codes(c0="无", c1="服刑", c2="强制戒毒"),
            also("服刑羁押情况", "羁押状态"),
        ),
        column("missing", "失踪", YES_NO, "Declared missing", also("是否失踪", "失踪标志")),
    ),
    speaks_of_period=True,
    due_day=20,
)
