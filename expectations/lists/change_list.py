"""变化清单: tonight's list against the last one."""

from expectations.listing import COUNTY, TOWN, ListContract, Shown

change_list = ListContract(
    kind="change_list",
    title="变化清单",
    cuts=(COUNTY, TOWN),
    order="area12, grid_code nulls last, change, household_no, case_id",
    unique="case_id",
    columns=(
        Shown("town_name", "乡镇街道", "居住地所在乡镇、街道"),
        Shown("village", "村社区", "居住地所在村、社区"),
        Shown("grid_code", "网格编码", "居住地所在网格"),
        Shown("case_id", "预警编号", "本户预警的编号，各晚不变"),
        Shown("household_no", "家庭编号", "民政的家庭编号"),
        Shown("change_name", "变化", "与上一晚清单相比"),
        Shown("level_before", "原等级", "上一晚的等级"),
        Shown("level_name", "现等级", "今晚的等级；空白为已离开清单", is_level=True),
        Shown("rules_gained", "新增规则", "今晚新出现的规则"),
        Shown("rules_lost", "解除规则", "今晚不再成立的规则"),
        Shown("told", "变化依据", "哪条规则变了，由多少变为多少"),
        Shown("main_reason", "主要原因", "最要紧的一条原因及其数字"),
    ),
)
