"""``ganstudio doctor``: what this machine has, in plain words, and whether training works on it."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

import ganstudio
from ganstudio.cli.errors import FAILED
from ganstudio.cli.terminal import Progress, say, say_json
from ganstudio.core import numbers
from ganstudio.core import platform as system
from ganstudio.core.runs import default_runs_folder

ESSENTIAL = (
    "torch",
    "torchvision",
    "numpy",
    "scipy",
    "scikit-learn",
    "Pillow",
    "safetensors",
    "platformdirs",
    "psutil",
    "tomli-w",
)
WINDOW = ("PySide6-Essentials", "pyqtgraph")
EXPORT = ("onnx", "onnxscript", "reportlab")
SECONDS = 2.0
LOW_DISK = 2 << 30
LOW_MEMORY = 1 << 30


@dataclass(frozen=True)
class Trial:
    """What two seconds of training on one device gave."""

    device: str
    name: str
    images_per_second: float
    error: str = ""


def run(options: argparse.Namespace) -> int:
    """Look at everything, tell it, and fail where something essential is broken."""
    found = examine(Progress(quiet=options.json))
    if options.json:
        say_json(found)
    else:
        for line in lines_of(found):
            say(line)
    return 0 if found["ok"] else FAILED


def examine(progress: Progress) -> dict[str, Any]:
    """All findings as one record; ``problems`` are essential, ``remarks`` are not."""
    found: dict[str, Any] = {
        "ganstudio": ganstudio.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} ({platform.machine()})",
        "versions": {name: _version(name) for name in (*ESSENTIAL, *WINDOW, *EXPORT)},
        "problems": [],
        "remarks": [],
    }
    _look_at_packages(found)
    _look_at_window(found)
    _look_at_resources(found)
    _look_at_devices(found, progress)
    progress.close()
    found["ok"] = not found["problems"]
    return found


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        if package == "PySide6-Essentials":  # the larger package brings the same modules
            return _version("PySide6")
        return None


def _look_at_packages(found: dict[str, Any]) -> None:
    for name in ESSENTIAL:
        if found["versions"][name] is None:
            found["problems"].append(f"{name} is not installed: nothing can be trained without it")
    for names, lost in ((WINDOW, "the window cannot open"), (EXPORT, "ONNX cannot be written")):
        missing = [name for name in names if found["versions"][name] is None]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            found["remarks"].append(f"{', '.join(missing)} {verb} not installed: {lost}")


def _look_at_window(found: dict[str, Any]) -> None:
    plugin = system.qt_platform()
    if plugin in ("", "offscreen"):
        plugin = "xcb"
    missing = system.missing_libraries(plugin) if found["versions"]["PySide6-Essentials"] else []
    manager = system.package_manager()
    line = system.install_line(system.packages_for(missing, manager), manager) if missing else ""
    found["display"] = system.display_available()
    found["missing_libraries"] = missing
    found["install_line"] = line
    if missing:
        remedy = f"; type: {line}" if line else ""
        found["remarks"].append(f"Qt lacks the system libraries {', '.join(missing)}{remedy}")
    if not found["display"]:
        found["remarks"].append("there is no display: the window cannot open, the command line works")


def _look_at_resources(found: dict[str, Any]) -> None:
    runs = default_runs_folder()
    existing = next(folder for folder in (runs.absolute(), *runs.absolute().parents) if folder.is_dir())
    memory = psutil.virtual_memory()
    found["runs_folder"] = str(runs)
    found["runs_folder_writable"] = _writable(existing)
    found["disk_free"] = shutil.disk_usage(existing).free
    found["memory"], found["memory_free"] = memory.total, memory.available
    if not found["runs_folder_writable"]:
        found["problems"].append(f"{existing} cannot be written: choose another place with GANSTUDIO_RUNS")
    if found["disk_free"] < LOW_DISK:
        found["remarks"].append(f"only {numbers.size(found['disk_free'])} are free on the disk of the runs")
    if found["memory_free"] < LOW_MEMORY:
        found["remarks"].append(f"only {numbers.size(found['memory_free'])} of memory are free")


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"1")
    except OSError:
        return False
    return True


def _look_at_devices(found: dict[str, Any], progress: Progress) -> None:
    found["devices"] = []
    try:
        trials = try_devices(progress)
    except Exception as error:
        found["problems"].append(f"training cannot start: {type(error).__name__}: {_short(error)}")
        return
    for trial in trials:
        found["devices"].append(asdict(trial))
        if trial.error:
            found["problems"].append(f"training on {trial.name} fails: {trial.error}")


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def try_devices(progress: Progress) -> list[Trial]:
    """Two seconds of the default preset on every device."""
    from ganstudio.engine.launch import compute_threads, prepare_environment

    prepare_environment(window=False)
    progress.show(-1, "Loading torch", now=True)
    import torch

    from ganstudio.engine import devices

    torch.set_num_threads(compute_threads(window=False))
    trials: list[Trial] = []
    for name in devices.available():
        progress.show(-1, f"Training on {name} for two seconds", now=True)
        device = torch.device(name)
        try:
            trials.append(Trial(name, devices.describe(device), train_for(device, SECONDS)))
        except Exception as error:
            trials.append(Trial(name, name, 0.0, f"{type(error).__name__}: {_short(error)}"))
    return trials


def train_for(device: Any, seconds: float) -> float:
    """Images per second of the default preset on a device, after a few steps to warm up."""
    import torch

    from ganstudio.catalog.presets import DEFAULT_PRESET, load_spec
    from ganstudio.data import load, make_feed
    from ganstudio.training.trainer import Trainer

    config = load_spec(DEFAULT_PRESET)
    trainer = Trainer(config, make_feed(load(config.data), device, config.seed), device)
    for _ in range(3):
        trainer.step()
    _wait_for(device)
    images, start = trainer.images, time.perf_counter()
    while time.perf_counter() - start < seconds:
        for _ in range(5):
            trainer.step()
        _wait_for(device)
    elapsed = time.perf_counter() - start
    finite = all(bool(torch.isfinite(p).all()) for p in trainer.players["generator"].net.parameters())
    if not finite:
        raise RuntimeError("the weights are no longer finite numbers")
    return (trainer.images - images) / elapsed


def _wait_for(device: Any) -> None:
    """Until the device has done all that it was given."""
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def lines_of(found: dict[str, Any]) -> list[str]:
    """The findings in plain words."""
    versions = [f"{name} {version}" for name, version in found["versions"].items() if version]
    cores = os.cpu_count() or 1
    lines = [
        f"GAN Studio {found['ganstudio']}, Python {found['python']}, {found['system']}",
        f"Packages: {', '.join(versions)}",
        f"Processor: {cores} cores; memory: {numbers.size(found['memory_free'])} free of "
        f"{numbers.size(found['memory'])}",
        f"Runs go to {found['runs_folder']} ({numbers.size(found['disk_free'])} free)",
    ]
    lines += [
        f"Training on {trial['name']}: {numbers.with_unit(trial['images_per_second'], 'images/s')}"
        for trial in found["devices"]
        if not trial["error"]
    ]
    lines += [f"Remark: {remark}" for remark in found["remarks"]]
    lines += [f"Problem: {problem}" for problem in found["problems"]]
    lines.append("All that training needs is in order." if found["ok"] else "Training does not work here.")
    return lines
