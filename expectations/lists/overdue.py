"""超期督办清单: listed families whose visit is overdue, for the county."""

from expectations.listing import COUNTY, ListContract, Shown

overdue = ListContract(
    kind="overdue",
    title="超期督办清单",
    cuts=(COUNTY,),
    order="late_days desc, level desc, area12, grid_code nulls last, household_no, case_id",
    unique="case_id",
    columns=(
        Shown("town_name", "乡镇街道", "居住地所在乡镇、街道"),
        Shown("village", "村社区", "居住地所在村、社区"),
        Shown("grid_code", "网格编码", "居住地所在网格"),
        Shown("case_id", "预警编号", "本户预警的编号"),
        Shown("household_no", "家庭编号", "民政的家庭编号"),
        Shown("level_name", "等级", "红、橙、黄", is_level=True),
        Shown("main_reason", "主要原因", "最要紧的一条原因及其数字"),
        Shown("handed_out_on", "下发日期", "下发网格的日期"),
        Shown("deadline", "核查期限", "应在此日（含）前核查"),
        Shown("late_days", "超期工作日", "已超过几个工作日"),
        Shown("visited_on", "上次核查日期", "上一次核查的日期"),
        Shown("last_outcome", "上次核查结果", "上一次核查的结果"),
    ),
)
