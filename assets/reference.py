"""Dated standards and parameters, shipped and local: read, laid over each other, and refused where they contradict."""

from __future__ import annotations

from pathlib import Path

import duckdb

from assets.home import Home, Refusal

SHIPPED = Path(__file__).parents[1] / "data" / "reference"
VALUES = ("standards.csv", "parameters.csv")
COLUMNS = ("name", "area_prefix", "residence", "value", "unit", "valid_from", "valid_to", "known_at", "document")

_FAULTS = """
    select file, line,
        case
            when not coalesce(regexp_full_match(name, '[a-z][a-z0-9_]*'), false)
                then 'name is not in the form inc_drop_note'
            when not regexp_full_match(area_prefix, '\\d{0,12}') then 'area_prefix is not up to 12 digits'
            when residence not in ('urban', 'rural', 'any') then 'residence is not urban, rural or any'
            when try_cast(value as decimal(18, 4)) is null then 'value is not a number'
            when file = 'standards.csv' and unit not in ('month', 'year') then 'unit is not month or year'
            when file = 'parameters.csv' and unit not in ('yuan', 'ratio', 'months', 'days', 'persons')
                then 'unit is not yuan, ratio, months, days or persons'
            when try_cast(valid_from as date) is null then 'valid_from is not a date (2026-01-01)'
            when valid_to <> '' and try_cast(valid_to as date) is null then 'valid_to is not a date (2026-01-01)'
            when valid_to <> '' and try_cast(valid_to as date) < try_cast(valid_from as date)
                then 'valid_to is before valid_from'
            when try_cast(known_at as date) is null then 'known_at is not a date (2026-01-01)'
        end as fault
    from given_text
    where fault is not null
    order by file, line
"""

_OVERLAPS = """
    select a.file, a.line, 'is valid at the same time as line ' || b.line as fault
    from given_text a
    join given_text b
        on a.file = b.file and a.origin = b.origin and a.line < b.line
        and a.name = b.name and a.area_prefix = b.area_prefix and a.residence = b.residence and a.known_at = b.known_at
    where a.valid_from::date <= coalesce(nullif(b.valid_to, '')::date, date '9999-12-31')
        and b.valid_from::date <= coalesce(nullif(a.valid_to, '')::date, date '9999-12-31')
    order by all
"""

_LAID_OVER = """
    create or replace temp table given_values as
    select
        name, area_prefix, residence, value::decimal(18, 4) as value, unit, valid_from::date as valid_from,
        nullif(valid_to, '')::date as valid_to, known_at::date as known_at, document
    from given_text s
    where origin = 'home' or not exists (
        select 1 from given_text h
        where h.origin = 'home' and h.name = s.name and h.area_prefix = s.area_prefix and h.residence = s.residence
    )
"""


def open_values(home: Home, connection: duckdb.DuckDBPyConnection) -> None:
    """Table `given_values`: all dated rows.

    A home's rows replace the shipped ones of the same name, prefix and residence.
    Raises `Refusal` that names file, line and fault for the first row that cannot be right.
    """
    connection.execute(
        "create or replace temp table given_text (origin varchar, file varchar, line bigint, "
        + ", ".join(f"{name} varchar" for name in COLUMNS) + ")"
    )  # fmt: skip
    for origin, folder in (("shipped", SHIPPED), ("home", home.reference)):
        for name in VALUES:
            if (folder / name).exists():
                _read(connection, origin, folder / name)
    for sql in (_FAULTS, _OVERLAPS):
        faults = connection.execute(sql).fetchall()
        if faults:
            file, line, fault = faults[0]
            raise Refusal(
                f"reference/{file} line {line}: {fault}; mend that row and run again ({len(faults)} such rows)."
            )
    connection.execute(_LAID_OVER)


def _read(connection: duckdb.DuckDBPyConnection, origin: str, path: Path) -> None:
    try:
        connection.execute(
            """
            insert into given_text
            select $1, $2, row_number() over () + 1, *
            from read_csv(
                $3, header = true, all_varchar = true, delim = ',', quote = '"', auto_detect = false, columns = $4,
                parallel = false
            )
            """,
            [origin, path.name, str(path), dict.fromkeys(COLUMNS, "VARCHAR")],
        )
        connection.execute(
            "update given_text set area_prefix = coalesce(area_prefix, ''), valid_to = coalesce(valid_to, '')"
        )
    except duckdb.Error as error:
        raise Refusal(
            f"{path.name} cannot be read: its first line must be {','.join(COLUMNS)} ({type(error).__name__})."
        ) from None
