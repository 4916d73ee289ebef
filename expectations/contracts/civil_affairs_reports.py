"""网格上报: families in trouble that a grid worker reports, though no feed shows them."""

from dataclasses import replace

from expectations.contract import (
    DELTA,
    NAME,
    OP,
    PERSON,
    Contract,
    also,
    codes,
    column,
    key,
    not_in_future,
    private,
    required,
)
from expectations.kinds import CODE, DATE, TEXT

reports = Contract(
    extract="civil_affairs_reports",
    folder="civil_affairs",
    body="民政",
    title="网格上报",
    grain="one report of one family",
    cadence="daily delta",
    delivery=DELTA,
    columns=(
        column(
            "report_no",
            "报告编号",
            TEXT,
            "Number given by the grid, never used twice within it",
            required,
            key,
            also("上报编号", "报告号"),
        ),
        column(
            "reported_on", "报告日期", DATE, "Day of the report", required, not_in_future, also("上报日期", "发现日期")
        ),
        column("reporter", "报告人", TEXT, "Who reports", required, also("上报人", "网格员")),
        column(
            "grid_code",
            "网格编码",
            TEXT,
            "Grid: the 12 digits of the area and a local serial",
            required,
            key,
            also("网格代码", "网格编号", "所属网格"),
        ),
        column(
            "household_no",
            "家庭编号",
            TEXT,
            "Civil affairs' number of the household, where known",
            also("家庭编码", "家庭号", "hh_no"),
        ),
        replace(PERSON, is_required=False),
        replace(NAME, is_required=False),
        column(
            "address",
            "居住地址",
            TEXT,
            "Address; needed where neither household nor number is known",
            private,
            also("现住址", "家庭住址", "住址"),
        ),
        column(
            "matter",
            "困难情形",
            CODE,
            "What the trouble is",
            required,
            codes(c1="收入骤减", c2="重大疾病", c3="意外事故", c4="因灾", c5="失学", c6="照料缺失", c9="其他"),
            also("困难类型", "困难原因", "情形"),
        ),
        column(
            "urgency", "紧急程度", CODE, "How urgent it is", codes(c1="紧急", c2="一般"), also("紧急情况", "缓急程度")
        ),
        column("note", "说明", TEXT, "Free words", private, also("备注", "情况说明", "remark")),
        OP,
    ),
)
