"""身份待核: whose number is missing or broken, whom we took them for, and who is left to a human."""

from expectations.listing import BODY, ListContract, Shown

identity = ListContract(
    kind="identity",
    title="身份待核",
    cuts=(BODY,),
    order="outcome, file, delivery_no, line_no, code, name, number",
    published_alone=("name", "number"),
    columns=(
        Shown("body", "部门"),
        Shown("file", "文件"),
        Shown("line_no", "行号"),
        Shown("name", "姓名（脱敏）"),
        Shown("number", "身份证号（脱敏）"),
        Shown("outcome", "处理"),
        Shown("code", "原因代码"),
        Shown("fault", "原因"),
        Shown("candidates", "候选人数"),
        Shown("says", "相符情况"),
        Shown("cure", "改正办法"),
        Shown("decision", "核对结果", is_blank=True),
    ),
)
