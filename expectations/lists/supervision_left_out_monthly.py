"""疑似应保未保督查月度汇总: items of supervision file A by town and rule, small cells hidden."""

from expectations.listing import COUNTY, ListContract, Shown

supervision_left_out_monthly = ListContract(
    kind="supervision_left_out_monthly",
    title="疑似应保未保督查月度汇总",
    cuts=(COUNTY,),
    order="town, rule",
    columns=(
        Shown("month", "月份"),
        Shown("town", "乡镇代码"),
        Shown("town_name", "乡镇街道"),
        Shown("rule", "规则"),
        Shown("title", "规则名称"),
        Shown("found", "本月新发现"),
        Shown("rectified", "已答复待复核"),
        Shown("planned", "计划整改"),
        Shown("overdue", "计划逾期"),
        Shown("closed", "本月整改到位"),
        Shown("untrue", "本月查为不属实"),
    ),
)
