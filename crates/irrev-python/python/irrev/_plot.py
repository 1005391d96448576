"""Figures by matplotlib, which is optional."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def require(module: str, extra: str) -> Any:
    """An optional package, or an ImportError that says how to get it."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f'{module} is needed for this; install it with: pip install "irrev[{extra}]"') from error


def axes(ax: "Axes | None") -> "Axes":
    """The axes given, or those of a new figure."""
    if ax is not None:
        return ax
    made: Axes = require("matplotlib.pyplot", "plot").subplots()[1]
    return made


def bars(ax: "Axes | None", labels: Sequence[str], heights: npt.ArrayLike, ylabel: str) -> "Axes":
    """Bars with one label each."""
    ax = axes(ax)
    places = range(len(labels))
    ax.bar(places, heights)
    ax.set_xticks(places, labels, rotation=90 if len(labels) > 6 else 0)
    ax.set_ylabel(ylabel)
    return ax


LINE = 0.28
"""Height of a lying bar with its label, in inches."""


def lying_bars(ax: "Axes | None", labels: Sequence[str], lengths: npt.ArrayLike, xlabel: str) -> "Axes":
    """Bars from the left with long labels beside them, the first on top; a new figure is as high as they need."""
    if ax is None:
        size = (8.0, 1.0 + LINE * max(len(labels), 3))
        ax = require("matplotlib.pyplot", "plot").subplots(figsize=size, layout="constrained")[1]
    places = range(len(labels))
    ax.barh(places, lengths)
    ax.set_yticks(places, labels)
    ax.invert_yaxis()
    ax.set_xlabel(xlabel)
    return ax


def lines(
    ax: "Axes | None", x: npt.ArrayLike, y: npt.ArrayLike, labels: Sequence[str], xlabel: str, ylabel: str
) -> "Axes":
    """One line per column of y; a legend for up to ten of them."""
    ax = axes(ax)
    drawn = ax.plot(x, y)
    if 1 < len(labels) <= 10:
        ax.legend(drawn, labels)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax
