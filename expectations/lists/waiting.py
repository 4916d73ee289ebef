"""未下发清单: families that stand on no list tonight, and why."""

from expectations.listing import COUNTY, TOWN, ListContract, Shown

waiting = ListContract(
    kind="waiting",
    title="未下发清单",
    cuts=(COUNTY, TOWN),
    order="area12, waits, level desc, household_no, household_id",
    columns=(
        Shown("town_name", "乡镇街道"),
        Shown("village", "村社区"),
        Shown("grid_code", "网格编码"),
        Shown("household_no", "家庭编号"),
        Shown("case_id", "预警编号"),
        Shown("state_name", "状态"),
        Shown("level_name", "等级"),
        Shown("main_reason", "主要原因"),
        Shown("rules", "规则"),
        Shown("why", "未下发原因"),
        Shown("since", "自何时起"),
    ),
)
