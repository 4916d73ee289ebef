"""督查整改反馈: how what supervision found was handled, sent back with its lists."""

from expectations.contract import (
    DELTA,
    OP,
    REJECT,
    Contract,
    Row,
    also,
    codes,
    column,
    key,
    not_in_future,
    private,
    required,
    typed_by_hand,
)
from expectations.kinds import CODE, DATE, ITEM_NO, TEXT
from expectations.lists.supervision_left_out import supervision_left_out as left_out
from expectations.lists.supervision_overpaid import supervision_overpaid as overpaid

rectifications = Contract(
    extract="civil_affairs_rectifications",
    folder="civil_affairs",
    body="民政",
    title="督查整改反馈",
    grain="one answer to one item of supervision",
    cadence="daily delta",
    delivery=DELTA,
    comes_back_as=(left_out.kind, overpaid.kind),
    filled_by=(*(shown.key for shown in left_out.columns if shown.is_blank), "op"),
    columns=(
        column(
            "item_no",
            "督查编号",
            ITEM_NO,
            "Our own number of the item, as handed out in the list",
            required,
            key,
            also("督查事项编号", "事项编号"),
        ),
        column(
            "handling",
            "处理情况",
            CODE,
            "Rectified at once, planned until a day, or not true",
            required,
            codes(c1="立即整改", c2="计划整改", c3="不属实"),
            also("整改情况", "处理结果"),
        ),
        column(
            "handled_on",
            "处理日期",
            DATE,
            "Day of the answer",
            required,
            key,
            not_in_future,
            typed_by_hand,
            also("整改日期", "答复日期"),
        ),
        column(
            "planned_until",
            "计划完成日期",
            DATE,
            "By when it is to be rectified; needed for a plan",
            typed_by_hand,
            also("计划整改日期", "整改期限"),
        ),
        column("note", "备注", TEXT, "Free words", private, also("说明", "remark")),
        OP,
    ),
    rows=(
        Row(
            "PLAN-DATE",
            "case when handling = '2' then (planned_until is not null)::integer end",
            1,
            1,
            "计划整改须写明计划完成日期",
            REJECT,
        ),
    ),
)
