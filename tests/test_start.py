"""The set-up script, run for real on a small project that stands in for this one and needs no index."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "stand-in"
version = "1"
"""
# A build backend in a few lines, so that no package has to be fetched: an editable wheel is one .pth file.
BACKEND = """
import os, pathlib, zipfile
NAME = "stand_in-1-py3-none-any.whl"
def get_requires_for_build_editable(settings=None):
    return []
def build_wheel(folder, settings=None, metadata=None):
    here = pathlib.Path.cwd()
    needs = os.environ.get("NEEDS", "")
    files = {
        "stand_in.pth": str(here) + "\\n",
        "stand_in-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: stand-in\\nVersion: 1\\n"
        "Provides-Extra: test\\n" + (f"Requires-Dist: {needs}\\n" if needs else ""),
        "stand_in-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    record = "".join(f"{name},,\\n" for name in files) + "stand_in-1.dist-info/RECORD,,\\n"
    with zipfile.ZipFile(pathlib.Path(folder) / NAME, "w") as wheel:
        for name, text in (files | {"stand_in-1.dist-info/RECORD": record}).items():
            wheel.writestr(name, text)
    return NAME
build_editable = build_wheel
"""
COMMAND_LINE = """
import os, pathlib, sys
print("ganstudio", *sys.argv[1:], "in", os.getcwd())
if "--out" in sys.argv:
    samples = pathlib.Path(sys.argv[-1]) / "samples"
    samples.mkdir(parents=True)
    for step in ("000050", "000100", "1000000"):
        (samples / f"{step}.png").touch()
sys.exit(7 if "fail" in sys.argv else 0)
"""
PYTEST = """
import os, sys
print("pytest", *sys.argv[1:], "in", os.getcwd(), "on", os.environ["QT_QPA_PLATFORM"])
sys.exit(5)
"""
RUNS = """
import os, pathlib
def new_run_folder(name):
    return pathlib.Path(os.environ["HOME"]) / "runs" / name
"""

Start = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout at a path with spaces, set up once for all tests of this file."""
    root = tmp_path_factory.mktemp("a checkout") / "GAN Stüdio"
    (root / "ganstudio/core").mkdir(parents=True)
    (root / "pytest").mkdir()
    shutil.copy(ROOT / "start.py", root)
    shutil.copy(ROOT / "ganstudio/core/platform.py", root / "ganstudio/core")
    for name, text in {
        "pyproject.toml": PROJECT, "backend.py": BACKEND, "pytest/__main__.py": PYTEST,
        "ganstudio/__init__.py": "", "ganstudio/core/__init__.py": "",
        "ganstudio/core/runs.py": RUNS, "ganstudio/__main__.py": COMMAND_LINE,
    }.items():  # fmt: skip
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def start(project: Path, tmp_path: Path) -> Start:
    """Run start.py with an empty environment in another folder."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
        }
        return subprocess.run(
            [sys.executable, str(project / "start.py"), *arguments],
            env=environment | variables, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8",
            stdin=subprocess.DEVNULL, timeout=120, check=False,
        )  # fmt: skip

    return run


def test_a_first_start_sets_up_and_passes_the_words_on(start, tmp_path):
    first = start("list", "presets")
    assert first.returncode == 0, first.stderr
    assert "Setting up" in first.stdout
    assert first.stdout.splitlines()[-1] == f"ganstudio list presets in {tmp_path}"
    second = start("train", "fail")
    assert second.returncode == 7
    assert second.stdout == f"ganstudio train fail in {tmp_path}\n"


def test_tests_run_in_the_checkout_without_a_display_and_their_code_comes_back(start, project):
    done = start("test", "-k", "a b")
    assert done.returncode == 5, done.stderr
    assert done.stdout.splitlines()[-1] == f"pytest -k a b in {project} on offscreen"
    stamp = json.loads((project / ".venv/ganstudio-installed.json").read_text())
    assert "test" in stamp["extras"]
    assert start("test").stdout == f"pytest in {project} on offscreen\n"


def test_without_a_display_it_says_so_and_trains(start, tmp_path):
    done = start()
    assert done.returncode == 0, done.stderr
    assert "There is no display" in done.stdout
    lines = done.stdout.splitlines()
    assert f"ganstudio train digits-dcgan --out {tmp_path}/runs/digits-dcgan in {tmp_path}" in lines
    assert lines[-1] == f"{tmp_path}/runs/digits-dcgan/samples/1000000.png"


def test_with_a_display_it_opens_the_window(start, tmp_path):
    done = start(QT_QPA_PLATFORM="offscreen")
    assert done.stdout.splitlines()[-1] == f"ganstudio gui in {tmp_path}"


def test_a_file_in_the_current_folder_is_not_imported(start, tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    (tmp_path / "ganstudio.py").write_text("raise SystemExit('the wrong package')")
    assert start("list").stdout.splitlines()[-1] == f"ganstudio list in {tmp_path}"


def test_it_installs_again_only_when_the_dependencies_have_changed(start, project):
    start("list")
    pyproject = project / "pyproject.toml"
    pyproject.write_text(PROJECT + "[tool.ruff]\nline-length = 90\n")
    assert "Setting up" not in start("list").stdout
    pyproject.write_text(PROJECT + 'dependencies = []\nrequires-python = ">=3.11"\n')
    assert "Setting up" in start("list").stdout
    assert "Setting up" not in start("list").stdout


@pytest.mark.parametrize("stamp", [None, b"", b"{", b"[]", b"\xff"])
def test_an_interrupted_installation_is_done_again(start, project, stamp):
    start("list")
    path = project / ".venv/ganstudio-installed.json"
    path.unlink()
    if stamp is not None:
        path.write_bytes(stamp)
    done = start("list")
    assert done.returncode == 0, done.stderr
    assert "Setting up" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="links to the interpreter")
def test_an_environment_whose_python_is_gone_is_made_anew(start, project):
    start("list")
    for link in (project / ".venv/bin").glob("python*"):
        link.unlink()
        link.symlink_to("/no/such/python")
    done = start("list")
    assert done.returncode == 0, done.stderr
    assert "making .venv anew" in done.stdout


def broken(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    assert done.returncode == code
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr.strip()


def test_a_package_that_is_nowhere_is_told_in_pips_words(start, project):
    (project / ".venv/ganstudio-installed.json").unlink(missing_ok=True)
    told = broken(start("list", NEEDS="no-such-package-anywhere"))
    assert told.startswith("The installation did not succeed")
    assert "No matching distribution found for no-such-package-anywhere" in told
    assert "Setting up" in start("list").stdout


def test_a_missing_network_is_told_in_a_sentence(start, project):
    (project / ".venv/ganstudio-installed.json").unlink(missing_ok=True)
    nowhere = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    told = broken(start("list", NEEDS="no-such-package-anywhere", **nowhere))
    assert told.splitlines()[0].endswith(
        "the package index cannot be reached; is there a network connection?"
    )


def test_a_file_in_place_of_the_environment_is_told(start, project):
    shutil.rmtree(project / ".venv", ignore_errors=True)
    (project / ".venv").write_text("")
    assert "is in the way" in broken(start("list"))
    (project / ".venv").unlink()


def hidden(tmp_path: Path, *modules: str) -> dict[str, str]:
    """An environment in which Python lacks some of its modules, and the system a package manager."""
    folder = tmp_path / "hidden"
    folder.mkdir()
    for module in modules:
        (folder / f"{module}.py").write_text("raise ImportError")
    return {"PYTHONPATH": str(folder), "PATH": str(folder)}


def test_a_python_that_cannot_make_environments_is_told_with_the_remedy(start, project, tmp_path):
    shutil.rmtree(project / ".venv", ignore_errors=True)
    told = broken(start("list", **hidden(tmp_path, "ensurepip", "pip")))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert told.endswith(f"type: sudo apt-get install -y python{version}-venv")
    assert len(told.splitlines()) == 1
    assert not (project / ".venv").exists()


def test_pip_alone_is_enough(start, project, tmp_path):
    spec = importlib.util.find_spec("ensurepip")
    bundled = Path(spec.origin or "").parent / "_bundled" if spec else Path("/none")
    if not bundled.is_dir():
        pytest.skip("this Python has no pip to hand out")
    shutil.rmtree(project / ".venv", ignore_errors=True)
    done = start("list", **hidden(tmp_path, "ensurepip"), PIP_FIND_LINKS=str(bundled))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"ganstudio list in {tmp_path}"


def test_help_sets_nothing_up(start, project):
    shutil.rmtree(project / ".venv", ignore_errors=True)
    done = start("--help")
    assert done.returncode == 0
    assert "python3 start.py test" in done.stdout
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("version", ["(3, 6, 8)", "(3, 10, 13)"])
def test_an_old_python_is_told_in_one_sentence(version):
    code = f"import sys; sys.version_info = {version}; exec(open('start.py', encoding='utf-8').read())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    told = broken(done)
    assert told.startswith("GAN Studio needs Python 3.11 or later; ")
    assert len(told.splitlines()) == 1


# ---------------------------------------------------------------- parts


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start_script", ROOT / "start.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "  Downloading torch-2.15.0-cp311-cp311-manylinux_2_28_x86_64.whl (539.1 MB)\n",
            "fetching torch, 539.1 MB",
        ),
        ("Downloading https://x.y/a/b/onnx-1.2-py3.whl (8.9 MB)\n", "fetching onnx, 8.9 MB"),
        ("  Downloading torch-2.15.0-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (29 kB)\n", ""),
        ("Installing collected packages: a, b, c\n", "unpacking 3 packages"),
        ("Collecting torch\n", ""),
        ("\n", ""),
    ],
)
def test_pips_words_become_plain_ones(script, line, said):
    assert script.progress(line) == said


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "the disk is full"),
        ("OSError: [Errno 122] Disk quota exceeded", "the disk is full"),
        ("Failed to establish a new connection: Temporary failure in name resolution", "cannot be reached"),
        ("ERROR: ResolutionImpossible", "the last lines of its output say why"),
    ],
)
def test_a_failure_is_explained_by_its_cause(script, line, sentence):
    told = script.explain("It failed", ["x"] * 100 + [line, ""])
    assert sentence in told.splitlines()[0]
    assert told.splitlines()[-1].strip() == line
    assert len(told.splitlines()) < 20


class System:
    """Stands in for the package manager: knows what is missing and which packages exist."""

    def __init__(self, missing: dict[str, str], root: bool) -> None:
        self.missing, self.root, self.ran = dict(missing), root, list[list[str]]()

    def ask(self, name: str) -> dict[str, Any]:
        packages = list(self.missing.values())
        commands = [["apt-get", "update"], ["apt-get", "install", "-y", *packages]] if packages else []
        return {
            "missing": list(self.missing), "packages": packages, "commands": commands, "problems": [],
            "line": "sudo apt-get install -y " + " ".join(packages),
        }  # fmt: skip

    def quiet(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        self.ran.append(command)
        wanted = command[3:]
        if "nonsense" in wanted:
            return subprocess.CompletedProcess(command, 100, "E: Unable to locate package nonsense\n")
        self.missing = {soname: name for soname, name in self.missing.items() if name not in wanted}
        return subprocess.CompletedProcess(command, 0, "")

    def put_in(self, script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(script, "ask_platform", self.ask)
        monkeypatch.setattr(script, "quiet", self.quiet)
        monkeypatch.setattr(script, "is_root", lambda: self.root)


def test_root_gets_missing_libraries_installed(script, monkeypatch, capsys):
    system = System({"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}, root=True)
    system.put_in(script, monkeypatch)
    assert script.ready_for_qt("xcb")
    assert system.ran == [["apt-get", "update"], ["apt-get", "install", "-y", "libegl1", "libgl1"]]
    assert "libegl1, libgl1" in capsys.readouterr().out


def test_a_wrongly_guessed_package_spoils_no_other_and_ends(script, monkeypatch, capsys):
    system = System({"libEGL.so.1": "libegl1", "libx.so.1": "nonsense"}, root=True)
    system.put_in(script, monkeypatch)
    assert not script.ready_for_qt("xcb")
    assert system.missing == {"libx.so.1": "nonsense"}
    told = capsys.readouterr().err
    assert "Unable to locate package nonsense" in told
    assert "Qt lacks system libraries: libx.so.1." in told


def test_others_are_told_the_one_line(script, monkeypatch, capsys):
    system = System({"libEGL.so.1": "libegl1"}, root=False)
    system.put_in(script, monkeypatch)
    assert not script.ready_for_qt("xcb")
    assert system.ran == []
    assert capsys.readouterr().err.splitlines()[-1].strip() == "sudo apt-get install -y libegl1"
