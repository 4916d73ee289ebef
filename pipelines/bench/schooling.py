"""What schools ask of a family, and when: the fees that the books of the schools name, paid as terms begin."""

from __future__ import annotations

from pipelines.bench.living import World
from pipelines.sample import education
from pipelines.sample.months import last_terms


def pay_for_school(world: World) -> None:
    """Half of a year's fees in the first month of every term."""
    number_of = {person.id_no: number for number, person in enumerate(world.county.persons)}
    left = world.life.out_of_school
    for i in range(1, world.months):
        month = world.county.start + i
        term, first, year = last_terms(month + 1, 1)[0]
        if first != month - 1:
            continue
        world.life.out_of_school = {p: gone for p, gone in left.items() if gone[0] <= month}
        books = education.students(world.life, term, first, year)
        for id_no, tuition, boarding, status in zip(
            books["id_no"], books["tuition"], books["boarding"], books["status"], strict=True
        ):
            if status == "1":
                home = world.home[number_of[id_no]]
                world.outlay[home, i - 1] += (float(tuition) + float(boarding)) / 2
    world.life.out_of_school = left
