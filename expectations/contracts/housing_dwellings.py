"""住房: dangerous dwellings and public rent, what 住建 delivers, quarterly snapshot."""

from expectations.contract import NAME, PERSON, STATE, Contract, also, codes, column, key, not_in_future, private, unit
from expectations.kinds import CODE, DATE, MONEY, TEXT, YES_NO

dwellings = Contract(
    extract="housing_dwellings",
    folder="housing",
    body="住建",
    title="住房",
    grain="one person's dwelling",
    cadence="quarterly snapshot",
    delivery=STATE,
    period_months=3,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "address",
            "房屋地址",
            TEXT,
            "Address of the dwelling",
            key,
            private,
            also("房屋坐落", "住房地址", "house_addr"),
        ),
        column(
            "danger",
            "危房等级",
            CODE,
            "Danger, C and D are dangerous",
            codes(cA="A级", cB="B级", cC="C级", cD="D级"),
            also("房屋危险等级", "鉴定等级"),
        ),
        column("checked_on", "鉴定日期", DATE, "Day of the check", not_in_future, also("危房鉴定日期", "check_date")),
        column("public_rent", "公租房", YES_NO, "Rents public housing", also("是否公租房", "公租房标志")),
        column("rent", "月租金", MONEY, "Rent", unit("yuan per month"), also("租金")),
    ),
)
