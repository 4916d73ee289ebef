"""暂缓清单: which rules are held for which town, for which feed, since when, and why."""

from expectations.listing import COUNTY, ListContract, Shown

held_list = ListContract(
    kind="held_list",
    title="暂缓清单",
    cuts=(COUNTY,),
    order="town, state, rule, gate",
    columns=(
        Shown("town", "区划代码"),
        Shown("town_name", "乡镇街道"),
        Shown("rule", "规则"),
        Shown("title", "规则名称"),
        Shown("state_name", "状态"),
        Shown("gate_name", "关口"),
        Shown("extracts", "数据集"),
        Shown("since_month", "起始年月"),
        Shown("reason", "原因"),
        Shown("released_by", "放行人"),
    ),
)
