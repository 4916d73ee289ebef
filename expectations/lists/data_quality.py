"""数据质量反馈: what one body should mend in the files that came in tonight."""

from expectations.listing import BODY, ListContract, Shown

data_quality = ListContract(
    kind="data_quality",
    title="数据质量反馈",
    cuts=(BODY,),
    order="file, delivery_no, line_no, column_name, code, value",
    published_alone=("value",),
    columns=(
        Shown("body", "部门", "数据来自哪个部门"),
        Shown("file", "文件", "哪个文件"),
        Shown("line_no", "行号", "文件中的行号，表头为第 1 行；0 为整个文件"),
        Shown("column_name", "列", "哪一列"),
        Shown("value", "值（脱敏）", "原值，证件号等已脱敏"),
        Shown("code", "错误代码", "错误代码，见数据字典"),
        Shown("outcome", "处理", "这条记录怎样处理"),
        Shown("fault", "错误", "错在哪里"),
        Shown("cure", "改正办法", "怎样改正；改正后重新报送即可"),
    ),
)
