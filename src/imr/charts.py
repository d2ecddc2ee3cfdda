"""Charts as SVG, made on the server. The only module that uses matplotlib.

A page that shows a chart also shows its table, for screen readers and for people who want the numbers. The same figures
give the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_INK = "#1d2b36"
_GRID = "#d5dbe0"
_BAR = "#86b6d6"
_COLOURS = ("#1f5f8b", "#b4541a", "#3b7a57", "#7a4b94", "#8a6d1d", "#4a4a4a")
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "imr",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _GRID,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its value, and the bounds of its interval, if it has one."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


def bars(title: str, rows: Sequence[Bar], *, unit: str = "%", scale: float = 100.0) -> bytes:
    """Draw horizontal bars, the first on top, each with its interval as a whisker. `value * scale` is shown in `unit`."""
    figure, axes = _canvas(0.9 + 0.34 * len(rows))
    at = range(len(rows))
    values = [row.value * scale for row in rows]
    axes.barh(at, values, height=0.62, color=_BAR)
    for place, row in zip(at, rows, strict=True):
        if row.low is not None and row.high is not None:
            axes.plot(
                [row.low * scale, row.high * scale], [place, place], color=_INK, linewidth=1.4, solid_capstyle="butt"
            )
            axes.plot([row.low * scale, row.high * scale], [place, place], "|", color=_INK, markersize=7)
    axes.set_yticks(list(at), [_short(row.label) for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f} {unit}".strip())
    axes.grid(axis="x", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    return _svg(figure, title)


def lines(title: str, along: Sequence[str], series: Mapping[str, Sequence[float]], *, unit: str = "") -> bytes:
    """Draw one line a series over the same points. Each line is labeled at its end, and differs in more than color."""
    figure, axes = _canvas(3.6)
    styles = ("-", "--", "-.", ":")
    for number, (name, values) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        axes.plot(range(len(values)), values, styles[number % len(styles)], color=colour, linewidth=2, label=name)
    step = max(1, len(along) // 12)
    axes.set_xticks(range(0, len(along), step), [along[at] for at in range(0, len(along), step)])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f} {unit}".strip())
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    if len(series) > 1:
        axes.legend(frameon=False, loc="best")
    return _svg(figure, title)


def _canvas(height: float) -> tuple[Any, Any]:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_SETTINGS):
        figure = Figure(figsize=(8.0, height), layout="constrained")
        axes = figure.add_subplot()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    return figure, axes


def _svg(figure: Any, title: str) -> bytes:
    from matplotlib import rc_context

    out = io.BytesIO()
    with rc_context(_SETTINGS):
        figure.savefig(out, format="svg", metadata={"Title": title, "Date": None, "Creator": None}, facecolor="white")
    return out.getvalue()


def _short(label: str, longest: int = 64) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"
