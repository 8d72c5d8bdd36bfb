"""The program as a whole, in its own process: display, signals, orphans, start-up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    own = {
        "GANSTUDIO_CONFIG_HOME": str(tmp_path / "config"),
        "GANSTUDIO_RUNS": str(tmp_path / "runs"),
        "PYTHONPATH": str(ROOT),
    }
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return kept | own | more


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition never came true"
        time.sleep(0.02)


def engines(process: psutil.Process) -> list[psutil.Process]:
    return [c for c in process.children(recursive=True) if "spawn_main" in " ".join(c.cmdline())]


@pytest.fixture
def program(tmp_path: Path):
    """A window of its own, with an engine."""
    log = (tmp_path / "output").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "ganstudio"],
        env=environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
        stdout=log,
        stderr=log,
        cwd=tmp_path,
    )
    whole = psutil.Process(process.pid)
    until(lambda: bool(engines(whole)))
    yield process, whole
    if process.poll() is None:
        process.kill()
    process.wait(30)
    log.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_it_says_so_in_one_line_and_ends_with_3(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "ganstudio", "gui"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1
    assert "display" in done.stderr


@POSIX
def test_a_killed_window_leaves_no_child(program):
    process, whole = program
    children = engines(whole)
    process.kill()
    until(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_in_order(program, number):
    process, whole = program
    children = engines(whole)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert not any(child.is_running() and child.status() != "zombie" for child in children)


@POSIX
@pytest.mark.parametrize(
    "imported",
    ["ganstudio/window/application", "ganstudio/window/hooks", "ganstudio/window/widgets/charts/plot"],
)
def test_an_interrupt_of_the_whole_group_while_starting_ends_the_program_too(tmp_path, imported):
    """As a terminal does it: window, engine and helpers all get the signal, however far they have come."""
    trace = tmp_path / "trace"
    with trace.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-v", "-m", "ganstudio"],
            env=environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
            stdout=out,
            stderr=out,
            cwd=tmp_path,
            start_new_session=True,
        )
        try:
            until(lambda: imported.encode() in trace.read_bytes())
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(60) in (0, 130)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)
    assert b"Process ganstudio-engine:" not in trace.read_bytes(), (
        "the engine leaves interrupts to the window"
    )


def test_the_window_never_imports_torch(tmp_path):
    code = (
        "import sys\n"
        "from ganstudio.window.application import prepare_environment, make_application\n"
        "prepare_environment(); app = make_application()\n"
        "from ganstudio.window.main_window import MainWindow\n"
        "from ganstudio.window.settings import SettingsFile\n"
        "window = MainWindow(SettingsFile()); window.show(); app.processEvents()\n"
        "heavy = {'torch', 'torchvision', 'scipy', 'sklearn', 'onnx'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "window._leave(save=False); assert window._closed\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
