"""How long a slider takes to become a picture in the Explore workspace: ``explore_slider.py RUN [SECONDS]``.

Works without a display. A slider is moved 200 times a second; prints the age of each wish when its picture was
painted (median, 95th percentile), the wishes that newer ones replaced, and whether the last one was painted.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
HOME = tempfile.mkdtemp(prefix="ganstudio-bench-")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["GANSTUDIO_CONFIG_HOME"] = f"{HOME}/config"
os.environ["GANSTUDIO_RUNS"] = f"{HOME}/runs"

from ganstudio.window.application import make_application, prepare_environment  # noqa: E402

prepare_environment()

from ganstudio.core.explore.recipe import Model  # noqa: E402
from ganstudio.window.main_window import MainWindow  # noqa: E402
from ganstudio.window.settings import SettingsFile  # noqa: E402

EVERY = 0.005


def main(arguments: list[str]) -> int:
    """Measure."""
    if not arguments:
        print(__doc__)
        return 2
    app, seconds = make_application(), float(arguments[1]) if len(arguments) > 1 else 5.0
    settings = SettingsFile()
    settings.settings.prestart = False
    window = MainWindow(settings)
    window.show()
    window.performer.perform("workspace.explore")
    space = window.switcher.explore
    assert space is not None
    space.open_model(Model(arguments[0]))
    while space.explorer.opened is None or not space.desk.idle():
        app.processEvents()
    space.desk.ages.clear()
    slider, begin, moves = space.column.where.psi.slider, time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        if moves * EVERY < time.perf_counter() - begin:
            moves += 1
            slider.setValue(moves % slider.maximum())
        app.processEvents()
    last = space.explorer.recipe
    while not space.desk.idle() or space._rest.isActive():
        app.processEvents()
    ages = sorted(space.desk.ages)
    result = {
        "moves": moves,
        "painted": len(ages),
        "replaced": space.desk.skipped,
        "median_ms": round(1000 * ages[len(ages) // 2], 1),
        "p95_ms": round(1000 * ages[int(0.95 * (len(ages) - 1))], 1),
        "ended_on_the_last": space.shown == last,
    }
    print(json.dumps(result))
    space.shut_down()
    window.background.close()
    window.hide()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
