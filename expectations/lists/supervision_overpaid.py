"""疑似多发督查清单: aid that seems to be paid without ground (file B)."""

from expectations.listing import COUNTY, ListContract, Shown

supervision_overpaid = ListContract(
    kind="supervision_overpaid",
    title="疑似多发督查清单",
    cuts=(COUNTY,),
    order="area12, household_no, rule, item_no",
    unique="item_no",
    columns=(
        Shown("item_no", "督查编号"),
        Shown("town", "乡镇街道"),
        Shown("household_no", "家庭编号"),
        Shown("rule", "规则"),
        Shown("title", "规则名称"),
        Shown("level", "等级值"),
        Shown("reason", "发现"),
        Shown("basis", "依据"),
        Shown("opened_on", "发现日期"),
        Shown("state_name", "状态"),
        Shown("why", "状态说明"),
        Shown("planned_now", "已报计划日期"),
        Shown("handling", "处理情况", is_blank=True),
        Shown("handled_on", "处理日期", is_blank=True),
        Shown("planned_until", "计划完成日期", is_blank=True),
        Shown("note", "备注", is_blank=True),
    ),
)
