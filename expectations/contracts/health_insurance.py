"""参保登记: who is insured this year, what 医保 delivers, monthly snapshot."""

from expectations.contract import NAME, PERSON, STATE, Contract, also, codes, column, key, required
from expectations.kinds import CODE, YEAR

insurance = Contract(
    extract="health_insurance",
    folder="health",
    body="医保",
    title="参保登记",
    grain="one person's insurance of one kind and year",
    cadence="monthly snapshot",
    delivery=STATE,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "insurance",
            "险种",
            CODE,
            "Insurance scheme",
            required,
            key,
            codes(c310="职工基本医疗保险", c390="城乡居民基本医疗保险", c392="城乡居民大病保险", c410="长期护理保险"),
            also("险种类型", "insutype"),
        ),
        column("year", "参保年度", YEAR, "Year insured", required, key, also("年度", "ins_year")),
        column(
            "status",
            "参保状态",
            CODE,
            "State of the insurance",
            required,
            codes(c1="正常", c2="暂停", c3="终止"),
            also("参保缴费状态", "insu_status"),
        ),
        column(
            "subsidy",
            "资助标识",
            CODE,
            "Whether the premium is paid by aid",
            codes(c0="无", c1="全额", c2="定额"),
            also("资助参保标识", "资助标志"),
        ),
    ),
    speaks_of_period=True,
    due_day=20,
)
