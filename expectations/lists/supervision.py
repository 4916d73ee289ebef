"""督查清单: file A (families who seem to be left out) and file B (aid that seems to be overpaid), and each one's month.

A list of need and a list of overpayment never share a file.
"""

from expectations.contracts.civil_affairs_rectifications import rectifications
from expectations.listing import COUNTY, ListContract, Shown, answer

_HOW_TO = (
    "逐户核查后只填右侧黄色表头的各列，其余单元格已锁定；请不要改动表头，也不要增删列。",
    "立即整改的填处理日期；计划整改的另填计划完成日期；查为不属实的在备注中说明理由。日期写成 2026-01-22 的形式。",
    "填好后保持原格式保存，放入民政的投递目录。本清单只供督查使用，不得公开，不得转发给无关人员。",
)
_ITEMS = (
    Shown("item_no", "督查编号", "本事项的编号，各晚不变；反馈时以它认事项"),
    Shown("town", "乡镇街道", "居住地所在乡镇、街道"),
    Shown("household_no", "家庭编号", "民政的家庭编号"),
    Shown("rule", "规则", "规则代码"),
    Shown("title", "规则名称", "规则名称"),
    Shown("level", "等级值", "3 红、2 橙、1 黄", is_level=True),
    Shown("reason", "发现", "发现的情况及其数字"),
    Shown("basis", "依据", "政策依据或来源"),
    Shown("opened_on", "发现日期", "本事项首次发现的日期"),
    Shown("state_name", "状态", "待处理、计划整改、计划逾期、已答复待复核"),
    Shown("why", "状态说明", "为何是这一状态"),
    Shown("planned_now", "已报计划日期", "此前答复的计划完成日期"),
    answer(rectifications.column("handling"), "核查的结论"),
    answer(rectifications.column("handled_on"), "处理或答复的日期"),
    answer(rectifications.column("planned_until"), "计划整改的，何日完成"),
    answer(rectifications.column("note"), "采取的措施和其他需要说明的情况"),
)
_MONTH = (
    Shown("month", "月份", "统计的月份"),
    Shown("town", "乡镇代码", "九位代码"),
    Shown("town_name", "乡镇街道", "乡镇、街道名称"),
    Shown("rule", "规则", "规则代码"),
    Shown("title", "规则名称", "规则名称"),
    Shown("found", "本月新发现", "一至四件的不显示"),
    Shown("rectified", "已答复待复核", "已答复整改，等待数据复核"),
    Shown("planned", "计划整改", "已报计划、尚未到期"),
    Shown("overdue", "计划逾期", "已过计划完成日期"),
    Shown("closed", "本月整改到位", "数据已不再显示该问题"),
    Shown("untrue", "本月查为不属实", "核查后不属实"),
)

left_out = ListContract(
    kind="supervision_left_out",
    title="疑似应保未保督查清单",
    cuts=(COUNTY,),
    order="area12, household_no, rule, item_no",
    unique="item_no",
    how_to=_HOW_TO,
    columns=_ITEMS,
)
left_out_monthly = ListContract(
    kind="supervision_left_out_monthly",
    title="疑似应保未保督查月度汇总",
    cuts=(COUNTY,),
    order="town, rule",
    columns=_MONTH,
)
overpaid = ListContract(
    kind="supervision_overpaid",
    title="疑似多发督查清单",
    cuts=(COUNTY,),
    order="area12, household_no, rule, item_no",
    unique="item_no",
    how_to=_HOW_TO,
    columns=_ITEMS,
)
overpaid_monthly = ListContract(
    kind="supervision_overpaid_monthly",
    title="疑似多发督查月度汇总",
    cuts=(COUNTY,),
    order="town, rule",
    columns=_MONTH,
)
