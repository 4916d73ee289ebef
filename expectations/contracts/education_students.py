"""在校学生: what 教育 delivers, each term."""

from expectations.contract import NAME, PERSON, STATE, Contract, also, codes, column, key, required, unit
from expectations.kinds import CODE, ID_NO, MONEY, TERM, TEXT

students = Contract(
    extract="education_students",
    folder="education",
    body="教育",
    title="在校学生",
    grain="one student's enrolment in a term",
    cadence="each term",
    delivery=STATE,
    period_months=6,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "guardian1_id",
            "监护人1证件",
            ID_NO,
            "First guardian's number; in the lake a pseudonym",
            also("监护人1身份证号", "监护人1证件号码", "父亲身份证号"),
        ),
        column(
            "guardian2_id",
            "监护人2证件",
            ID_NO,
            "Second guardian's number; in the lake a pseudonym",
            also("监护人2身份证号", "监护人2证件号码", "母亲身份证号"),
        ),
        column("school", "学校", TEXT, "School", also("学校名称", "就读学校")),
        column(
            "stage",
            "学段",
            CODE,
            "Stage of education",
            required,
            key,
            codes(c1="学前", c2="小学", c3="初中", c4="普高", c5="中职", c6="高职专科", c7="本科", c8="研究生"),
            also("就读学段", "教育阶段"),
        ),
        column(
            "ownership",
            "办学性质",
            CODE,
            "Public or private school",
            codes(c1="公办", c2="民办"),
            also("学校性质", "owner"),
        ),
        column(
            "status",
            "在籍状态",
            CODE,
            "State of the enrolment",
            required,
            codes(c1="在读", c2="休学", c3="辍学", c4="毕业", c5="转出"),
            also("学籍状态"),
        ),
        column("tuition", "学年学费", MONEY, "Tuition of the school year", unit("yuan per year"), also("学费")),
        column(
            "boarding", "学年住宿费", MONEY, "Boarding fee of the school year", unit("yuan per year"), also("住宿费")
        ),
        column(
            "term",
            "学期",
            TERM,
            "Term: YYYYS1 begins in spring of YYYY, YYYYS2 in autumn",
            required,
            key,
            also("学年学期", "term_code", "xq"),
        ),
    ),
)
