"""Pictures of every widget in both themes: ``python tests/screenshots/widgets.py FOLDER``.

The input is made up (see inputs.py); the pictures are for looking at the widgets, not at results.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import inputs
from photographer import begin, framed, save, themes
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Card, ElidedLabel, EmptyState
from ganstudio.window.widgets.charts.column import ChartColumn
from ganstudio.window.widgets.charts.measured import MeasuredPanel, spec_of
from ganstudio.window.widgets.charts.measures import MeasuredCurve
from ganstudio.window.widgets.charts.panel import ChartPanel
from ganstudio.window.widgets.charts.spec import ChartOptions, Mark
from ganstudio.window.widgets.cloud_view import CloudView
from ganstudio.window.widgets.log_slider import LogSlider
from ganstudio.window.widgets.segmented import SegmentedControl
from ganstudio.window.widgets.stage import SampleStage
from ganstudio.window.widgets.toggle import ToggleSwitch

THEORY = inputs.THEORY


def charts(width: int = 404, height: int = 900, raw_scores: bool = False) -> ChartColumn:
    column = ChartColumn(inputs.training(500, penalty=True))
    column.resize(width, height)
    column.set_theory(THEORY if not raw_scores else {})
    column.add_mark(Mark(1200, "G rate 1e−4 → 2e−4"))
    column.add_mark(Mark(1300, "D rate 1e−4 → 5e−5"))
    column.add_mark(Mark(2400, "resumed", "resume"))
    column.set_scores(inputs.scores(probability=not raw_scores))
    return column


def charts_symlog() -> ChartColumn:
    column = charts(raw_scores=True)
    column.set_options(ChartOptions(0.98, "time", "log", True))
    return column


def charts_empty() -> ChartColumn:
    column = ChartColumn()
    column.resize(404, 700)
    return column


def measured() -> QWidget:
    """Charts of measured numbers: of one run over its series, and of two runs."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setSpacing(8)
    store = inputs.training(500)
    for metric, low, high in (("fd-domain", 8, 90), ("precision-domain", 0.9, 0.2)):
        points = inputs.measurements(metric, low, high)
        panel = MeasuredPanel(spec_of(points[0]), store)
        panel.show_curves([MeasuredCurve("", "accent-text", tuple(points), best=3000, store=store)])
        column.addWidget(panel)
    runs = [inputs.measurements("kd-domain", 0.1, 1, seed) for seed in (1, 2)]
    panel = MeasuredPanel(spec_of(runs[0][0]))
    looks = (("dcgan", "generator", "solid"), ("wgan-gp", "discriminator", "dash"))
    panel.show_curves([MeasuredCurve(n, c, tuple(r), d) for (n, c, d), r in zip(looks, runs, strict=True)])
    column.addWidget(panel)
    frame.resize(404, 480)
    return frame


def stage(
    mode: str = "generated", enlarged: int | None = None, size: tuple[int, int] = (680, 660)
) -> SampleStage:
    result = SampleStage()
    result.resize(*size)
    result.set_caption("seeds 0–63 · average weights")
    result.grid.set_generated(inputs.pictures(64, 1), 1440)
    result.grid.set_real(inputs.pictures(64, 2))
    result.slider.set_steps(range(0, 2400, 100))
    result.slider.set_position(1440)
    result.set_mode(mode)
    result.grid.enlarge(enlarged)
    return result


def stage_small() -> SampleStage:
    result = stage(size=(330, 320))
    result.set_caption("seeds 0–63 · average weights · a caption that is far too long for the room it has")
    result.slider.set_position(None)
    return result


def stage_empty() -> SampleStage:
    result = SampleStage()
    result.resize(560, 420)
    result.set_empty(
        "No samples yet", "Samples appear here, step by step, as soon as a run starts.", "Start training"
    )
    return result


def cloud(dimension: int) -> SampleStage:
    result = SampleStage()
    result.resize(620, 560)
    result.show_cloud()
    real, generated, density = inputs.points(dimension)
    result.cloud.set_density(density)
    result.cloud.set_real(real)
    result.cloud.set_generated(generated, 900)
    result.slider.set_steps(range(0, 1000, 25))
    return result


def cloud_small() -> CloudView:
    result = CloudView()
    result.resize(240, 200)
    real, generated, _ = inputs.points(2)
    result.set_real(real)
    result.set_generated(generated)
    return result


def controls() -> QWidget:
    card = Card("Controls", "every small one, with a caption that is longer than there is room for")
    card.resize(300, 440)
    body = card.body
    for label, actor, value in (
        ("Generator rate", "generator", 2e-4),
        ("Discriminator rate", "discriminator", 1e-4),
    ):
        slider = LogSlider(label, 1e-6, 1e-1, 2e-4, actor=actor)
        slider.set_value(value)
        body.addWidget(slider)
    for label, on, enabled in (
        ("Label smoothing", True, True),
        ("Spectral norm", False, True),
        ("R1", True, False),
    ):
        switch = ToggleSwitch(label)
        switch.setChecked(on)
        switch.setEnabled(enabled)
        body.addWidget(switch)
    body.addWidget(SegmentedControl((("a", "Linear", ""), ("b", "Log", ""), ("c", "Symlog", "")), "Scale"))
    body.addWidget(ElidedLabel("/home/someone/pictures/a/very/long/path/to/a/folder/of/faces", middle=True))
    body.addWidget(ElidedLabel("1,797 images, 16 × 16, 10 classes, and a sentence that goes on and on"))
    for text, role, enabled in (
        ("Start", "primary", True),
        ("Start", "primary", False),
        ("Stop", "", True),
        ("Show in chart", "link", True),
        ("Reset layout", "quiet", True),
    ):
        button = QPushButton(text)
        button.setEnabled(enabled)
        set_role(button, role)
        body.addWidget(button)
    return card


def empty() -> EmptyState:
    result = EmptyState(
        "No run is open", "Press Start to train the chosen preset, or open a run's folder.", "Start"
    )
    result.resize(420, 240)
    return result


WIDGETS = {
    "charts": charts,
    "charts-wide": lambda: charts(640, 900),
    "charts-log-raw": charts_symlog,
    "charts-empty": charts_empty,
    "measured": measured,
    "stage": stage,
    "stage-both": lambda: stage("both", size=(800, 520)),
    "stage-enlarged": lambda: stage(enlarged=12),
    "stage-small": stage_small,
    "stage-empty": stage_empty,
    "cloud-2d": lambda: cloud(2),
    "cloud-1d": lambda: cloud(1),
    "cloud-small": cloud_small,
    "controls": controls,
    "empty": empty,
}


def shoot(path: Path, name: str) -> None:
    widget = WIDGETS[name]()
    frame = framed(widget)
    frame.show()
    QApplication.processEvents()
    for panel in widget.findChildren(ChartPanel):
        panel.set_cursor(2100)
        panel.refresh(force=True)
        QApplication.processEvents()
        panel.refresh(force=True)
    if isinstance(widget, ChartColumn):
        widget.refresh(force=True)
        widget.set_cursor(2100 if "empty" not in name else None)
        QApplication.processEvents()
    save(frame, path)
    frame.close()
    frame.deleteLater()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    begin(folder)
    for mode in themes():
        for name in WIDGETS:
            shoot(folder / f"{name}-{mode}.png", name)
    print(folder)


if __name__ == "__main__":
    main()
