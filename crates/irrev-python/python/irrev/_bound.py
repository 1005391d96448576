"""Bounds as records: cost ≥ bound, or the assumption that keeps it from saying anything."""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from irrev._record import Record, means

class Side(Record):
    """A number with a bound on its error."""

    value: Annotated[float, means("", "The number")]
    error: Annotated[float, means("", "It is off by at most this")]

    def __float__(self) -> float:
        return self.value


class Bound(Record):
    """One bound: cost ≥ bound, or the assumption that keeps it from saying anything."""

    name: Annotated[str, means("", "Its name")]
    subject: Annotated[str | None, means("", "The observable or current it is about, if it is about one")]
    paid: Annotated[
        str,
        means("", 'The cost: "entropy production", "excess", "nonadiabatic", "jumps", "pseudo-entropy", "constant speed"'),
    ]
    statement: Annotated[str, means("", "The bound as a formula")]
    source: Annotated[str, means("", "Where it comes from")]
    cost: Annotated[Side | None, means("", "What was paid; None if an assumption is unmet")]
    bound: Annotated[Side | None, means("", "What had to be paid at least")]
    least_time: Annotated[Side | None, means("time", "The least time at this cost; None if the bound is not one on time")]
    slack: Annotated[float | None, means("", "cost - bound")]
    tightness: Annotated[float | None, means("", "bound/cost, at most 1; None if nothing was paid")]
    verdict: Annotated[
        str,
        means(
            "", '"holds", "saturated" (equal within the errors), "nothing moves" (the bound is zero), "violated" or "unmet"'
        ),
    ]
    unmet: Annotated[str | None, means("", "The assumption that fails, in words")]


SIDES = ("cost", "bound", "least_time")
"""Fields of a bound that have errors."""


def with_sides(fields: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The fields with pairs (value, error) as records."""
    return {
        name: Side(value=value[0], error=value[1]) if name in names and value is not None else value
        for name, value in fields.items()
    }


def read(row: dict[str, Any]) -> Bound:
    """A bound from its fields."""
    return Bound(**with_sides(row, SIDES))


def found(bounds: Iterable[Bound], name: str, paid: str) -> Bound:
    """The bound of a name on a cost; `KeyError` names those that there are."""
    there = tuple(bounds)
    for bound in there:
        if bound.name == name and bound.paid == paid:
            return bound
    named = ", ".join(f"{b.name} ({b.paid})" for b in there)
    raise KeyError(f"no bound {name} on {paid}; there are {named}")
