"""证据明细: the rule, numbers and lines behind every reason."""

from expectations.listing import COUNTY, ListContract, Shown

evidence = ListContract(
    kind="evidence",
    title="证据明细",
    cuts=(COUNTY,),
    order="area12, case_id, rule, extract, file, received_on, lines",
    columns=(
        Shown("case_id", "预警编号", "与风险清单中的预警编号对应"),
        Shown("household_no", "家庭编号", "民政的家庭编号"),
        Shown("rule", "规则", "规则代码"),
        Shown("title", "规则名称", "规则名称"),
        Shown("level", "等级值", "该规则给出的等级：3 红、2 橙、1 黄、0 提示", is_level=True),
        Shown("reason", "原因", "该规则的原因及其数字"),
        Shown("evidence", "计算数据（分）", "计算所用的各项数据，金额单位为分"),
        Shown("value", "值", "与阈值相比的数"),
        Shown("threshold", "阈值", "达到或越过它即命中"),
        Shown("basis", "依据", "政策依据或来源"),
        Shown("from_month", "起", "所用数据的最早月份"),
        Shown("to_month", "止", "所用数据的最晚月份"),
        Shown("extract", "数据集", "所用数据集"),
        Shown("file", "文件", "数据来自哪个文件"),
        Shown("lines", "行号", "数据在文件中的行号"),
        Shown("received_on", "收到日期", "文件何时收到"),
    ),
)
