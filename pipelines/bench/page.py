"""The page of docs/ that says what the simulated county is and where its numbers come from."""

from __future__ import annotations

from pipelines.bench.parameters import parameters

_SAYS = """\
# The simulated county

{generated}

The lists are held against a county whose life is simulated month by month and which shares no formula, threshold or
window with the rules: `pipelines.bench` may not import `assets` (the linter forbids it), opens no file of
`data/reference`, and reads its numbers from `pipelines/bench/parameters.csv` alone.

## What is simulated

- **Families** in the sizes of the census, in towns and villages: people alone, couples, children, single parents, old
  parents, three generations; what each grown member lives on, down to who cannot work. Most of the poorest are on
  assistance already, and some who are less poor.
- **Pay** with growth, shocks that stay and shocks that pass; seasonal work; farms; pensions that rise in July.
- **What departments see of it**: contribution bases that are set once a year, in full, in part or at the legal floor;
  statements of income that are a year old, too low, and not always renewed.
- **Illness**: visits and stays by age with a heavy tail of costs, great illnesses with months of treatment, what each
  insurance leaves to pay; deaths by age, births, schooling and its fees.
- **Shocks** by their published rates over the whole time: jobs lost, wages cut, arrears, migrants home without work,
  harvests lost, pensions stopped, accidents, disability, fires, floods, benefits that run out, deaths of earners.
- **Blind alarms** that look the same in one file and ruin nobody: bills taken back, a change of employer with a gap,
  bonuses that end, retirement, the pause of winter, insured losses, great bills of families that can pay.
- **Files** of all departments, each with its day of arrival, late ones, lost rows, late payments and wrong digits.

## What need means

Every family has a budget: income net of contributions, assistance and benefits, less what illness, schools and losses
take. Basic needs are food, clothing and a roof as the poorest fifth has them, weighed by who lives there. What is
missing comes from savings, then from kin; hospitals and schools are owed, and debts are paid back month by month,
and so are the instalments on the house.

- *need*: savings and kin are used up and what comes in does not cover basic needs and the debts;
- *strain*: the family lives on savings that will be used up within half a year.

`truth/need.csv` holds the spells, each with the weightiest shock of the year and a half before it, or none where the
family was poor all along; `truth/shocks.csv` holds every shock with the extracts that show it; `truth/families.csv`
holds the families. Aid that a list leads to does not change the life that follows.

## What is left out

Families do not split, merge or move to another town, nobody enters prison, income from property is part of pay, and no
assistance begins or ends after the history has begun.

## Parameters

`not checked against the document` means that the figure was written down from knowledge of the publication.

| parameter | value | unit | source | note |
|---|---|---|---|---|
"""


def bench_page(generated: str) -> str:
    rows = [f"| `{p.name}` | {p.value:,g} | {p.unit} | {p.source} | {p.note} |" for p in parameters().values()]
    return _SAYS.format(generated=generated) + "\n".join(rows)
