"""What is held, what waits, and how a named person lets it through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from assets.home import Home, Refusal
from assets.intake import ledger
from assets.night import Night
from assets.releases import Release, enter, first_night_to_know, releases
from expectations.contract import contracts

LATEST = date(9999, 12, 1)
_NUMBER = re.compile(r"[0-9]{15}")


def release_months(home: Home, extract: str, area: str, month: date | None, by: str, reason: str) -> Release:
    """Months of an extract in an area; without a month all that are closed now."""
    if extract not in contracts():
        raise Refusal(f"There is no extract {extract}; there are: {', '.join(contracts())}.")
    last = _last_night(home)
    closed = _asked(
        home, last, "gates",
        "select count(*) from gates where extract = $1 and starts_with(area, $2) and state <> 'released' "
        "and month = coalesce($3, month)", [extract, area, month],
    )  # fmt: skip
    if not closed:
        raise Refusal(
            f"Nothing of {extract}{f' in {month:%Y-%m}' if month else ''} is held for area {area} in the night of "
            f"{last}: see `lowincome release --list` (what is held for a whole county is released for six digits)."
        )
    until = (last.replace(day=1) - timedelta(days=1)).replace(day=1)
    return _enter(home, by, reason, extract=extract, area=area, month=_text(month), until_month=_text(until))


def release_rule(home: Home, rule: str, area: str, by: str, reason: str) -> Release:
    """Hits of a rule in an area that are far above those of earlier months."""
    last = _last_night(home)
    broken = _asked(
        home, last, "held",
        "select count(*) from held where rule = $1 and starts_with(area, $2) and gate = 'rate' and state = 'held'",
        [rule, area],
    )  # fmt: skip
    if not broken:
        raise Refusal(f"The breaker does not hold {rule} for area {area} in the night of {last}: see --list.")
    return _enter(home, by, reason, rule=rule, area=area, until_month=_text(last.replace(day=1)))


def release_delivery(home: Home, delivery_no: int, by: str, reason: str) -> Release:
    """A file that waits since intake held it: the next night takes it in as it is."""
    waiting = {number: file for number, file, _ in _waiting(home)}
    if delivery_no not in waiting:
        raise Refusal(f"No delivery {delivery_no} waits: `lowincome release --list` shows those that do.")
    return _enter(home, by, reason, delivery_no=delivery_no)


def overview(home: Home) -> Iterator[str]:
    """What is held, which files wait, and what was released by whom, line by line."""
    ran = ledger.nights(home)
    if ran:
        with Night.of(home, ran[-1]) as night:
            night.open("gates", "held")
            yield f"暂缓 / held in the night of {ran[-1]}:"
            for row in night.connection.execute(
                "select extract, area, strftime(month, '%Y-%m'), gate, state, finding from gates order by all"
            ).fetchall():
                yield "  " + "  ".join(row)
            for row in night.connection.execute(
                "select rule, area, state, reason from held where gate = 'rate' order by all"
            ).fetchall():
                yield "  " + "  ".join(row)
    yield "待放行的文件 / files that wait:"
    for number, file, code in _waiting(home):
        yield f"  {number}  {file}  {code}"
    yield "放行记录 / releases:"
    for one in releases(home, LATEST):
        what = f"delivery {one.delivery_no}" if one.delivery_no else f"{one.extract or one.rule} {one.area}"
        months = one.month[:7] or (f"≤ {one.until_month[:7]}" if one.until_month else "")
        yield f"  {one.release_no}  {what}  {months}  {one.released_by}  {one.released_on}  {one.reason}"


def is_in_words(*told: str) -> bool:
    """Whether each says something, and no identity number."""
    return all(text.strip() and not _NUMBER.search(text) for text in told)


def _enter(home: Home, by: str, reason: str, **what: str | int) -> Release:
    """Write one release into the ledger, while no night is running."""
    if not is_in_words(by, reason):
        raise Refusal("A release says who lets it through and why, in words and without identity numbers.")
    with home.owned():
        number = max((one.release_no for one in releases(home, LATEST)), default=0) + 1
        release = Release(number, first_night_to_know(home).isoformat(), by.strip(), reason.strip(), **what)  # type: ignore[arg-type]
        enter(home, release)
    return release


def _last_night(home: Home) -> date:
    ran = ledger.nights(home)
    if not ran:
        raise Refusal("No night has run in this home yet, so nothing is held.")
    return ran[-1]


def _asked(home: Home, night: date, table: str, query: str, values: list[object]) -> int:
    with Night.of(home, night) as opened:
        opened.open(table)
        return int(opened.connection.execute(query, values).fetchall()[0][0])


def _waiting(home: Home) -> list[tuple[int, str, str]]:
    """Held deliveries that nobody has let through: number, file and why."""
    done = {one.delivery_no for one in releases(home, LATEST)}
    with Night.of(home, LATEST) as opened:
        opened.open("deliveries")
        rows = opened.connection.execute(
            "select delivery_no, file, code from deliveries where state = 'held' order by delivery_no"
        ).fetchall()
    return [row for row in rows if row[0] not in done]


def _text(month: date | None) -> str:
    return month.isoformat() if month else ""
