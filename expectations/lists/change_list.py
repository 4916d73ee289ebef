"""变化清单: tonight's list against the last one."""

from expectations.listing import COUNTY, TOWN, ListContract, Shown

change_list = ListContract(
    kind="change_list",
    title="变化清单",
    cuts=(COUNTY, TOWN),
    order="area12, grid_code nulls last, change, household_no, case_id",
    unique="case_id",
    columns=(
        Shown("town_name", "乡镇街道"),
        Shown("village", "村社区"),
        Shown("grid_code", "网格编码"),
        Shown("case_id", "预警编号"),
        Shown("household_no", "家庭编号"),
        Shown("change_name", "变化"),
        Shown("level_before", "原等级"),
        Shown("level_name", "现等级"),
        Shown("rules_gained", "新增规则"),
        Shown("rules_lost", "解除规则"),
        Shown("told", "变化依据"),
        Shown("main_reason", "主要原因"),
    ),
)
