"""What the departments do not deliver: dated standards and parameters, areas, grids and the working-day calendar.

Shipped rows, and a home's own, which replace the shipped ones of the same key; what contradicts itself is refused.
"""

from assets.reference.declared import SHIPPED
from assets.reference.opening import WARNINGS, open_areas, open_calendar, open_grids, open_values, warnings
from assets.reference.reading import Fault
from assets.reference.standing import CHECKS, TABLES, faults, given_files, stamps, standing, told

__all__ = [
    "CHECKS",
    "SHIPPED",
    "TABLES",
    "WARNINGS",
    "Fault",
    "faults",
    "given_files",
    "open_areas",
    "open_calendar",
    "open_grids",
    "open_values",
    "stamps",
    "standing",
    "told",
    "warnings",
]
