"""What a benchmark tells: a figure, the reference beside it, their ratio, and whether the target is met."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured line. `reference` was measured in the same run, as `against` describes; both are in `unit`."""

    name: str
    figure: float
    unit: str
    reference: float
    against: str
    target: str
    met: bool

    @property
    def ratio(self) -> float:
        return self.figure / self.reference if self.reference else math.nan

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"ratio": round(self.ratio, 3)}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0…1) of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text, one a line."""
    rows = [("name", "figure", "unit", "reference", "ratio", "target", "met")]
    rows += [
        (
            f.name,
            f"{f.figure:,.1f}",
            f.unit,
            f"{f.reference:,.1f}",
            f"{f.ratio:.2f}",
            f.target,
            "yes" if f.met else "NO",
        )
        for f in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    notes = [f"  {f.name}: reference is {f.against}" for f in figures]
    return "\n".join([*lines, "", *notes])
