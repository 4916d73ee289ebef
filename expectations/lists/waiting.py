"""未下发清单: families that stand on no list tonight, and why."""

from expectations.listing import COUNTY, TOWN, ListContract, Shown

waiting = ListContract(
    kind="waiting",
    title="未下发清单",
    cuts=(COUNTY, TOWN),
    order="area12, waits, level desc, household_no, household_id",
    columns=(
        Shown("town_name", "乡镇街道", "居住地所在乡镇、街道"),
        Shown("village", "村社区", "居住地所在村、社区"),
        Shown("grid_code", "网格编码", "居住地所在网格"),
        Shown("household_no", "家庭编号", "民政的家庭编号"),
        Shown("case_id", "预警编号", "本户预警的编号；暂缓的尚无编号"),
        Shown("state_name", "状态", "待确认、排队、休眠、暂缓、仅记录"),
        Shown("level_name", "等级", "红、橙、黄、仅记录", is_level=True),
        Shown("main_reason", "主要原因", "最要紧的一条原因及其数字"),
        Shown("rules", "规则", "命中的规则"),
        Shown("why", "未下发原因", "为何今晚不下发"),
        Shown("since", "自何时起", "从哪天（数据暂缓的从哪月）起"),
    ),
)
