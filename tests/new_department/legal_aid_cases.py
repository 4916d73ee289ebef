"""法律援助案件: who was given a lawyer without charge, what 司法 delivers, monthly snapshot."""

from expectations.contract import (
    NAME,
    PERSON,
    STATE,
    Contract,
    Row,
    also,
    codes,
    column,
    key,
    not_in_future,
    required,
    unit,
)
from expectations.kinds import CODE, DATE, MONEY, TEXT, YES_NO

legal_aid = Contract(
    extract="legal_aid_cases",
    folder="justice",
    body="司法",
    title="法律援助案件",
    grain="one person's case",
    cadence="monthly snapshot",
    delivery=STATE,
    columns=(
        PERSON.but(key),
        NAME,
        column("case_no", "案号", TEXT, "Number of the case", required, key, also("案件编号", "援助案号")),
        column(
            "matter",
            "案由",
            CODE,
            "What it is about",
            required,
            codes(c1="劳动报酬", c2="工伤", c3="赡养抚养", c9="其他"),
        ),
        column(
            "granted_on", "批准日期", DATE, "Day on which aid was granted", required, not_in_future, also("援助日期")
        ),
        column("closed_on", "结案日期", DATE, "Day on which the case ended; blank means still open"),
        column("claimed", "标的额", MONEY, "Sum that is claimed", unit("yuan"), also("争议金额")),
        column("is_won", "是否胜诉", YES_NO, "Whether the person won", also("胜诉")),
    ),
    rows=(Row("DAY-ORDER", "date_diff('day', granted_on, closed_on)", 0, None, "结案日期不早于批准日期"),),
    speaks_of_period=True,
    due_day=20,
)
