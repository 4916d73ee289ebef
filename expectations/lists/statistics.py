"""统计表: counts by town, level and dimension, with small cells hidden."""

from expectations.listing import COUNTY, ListContract, Shown

statistics = ListContract(
    kind="statistics",
    title="统计表",
    cuts=(COUNTY,),
    order="measure, item, town, area6",
    columns=(
        Shown("town", "乡镇代码", "乡镇代码"),
        Shown("town_name", "乡镇街道", "乡镇、街道名称"),
        Shown("measure", "口径", "合计、等级或风险维度"),
        Shown("item", "项目", "等级值或维度"),
        Shown("families", "家庭数", "家庭数；不足 5 户写作 <5，能由此推算的也隐去"),
    ),
)
