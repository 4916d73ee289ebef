"""身份待核: whose number is missing or broken, whom we took them for, and who is left to a human."""

from expectations.listing import BODY, ListContract, Shown

identity = ListContract(
    kind="identity",
    title="身份待核",
    cuts=(BODY,),
    order="outcome, file, delivery_no, line_no, code, name, number",
    published_alone=("name", "number"),
    how_to=(
        "核对后把结论写在右侧黄色表头的列里留底；真正的改正是补正号码后重新报送原数据。",
        "本清单含脱敏的个人信息，不得公开，不得转发给无关人员。",
    ),
    columns=(
        Shown("body", "部门", "数据来自哪个部门"),
        Shown("file", "文件", "哪个文件"),
        Shown("line_no", "行号", "文件中的行号，表头为第 1 行"),
        Shown("name", "姓名（脱敏）", "已脱敏"),
        Shown("number", "身份证号（脱敏）", "已脱敏"),
        Shown("outcome", "处理", "这条记录怎样处理"),
        Shown("code", "原因代码", "原因代码，见数据字典"),
        Shown("fault", "原因", "号码的问题"),
        Shown("candidates", "候选人数", "可能相符的已登记人数"),
        Shown("says", "相符情况", "姓名、出生日期、地区等哪些相符"),
        Shown("cure", "改正办法", "怎样改正；改正后重新报送即可"),
        Shown("decision", "核对结果", "核对证件后的结论", is_blank=True),
    ),
)
