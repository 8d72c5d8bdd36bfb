"""The rules of the house: who may import whom, how long a file may be, what lint and types say."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.variants import VARIANTS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "ganstudio"
SOURCES = sorted(PACKAGE.rglob("*.py"))
VARIANT_FILES = sorted(
    path for path in (PACKAGE / "catalog/variants").glob("*.py") if path.stem != "__init__"
)
LONGEST = 500
TORCH = {"torch", "torchvision", "onnx", "scipy", "sklearn"}
QT = {"PySide6", "pyqtgraph", "qtpy"}


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=200, check=False,
    )  # fmt: skip


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# ---------------------------------------------------------------- tools


def test_imports_keep_the_contracts():
    pytest.importorskip("importlinter")
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = run("-c", command, "--no-cache", PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", [("check", "--no-cache"), ("format", "--check", "--no-cache")], ids=["lint", "format"]
)
def test_ruff_has_nothing_to_say(command):
    pytest.importorskip("ruff")
    done = run("-m", "ruff", *command, ".")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr


def test_types_hold():
    pytest.importorskip("pyright")
    done = run(
        "-m", "pyright", "--pythonpath", sys.executable, "--outputjson", PYRIGHT_PYTHON_IGNORE_WARNINGS="1"
    )
    try:
        found = json.loads(done.stdout[done.stdout.index("{") :])
    except ValueError:
        pytest.fail(f"pyright did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    errors = [
        f"{name(Path(item['file']))}:{item['range']['start']['line'] + 1}: {item['message']}"
        for item in found["generalDiagnostics"]
        if item["severity"] == "error"
    ]
    assert not errors, "\n".join(errors)
    assert found["summary"]["filesAnalyzed"] > 30


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", VARIANT_FILES, ids=lambda path: path.stem)
def test_a_variants_file_holds_one_variant(path):
    module = importlib.import_module(f"ganstudio.catalog.variants.{path.stem}")
    found = [item for item in vars(module).values() if isinstance(item, Variant)]
    assert len(found) == 1
    assert VARIANTS[found[0].name] is found[0]


def test_no_two_variants_share_a_name():
    assert len(VARIANTS) == len(VARIANT_FILES)


EXECUTING_FORMATS = {
    "pickle",
    "cPickle",
    "_pickle",
    "dill",
    "cloudpickle",
    "joblib",
    "shelve",
    "marshal",
    "yaml",
}
EXECUTING_CALLS = {"torch.load", "torch.save", "torch.jit.load", "eval", "exec"}


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def executed(tree: ast.AST) -> list[str]:
    """What in a module could execute a file's contents, with its line."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names} & EXECUTING_FORMATS
        elif isinstance(node, ast.ImportFrom):
            names = {(node.module or "").partition(".")[0]} & EXECUTING_FORMATS
            names |= {f"{node.module}.{alias.name}" for alias in node.names} & EXECUTING_CALLS
        elif isinstance(node, ast.Call):
            names = {dotted(node.func)} & EXECUTING_CALLS
            names |= {word.arg for word in node.keywords if word.arg == "allow_pickle"} - {None}
        else:
            continue
        found += [f"line {node.lineno}: {item}" for item in names]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_read_from_a_file_is_ever_executed(path):
    assert not executed(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "code",
    ["import pickle", "from joblib import load", "import torch\ntorch.load(x)", "from torch import load",
     "numpy.load(x, allow_pickle=True)", "eval(x)", "import torch\ntorch.jit.load(x)"],
)  # fmt: skip
def test_the_check_above_finds_what_it_looks_for(code):
    assert executed(ast.parse(code))


# ---------------------------------------------------------------- what is imported, really

IMPORT_ALL = """
import importlib, pkgutil, sys
for package in {packages!r}:
    top = importlib.import_module(package)
    for module in pkgutil.walk_packages(getattr(top, "__path__", []), package + "."):
        importlib.import_module(module.name)
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


@pytest.mark.parametrize(
    ("packages", "forbidden"),
    [
        (["ganstudio.core", "ganstudio.catalog", "ganstudio.reports"], TORCH | QT),
        (["ganstudio.window"], {"torch", "torchvision"}),
        (
            [
                "ganstudio.training",
                "ganstudio.data",
                "ganstudio.latent",
                "ganstudio.metrics",
                "ganstudio.engine",
            ],
            QT,
        ),
    ],
    ids=["ground floor and reports", "window", "engine"],
)
def test_no_import_reaches_what_a_wing_must_not_know(packages, forbidden):
    done = run("-c", IMPORT_ALL.format(packages=packages))
    assert done.returncode == 0, done.stderr
    assert not forbidden & set(done.stdout.split())


@pytest.mark.parametrize(
    "verb",
    ["", "train", "resume", "sweep", "sample", "evaluate", "report", "export", "list", "doctor", "gui"],
)
def test_help_is_quick_because_it_imports_little(verb):
    code = (
        "import sys\nfrom ganstudio.__main__ import main\n"
        "try:\n    code = main()\nexcept SystemExit as end:\n    code = end.code\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\nsys.exit(code)"
    )
    done = run("-c", code, *([verb] if verb else []), "--help")
    assert done.returncode == 0, done.stderr
    assert "usage: ganstudio" in done.stdout
    assert not (TORCH | QT) & set(done.stderr.split())


# ---------------------------------------------------------------- papers


def test_the_readme_justifies_every_dependency():
    readme = (ROOT / "README.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for requirement in wanted:
        match = re.match(r"[\w-]+", requirement)
        assert match
        assert match[0] in readme, requirement


def test_the_readme_names_every_preset():
    readme = (ROOT / "README.md").read_text("utf-8")
    for preset in (ROOT / "presets").glob("*.toml"):
        assert f"`{preset.stem}`" in readme
