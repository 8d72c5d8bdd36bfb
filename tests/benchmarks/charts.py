"""What one refresh of the chart column costs: ``python tests/benchmarks/charts.py [REPORTS]``. Prints, never fails."""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "screenshots"))

import inputs
from PySide6.QtWidgets import QApplication

from ganstudio.core.messages import Scalars
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.column import ChartColumn

TARGET_MS = 25.0


def report(store: SeriesStore) -> Scalars:
    """One more report, like the last."""
    series = store.series(store.names()[0])
    values = {name: store.last(name) for name in store.names()}
    return Scalars(
        int(series.step[-1]) + 6, int(series.images[-1]) + 384, float(series.seconds[-1]) + 0.1, values
    )


def refreshes(app: QApplication, column: ChartColumn, count: int) -> list[float]:
    """Milliseconds from a new report to the painted column."""
    times = []
    for _ in range(count):
        column.store.append(report(column.store))
        start = time.perf_counter()
        column.refresh(force=True)
        app.processEvents()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def main() -> None:
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    app = QApplication.instance() or QApplication([])
    theme().install(app)
    store = inputs.training(reports, penalty=True)
    column = ChartColumn(store)
    column.set_theory(inputs.THEORY)
    column.resize(404, 860)
    column.show()
    app.processEvents()
    refreshes(app, column, 5)
    times = sorted(refreshes(app, column, 40))
    median, worst = statistics.median(times), times[-1]
    print(f"{reports:,} reports, 404 x 860: refresh {median:.1f} ms median, {worst:.1f} ms longest")
    print(f"target {TARGET_MS:.0f} ms: {median / TARGET_MS:.2f} of it; store {store.bytes() / 2**20:.1f} MB")
    moves = []
    for i in range(40):
        start = time.perf_counter()
        column.set_cursor(int(store.steps()[i * len(store) // 40]))
        app.processEvents()
        moves.append((time.perf_counter() - start) * 1e3)
    print(f"cursor through all charts {statistics.median(moves):.1f} ms median")
    pans, panel = [], column.panels[0]
    for i in range(40):
        start = time.perf_counter()
        panel._moved(i * 10.0, i * 10.0 + reports * 3)
        app.processEvents()
        pans.append((time.perf_counter() - start) * 1e3)
    print(f"panning one chart {statistics.median(pans):.1f} ms median")


if __name__ == "__main__":
    main()
