"""The kinds of value a department may send: how each is stored, read and explained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of value. `reader` is a macro of `reading.sql` from delivered text to the stored value."""

    name: str
    stored_as: str
    reader: str | None
    unreadable: str
    zh: str


TEXT = Kind("text", "VARCHAR", None, "", "文本")
INTEGER = Kind("integer", "BIGINT", "read_integer", "INTEGER", "整数")
MONEY = Kind("money", "BIGINT", "read_money", "MONEY", "金额（元，最多两位小数）")
DATE = Kind("date", "DATE", "read_date", "DATE", "日期")
MONTH = Kind("month", "DATE", "read_month", "MONTH", "年月")
YEAR = Kind("year", "SMALLINT", "read_year", "YEAR", "年份")
TERM = Kind("term", "VARCHAR", "read_term", "TERM", "学期（YYYYS1 / YYYYS2）")
YES_NO = Kind("yes_no", "BOOLEAN", "read_yes_no", "YES-NO", "是/否")
CODE = Kind("code", "VARCHAR", None, "CODE", "代码")
ID_NO = Kind("id_no", "BIGINT", "read_id_no", "ID", "身份证号（GB 11643）")
CASE_ID = Kind("case_id", "VARCHAR", "read_case_id", "CASE-ID", "预警编号（G 开头共 12 位，末位为校验位）")
ITEM_NO = Kind("item_no", "VARCHAR", "read_item_no", "ITEM-NO", "督查编号（S 开头共 12 位，末位为校验位）")
AREA12 = Kind("area12", "VARCHAR", "read_area12", "AREA", "12 位区划代码")
