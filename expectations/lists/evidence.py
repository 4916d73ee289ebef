"""证据明细: the rule, numbers and lines behind every reason."""

from expectations.listing import COUNTY, ListContract, Shown

evidence = ListContract(
    kind="evidence",
    title="证据明细",
    cuts=(COUNTY,),
    order="area12, case_id, rule, extract, file, received_on, lines",
    columns=(
        Shown("case_id", "预警编号"),
        Shown("household_no", "家庭编号"),
        Shown("rule", "规则"),
        Shown("title", "规则名称"),
        Shown("level", "等级值"),
        Shown("reason", "原因"),
        Shown("evidence", "计算数据（分）"),
        Shown("value", "值"),
        Shown("threshold", "阈值"),
        Shown("basis", "依据"),
        Shown("from_month", "起"),
        Shown("to_month", "止"),
        Shown("extract", "数据集"),
        Shown("file", "文件"),
        Shown("lines", "行号"),
        Shown("received_on", "收到日期"),
    ),
)
