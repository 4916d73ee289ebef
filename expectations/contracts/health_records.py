"""卫健记录: diagnoses, deaths and births, what 卫健 delivers, monthly."""

from expectations.contract import FLOW, NAME, PERSON, Contract, also, codes, column, key, not_in_future, required
from expectations.kinds import CODE, DATE, ID_NO, TEXT

records = Contract(
    extract="health_records",
    folder="health",
    body="卫健",
    title="卫健记录",
    grain="one diagnosis, death or birth",
    cadence="monthly",
    delivery=FLOW,
    columns=(
        PERSON.but(key),
        NAME,
        column(
            "record",
            "记录类型",
            CODE,
            "Kind of record",
            required,
            key,
            codes(c1="大病确诊", c2="慢病", c3="严重精神障碍", c4="死亡", c5="出生"),
            also("记录类别", "rec"),
        ),
        column(
            "disease_code",
            "病种编码",
            TEXT,
            "Disease (ICD-10); blank for deaths and births",
            key,
            also("病种", "疾病编码", "疾病代码", "dise_code", "dise_codg"),
        ),
        column(
            "recorded_on",
            "记录日期",
            DATE,
            "Day of diagnosis, death or birth",
            required,
            key,
            not_in_future,
            also("确诊/死亡/出生日期", "确诊日期", "发生日期", "rec_date"),
        ),
        column(
            "mother_id",
            "母亲身份证号",
            ID_NO,
            "Mother's number, of births; in the lake a pseudonym",
            also("母亲证件", "母亲证件号码", "母亲身份证号码"),
        ),
    ),
    speaks_of_period=True,
    due_day=20,
    is_of_events=True,
)
