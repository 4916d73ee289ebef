"""Linking by the million: made-up Chinese names with as many homonyms as there are, numbers broken as they arrive.

    python tests/benchmark/names.py [persons] [sought]

A twentieth of the sought are in no register, and half of those have a namesake there of the same day and origin: to link
any of them is wrong. Prints the figures by the way a number was broken, and the seconds of each step.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa

from assets import reference
from assets.engine import engine
from assets.home import Home
from assets.linkage import weighing
from assets.linkage.linking import FOLDER
from assets.linkage.model import model
from assets.tables import sql_table
from expectations.identity import check_character

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾韦夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
GIVEN = "英华明秀玉兰文桂芳国红军建丽平春金志云海永生德新荣小成林学清梅凤珍美福龙东光庆忠香祥伟强杰敏静艳娟涛勇超磊洋辉鹏宇浩然子涵梓轩雨欣怡诗琪俊豪佳思博晨阳天瑞嘉欢乐安宁康泰和顺景行远航启铭泽宸沐希若汐语彤芷晴可馨一诺依雪冰玲琳琴瑶莹慧颖婷霞萍燕莲菊莉翠素淑贞芝凡先启良才贵富喜发财宝根水木火土山川江河湖波滨洁纯真善世家邦定安民治中正大有为公仁义礼信廷宗祖耀显扬名声威武雄豹虎彪猛刚毅坚铁钢"
COUNTIES = ("990402", "990403", "990404", "990405", "990406", "990481")
KINDS = (
    "one sign wrong",
    "neighbours exchanged",
    "a sign lost",
    "cut at the end",
    "ends in 000",
    "3.70402E+17",
    "masked",
    "missing",
)
SHARES = (0.50, 0.12, 0.08, 0.05, 0.10, 0.05, 0.05, 0.05)


@dataclass
class People:
    """`count` persons by columns; names as frequent as Zipf has it, serial numbers as the police give them."""

    count: int
    draw: np.random.Generator
    number: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    county: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        n, draw = self.count, self.draw
        surnames, given = np.array(list(SURNAMES)), np.array(list(dict.fromkeys(GIVEN)))
        by_rank = 1 / np.arange(1, len(given) + 1) ** 0.7
        of_surname = 1 / np.arange(2, len(surnames) + 2) ** 0.9
        first = draw.choice(surnames, n, p=of_surname / of_surname.sum())
        middle, last = (draw.choice(given, n, p=by_rank / by_rank.sum()) for _ in range(2))
        is_short = draw.random(n) < 0.15
        self.name = [a + (b if short else b + c) for a, b, c, short in zip(first, middle, last, is_short, strict=True)]
        lives = draw.integers(0, len(COUNTIES), n)
        born_there = draw.random(n) < 0.85
        origin = np.where(born_there, lives, draw.integers(0, len(COUNTIES), n))
        days = (np.datetime64("1936-01-01") + draw.integers(0, 32_500, n)).astype(str)
        serial = draw.integers(0, 1000, n)
        taken: set[str] = set()
        for place, day, number in zip(origin, days, serial, strict=True):
            while (first17 := f"{COUNTIES[place]}{day.replace('-', '')}{number % 1000:03}") in taken:
                number += 1
            taken.add(first17)
            self.number.append(first17 + check_character(first17))
        self.county = [COUNTIES[i] for i in lives]


def broken(number: str, kind: str, draw: np.random.Generator) -> str | None:
    """A number as it arrives; one that happens to be good again is broken once more."""
    at = int(draw.integers(0, 17))
    if kind == "one sign wrong":
        other = str((int(number[at]) + int(draw.integers(1, 10))) % 10)
        return number[:at] + other + number[at + 1 :]
    if kind == "neighbours exchanged":
        while number[at] == number[at + 1]:
            at = int(draw.integers(0, 17))
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return {
        "a sign lost": number[:at] + number[at + 1 :],
        "cut at the end": number[: int(draw.integers(14, 18))],
        "ends in 000": number[:15] + "000",
        "3.70402E+17": f"{number[0]}.{number[1:15]}E+17",
        "masked": number[:6] + "********" + number[14:],
        "missing": None,
    }[kind]


def fill(connection: duckdb.DuckDBPyConnection, persons: int, sought: int, seed: int = 7) -> None:
    """The tables that the night's step reads, and `truth`: who each record is (null: nobody that is registered)."""
    draw = np.random.default_rng(seed)
    people = People(persons + sought // 20, draw)
    known = persons
    for stranger in range(known, known + sought // 40):  # has a namesake of the same day and origin
        double = int(draw.integers(0, known))
        number = people.number[double]
        first17 = f"{number[:14]}{(int(number[14:17]) + int(draw.integers(1, 1000))) % 1000:03}"
        people.number[stranger] = first17 + check_character(first17)
        people.name[stranger], people.county[stranger] = people.name[double], people.county[double]
    chosen = np.concatenate([draw.choice(known, sought - sought // 20, replace=False), np.arange(known, people.count)])
    kinds = draw.choice(KINDS, len(chosen), p=SHARES)
    records = []
    for record, (i, kind) in enumerate(zip(chosen.tolist(), kinds.tolist(), strict=True), start=1):
        name = people.name[i]
        if draw.random() < 0.02:
            name = name[:-1] + GIVEN[int(draw.integers(0, len(GIVEN)))]
        county = people.county[i] if draw.random() < 0.95 else COUNTIES[int(draw.integers(0, 6))]
        records.append(
            (
                record,
                COUNTIES.index(county) + 7,
                kind,
                name,
                broken(people.number[i], kind, draw),
                i if i < known else None,
            )
        )
    counties = pa.array(people.county[:known])
    connection.register("given_people", pa.table({
        "person_key": pa.array(range(known)), "id_no": people.number[:known], "name": people.name[:known], "county": counties,
    }))  # fmt: skip
    names = ("record_no", "delivery_no", "kind", "name", "id_no", "truth")
    connection.register("given_records", pa.table({n: pa.array([r[i] for r in records]) for i, n in enumerate(names)}))
    counties_sql = ", ".join(f"('{c}')" for c in COUNTIES)
    for name, sql in {
        # two files of every county: the register, then what arrived with broken numbers
        "deliveries": f"select row_number() over (order by part, area6) as delivery_no, 'health_insurance' as extract, area6, "
                      f"true as is_in_force, delivery_no as told_no from (values {counties_sql}) t(area6), (values (1), (2)) p(part)",
        "identities": "select p.person_key, p.id_no, p.name, null::varchar as phone, null::varchar as address, d.delivery_no, "
                      "0 as line_no from given_people p join deliveries d on d.area6 = p.county and d.delivery_no <= 6",
        "unidentified": "select delivery_no::bigint as delivery_no, record_no, record_no as line_no, id_no, name, "
                        "null::varchar as phone, null::varchar as address, null::varchar as area12 from given_records",
        "truth": "select record_no, kind, truth from given_records",
        "civil_affairs_members": "select 0::bigint as delivery_no, 0::bigint as record_no, 0::bigint as line_no, '' as area6, "
                                 "null::varchar as area12, 0::bigint as person_key, false as is_unnumbered where false",
    }.items():  # fmt: skip
        connection.execute(f"create or replace temp table {name} as {sql}")


def link(home: Home, connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Tables `records` … `decided` by the night's own steps; CPU seconds of each."""
    connection.execute("set variable as_of = date '2026-01-21'")
    reference.open_values(home, date(2026, 1, 21), connection)
    weighing.teach(connection)
    spent = {}
    for name in ("records", "sought", "known", "weighed", "decided"):
        began = time.process_time()
        if name == "weighed":
            weighing.weigh(connection, model())
        else:
            connection.execute(f"create or replace temp table {name} as {sql_table(FOLDER / f'{name}.sql').sql}")
        spent[name] = time.process_time() - began
    return spent


FIGURES = """
    select
        coalesce(t.kind, 'all'),
        count(t.truth), count(*) filter (t.truth is null),
        count(d.person_key), count(*) filter (d.person_key = t.truth),
        count(*) filter (d.person_key is not null and t.truth is null)
    from truth t
    join records using (record_no)
    join decided d using (identity_no)
    group by rollup (t.kind)
    order by t.kind nulls last
"""


def main() -> None:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sought = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(folder)
        with engine(home) as connection:
            fill(connection, persons, sought)
            began = time.perf_counter()
            spent = link(home, connection)
            wall = time.perf_counter() - began
            print(f"{persons:,} persons, {sought:,} sought, {os.environ.get('LOWINCOME_THREADS', 'all')} threads")
            print("number               registered   not   linked    right   wrong   recall  precision")
            for kind, registered, others, linked, right, strangers in connection.execute(FIGURES).fetchall():
                print(
                    f"{kind:20} {registered:10,} {others:5,} {linked:8,} {right:8,} {linked - right:5,} ({strangers})"
                    f"  {right / registered:.4f}     {right / max(linked, 1):.4f}"
                )
            pairs = connection.execute("select count(*) from weighed").fetchall()[0][0]
            print(
                f"CPU {sum(spent.values()):.1f} s ({', '.join(f'{k} {v:.1f}' for k, v in spent.items())}), wall {wall:.1f} s; {pairs:,} pairs weighed"
            )


if __name__ == "__main__":
    main()
