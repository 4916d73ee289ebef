"""疑似多发督查清单: aid that seems to be paid without ground (file B)."""

from expectations.listing import COUNTY, ListContract, Shown

supervision_overpaid = ListContract(
    kind="supervision_overpaid",
    title="疑似多发督查清单",
    cuts=(COUNTY,),
    order="area12, household_no, rule, household_id",
    columns=(
        Shown("town", "乡镇街道"),
        Shown("household_no", "家庭编号"),
        Shown("rule", "规则"),
        Shown("title", "规则名称"),
        Shown("level", "等级值"),
        Shown("reason", "发现"),
        Shown("basis", "依据"),
        Shown("handling", "处理情况", is_blank=True),
        Shown("handled_on", "处理日期", is_blank=True),
        Shown("note", "备注", is_blank=True),
    ),
)
