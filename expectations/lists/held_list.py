"""暂缓清单: which rules are held for which town, for which feed, since when, and why."""

from expectations.listing import COUNTY, ListContract, Shown

held_list = ListContract(
    kind="held_list",
    title="暂缓清单",
    cuts=(COUNTY,),
    order="town, state, rule, gate",
    columns=(
        Shown("town", "区划代码", "乡镇代码，6 位为全县"),
        Shown("town_name", "乡镇街道", "乡镇、街道名称"),
        Shown("rule", "规则", "规则代码"),
        Shown("title", "规则名称", "规则名称"),
        Shown("state_name", "状态", "暂缓：不新增也不清除；停用：缺所需数据；待核、已放行照常使用"),
        Shown("gate_name", "关口", "由哪道关口发现"),
        Shown("extracts", "数据集", "涉及的数据集"),
        Shown("since_month", "起始年月", "自哪个月起"),
        Shown("reason", "原因", "为什么"),
        Shown("released_by", "放行人", "由谁放行；空白为未放行"),
    ),
)
