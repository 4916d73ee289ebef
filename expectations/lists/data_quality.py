"""数据质量反馈: what one body should mend in the files that came in tonight."""

from expectations.listing import BODY, ListContract, Shown

data_quality = ListContract(
    kind="data_quality",
    title="数据质量反馈",
    cuts=(BODY,),
    order="file, delivery_no, line_no, column_name, code, value",
    published_alone=("value",),
    columns=(
        Shown("body", "部门"),
        Shown("file", "文件"),
        Shown("line_no", "行号"),
        Shown("column_name", "列"),
        Shown("value", "值（脱敏）"),
        Shown("code", "错误代码"),
        Shown("outcome", "处理"),
        Shown("fault", "错误"),
        Shown("cure", "改正办法"),
    ),
)
