"""疑似应保未保督查清单: families who seem to be left out of the aid they could hold (file A)."""

from expectations.kinds import DATE
from expectations.listing import COUNTY, ListContract, Shown

supervision_left_out = ListContract(
    kind="supervision_left_out",
    title="疑似应保未保督查清单",
    cuts=(COUNTY,),
    order="area12, household_no, rule, household_id",
    how_to=(
        "逐户核查后只填右侧黄色表头的各列，其余单元格已锁定；请不要改动表头，也不要增删列。",
        "处理日期写成 2026-01-22 的形式。本清单只供督查使用，不得公开，不得转发给无关人员。",
    ),
    columns=(
        Shown("town", "乡镇街道", "居住地所在乡镇、街道"),
        Shown("household_no", "家庭编号", "民政的家庭编号"),
        Shown("rule", "规则", "规则代码"),
        Shown("title", "规则名称", "规则名称"),
        Shown("level", "等级值", "3 红、2 橙、1 黄", is_level=True),
        Shown("reason", "发现", "发现的情况及其数字"),
        Shown("basis", "依据", "政策依据或来源"),
        Shown("handling", "处理情况", "核查的结论和采取的措施", is_blank=True),
        Shown("handled_on", "处理日期", "处理完毕的日期", is_blank=True, kind=DATE),
        Shown("note", "备注", "其他需要说明的情况", is_blank=True),
    ),
)
