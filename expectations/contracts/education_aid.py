"""学生资助: what 教育 paid or waived, each term."""

from expectations.contract import FLOW, NAME, PERSON, Contract, also, codes, column, key, required, unit
from expectations.kinds import CODE, MONEY, TERM

aid = Contract(
    extract="education_aid",
    folder="education",
    body="教育",
    title="学生资助",
    grain="one student's aid of one kind in a term",
    cadence="each term",
    delivery=FLOW,
    period_months=6,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "term",
            "学期",
            TERM,
            "Term: YYYYS1 begins in spring of YYYY, YYYYS2 in autumn",
            required,
            key,
            also("学年学期", "term_code", "xq"),
        ),
        column(
            "aid_kind",
            "资助类型",
            CODE,
            "Kind of aid",
            required,
            key,
            codes(c1="助学金", c2="免学费", c3="寄宿生补助", c4="雨露计划", c5="助学贷款", c9="其他"),
            also("资助项目", "资助类别"),
        ),
        column("amount", "金额", MONEY, "Aid of the whole term", required, unit("yuan"), also("资助金额")),
        column(
            "hardship",
            "困难等级",
            CODE,
            "Degree of hardship",
            codes(c1="特别困难", c2="困难", c3="一般"),
            also("困难程度", "level"),
        ),
    ),
)
