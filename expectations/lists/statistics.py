"""统计表: counts by town, level and dimension, with small cells hidden."""

from expectations.listing import COUNTY, ListContract, Shown

statistics = ListContract(
    kind="statistics",
    title="统计表",
    cuts=(COUNTY,),
    order="measure, item, town, area6",
    columns=(
        Shown("town", "乡镇代码"),
        Shown("town_name", "乡镇街道"),
        Shown("measure", "口径"),
        Shown("item", "项目"),
        Shown("families", "家庭数"),
    ),
)
