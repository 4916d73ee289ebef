"""超期督办清单: listed families whose visit is overdue, for the county."""

from expectations.listing import COUNTY, ListContract, Shown

overdue = ListContract(
    kind="overdue",
    title="超期督办清单",
    cuts=(COUNTY,),
    order="late_days desc, level desc, area12, grid_code nulls last, household_no, case_id",
    unique="case_id",
    columns=(
        Shown("town_name", "乡镇街道"),
        Shown("village", "村社区"),
        Shown("grid_code", "网格编码"),
        Shown("case_id", "预警编号"),
        Shown("household_no", "家庭编号"),
        Shown("level_name", "等级"),
        Shown("main_reason", "主要原因"),
        Shown("handed_out_on", "下发日期"),
        Shown("deadline", "核查期限"),
        Shown("late_days", "超期工作日"),
        Shown("visited_on", "上次核查日期"),
        Shown("last_outcome", "上次核查结果"),
    ),
)
