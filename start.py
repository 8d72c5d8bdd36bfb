#!/usr/bin/env python3
"""Set GAN Studio up and start it: nothing is needed beforehand but Python 3.11 or later.

    python3 start.py              opens the studio (without a display: trains the default preset)
    python3 start.py test [...]   runs the tests; what follows goes to pytest
    python3 start.py train ...    or any other words: the ganstudio command line

The first start makes the folder .venv beside this file and installs into it; later starts install again only
when what the project depends on has changed. Nothing outside this folder is touched, but for missing system
libraries of Qt: they are installed where this runs as root, and named in one line to type where it does not.
"""

# Up to the version check this file must be readable by an old Python 3, so that it can say what is wrong.
import collections
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

if sys.version_info < (3, 11):
    sys.exit(
        "GAN Studio needs Python 3.11 or later; {} is Python {}.{}.".format(sys.executable, *sys.version_info)
    )

import tomllib

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "ganstudio-installed.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DEFAULT_PRESET = "digits-dcgan"
NO_NETWORK = re.compile(
    r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed|nodename nor servname"
    r"|NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Connection (refused|reset)|ProxyError"
    r"|Network is unreachable|Max retries exceeded"
)
DISK_FULL = re.compile(
    r"No space left on device|not enough space on the disk|Disk quota exceeded", re.IGNORECASE
)


class SetupError(Exception):
    """Something a person must know or do before the studio can start; told without a traceback."""


def main(arguments: list[str]) -> int:
    """Set up what is asked for, then hand over to it."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    try:
        if arguments[:1] == ["test"]:
            return run_tests(arguments[1:])
        if not arguments or arguments[0] == "gui":
            return open_studio(arguments[1:])
        install("")
        return hand_over([*ganstudio(), *arguments])
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nSetting up failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return 130


def ganstudio() -> list[str]:
    """The command line of the studio. ``-P`` keeps the files of the current folder out of its imports."""
    return [str(PYTHON), "-P", "-m", "ganstudio"]


def run_tests(arguments: list[str]) -> int:
    """All tests, or those that the arguments choose, without a display; the exit code is pytest's."""
    install("test")
    if not ready_for_qt("offscreen"):
        return 3
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # busy waiting starves the other processes of a test
    return hand_over([str(PYTHON), "-m", "pytest", *arguments], ROOT)


def open_studio(arguments: list[str]) -> int:
    """The window; without a display, a run of the default preset instead."""
    install("")
    look = ask_platform("")
    if not look["display"]:
        if arguments:
            return hand_over([*ganstudio(), "gui", *arguments])
        return train_headless()
    if not ready_for_qt(""):
        return 3
    return hand_over([*ganstudio(), "gui", *arguments])


def train_headless() -> int:
    """Train the default preset and name the last picture."""
    print(
        f"There is no display to open a window on: training the preset {DEFAULT_PRESET} here instead.",
        flush=True,
    )
    code = "import sys; from ganstudio.core.runs import new_run_folder; print(new_run_folder(sys.argv[1]))"
    answer = subprocess.run(
        [str(PYTHON), "-P", "-c", code, DEFAULT_PRESET], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        raise SetupError("The installation in .venv is damaged; remove that folder and start again.")
    folder = Path(answer.stdout.strip())
    result = wait_for([*ganstudio(), "train", DEFAULT_PRESET, "--out", str(folder)])
    pictures = sorted((folder / "samples").glob("*.png"), key=lambda path: (len(path.name), path.name))
    if pictures:
        print(pictures[-1])
    return result


# ---------------------------------------------------------------- the virtual environment


def install(extra: str) -> None:
    """Make .venv hold the project, with the packages of ``extra``, unless it does already."""
    wanted = fingerprint()
    if not venv_works():
        make_venv()
    stamp = read_stamp()
    if stamp.get("wanted") == wanted and extra in stamp.get("extras", []):
        return
    STAMP.unlink(missing_ok=True)
    same = stamp.get("wanted") == wanted
    extras = sorted({"", extra, *(stamp.get("extras", []) if same else [])})
    if not same:
        print(
            "Setting up GAN Studio in .venv: up to 6 GB with PyTorch, a few minutes the first time.",
            flush=True,
        )
    target = ".[{}]".format(",".join(filter(None, extras))) if any(extras) else "."
    pip_install(["-e", target])
    STAMP.write_text(json.dumps({"wanted": wanted, "extras": extras}), encoding="utf-8")


def fingerprint() -> str:
    """Of all that decides what is installed: the dependencies, how the package is built, where it lies."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    parts = [
        project.get("build-system"),
        project.get("project"),
        project.get("tool", {}).get("hatch"),
        str(ROOT),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read_stamp() -> dict[str, Any]:
    """What was installed completely the last time; empty if that was interrupted."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def venv_works() -> bool:
    """Whether the Python in .venv still runs, is new enough and can install; a moved Python leaves a dead link."""
    code = "import sys, pip; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    try:
        return PYTHON.exists() and quiet([str(PYTHON), "-c", code]).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """A new .venv, in place of a broken one."""
    if VENV.is_symlink() or VENV.is_file():
        raise SetupError(f"{VENV} is in the way: it should be a folder that this script makes.")
    if VENV.exists():
        print("The Python in .venv does not work; making .venv anew.", flush=True)
        shutil.rmtree(VENV)
    bundled = has_module("ensurepip") or install_venv_package()
    if not bundled and not pip_reaches_out():
        line = "sudo apt-get install -y " + venv_package()
        raise SetupError(f"This Python cannot make virtual environments. On Debian or Ubuntu, type: {line}")
    done = quiet([sys.executable, "-m", "venv", *([] if bundled else ["--without-pip"]), str(VENV)])
    if done.returncode == 0 and not bundled:
        done = quiet([sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "pip"])
    if done.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(explain("The folder .venv could not be made", done.stdout.splitlines()))


def has_module(name: str) -> bool:
    """Asked in a new process: a package installed a moment ago counts."""
    return quiet([sys.executable, "-c", f"import {name}"]).returncode == 0


def pip_reaches_out() -> bool:
    """Whether this Python's pip can install into another environment (22.3 and later)."""
    command = [sys.executable, "-m", "pip", "--python", sys.executable, "--version"]
    return has_module("venv") and quiet(command).returncode == 0


def venv_package() -> str:
    """Debian's package of the missing part."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def install_venv_package() -> bool:
    """Install Debian's python3-venv, as root; returns whether that helped."""
    if not is_root() or not shutil.which("apt-get"):
        return False
    package = venv_package()
    print(f"Installing the system package {package}.", flush=True)
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    system_install([["apt-get", "update"], install], [package])
    return has_module("ensurepip")


def pip_install(arguments: list[str]) -> None:
    """Run pip in .venv, show what it does in plain words, and explain a failure."""
    command = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", "--disable-pip-version-check"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_USER": "0", "PIP_NO_INPUT": "1"}
    environment.pop("PYTHONHOME", None)
    environment.pop("PYTHONPATH", None)
    tail: collections.deque[str] = collections.deque(maxlen=60)
    with subprocess.Popen(
        command + arguments,
        cwd=ROOT,
        env=environment,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    ) as process:
        for line in process.stdout or ():
            tail.append(line.rstrip())
            say = progress(line)
            if say:
                print(f"  {say}", flush=True)
    if process.returncode != 0:
        raise SetupError(explain("The installation did not succeed", list(tail)))


def progress(line: str) -> str:
    """What a line of pip's output means to a person; nothing for most."""
    words = line.split()
    if words[:1] == ["Downloading"] and ".whl" in line:
        name = words[1].rsplit("/", 1)[-1].split("-")[0]
        size = re.search(r"\(([\d.]+ [GM]B)\)", line)
        return f"fetching {name}, {size[1]}" if size else ""
    if line.startswith("Installing collected packages"):
        return f"unpacking {len(line.split(':', 1)[-1].split(','))} packages"
    return ""


def explain(what: str, lines: list[str]) -> str:
    """One sentence about a failed installation, then the last words of the program that failed."""
    text = "\n".join(lines)
    if DISK_FULL.search(text):
        what += ": the disk is full (6 GB are needed, also where temporary files go)."
    elif NO_NETWORK.search(text):
        what += ": the package index cannot be reached; is there a network connection?"
    else:
        what += "; the last lines of its output say why."
    return "\n".join([what, *(f"    {line}" for line in [x for x in lines if x.strip()][-12:])])


# ---------------------------------------------------------------- system libraries


def ask_platform(name: str) -> dict[str, Any]:
    """What ``ganstudio.core.platform`` finds out about Qt here, on the platform that Qt would take or a named one."""
    command = [str(PYTHON), "-P", "-m", "ganstudio.core.platform", "--json"]
    done = subprocess.run(
        command + (["--platform", name] if name else []), capture_output=True, text=True, check=False
    )
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise SetupError(
            "The installation in .venv is damaged; remove that folder and start again."
        ) from None


def ready_for_qt(name: str) -> bool:
    """Whether Qt finds its system libraries, after installing them where that is allowed."""
    found = ask_platform(name)
    tried: set[str] = set()
    while found["missing"] and is_root() and not set(found["packages"]) <= tried:
        tried |= set(found["packages"])
        print("Installing system libraries that Qt needs: " + ", ".join(found["packages"]) + ".", flush=True)
        system_install(found["commands"], found["packages"])
        found = ask_platform(name)
    if found["missing"]:
        print("Qt lacks system libraries: " + ", ".join(found["missing"]) + ".", file=sys.stderr)
        if found["line"]:
            print("Type this, then start again:\n    " + found["line"], file=sys.stderr)
    for problem in found["problems"]:
        print(problem, file=sys.stderr)
    return not found["missing"] and not found["problems"]


def system_install(commands: list[list[str]], packages: list[str]) -> None:
    """Run the package manager; where it refuses several packages together, try each by itself.

    The last of the commands ends with the packages.
    """
    for command in commands[:-1]:
        quiet(command)
    if not commands or quiet(commands[-1]).returncode == 0:
        return
    install = commands[-1][: -len(packages)]
    for package in packages:
        done = quiet([*install, package])
        if done.returncode != 0:
            said = [line for line in done.stdout.splitlines() if line.strip()][-1:]
            print(f"  {shlex.join([*install, package])} failed: {' '.join(said)}", file=sys.stderr)


def is_root() -> bool:
    """Whether this may use the system's package manager."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


# ---------------------------------------------------------------- processes


def quiet(command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command without showing its output, which comes back in ``stdout``."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PIP_USER": "0"}
    return subprocess.run(
        command,
        env=environment,
        text=True,
        errors="replace",
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )


def hand_over(command: list[str], folder: Path | None = None) -> int:
    """Become that program; where a process cannot (Windows), wait for it."""
    if os.name != "posix":
        return wait_for(command, folder)
    sys.stdout.flush()
    sys.stderr.flush()
    if folder:
        os.chdir(folder)
    return os.execv(command[0], command)


def wait_for(command: list[str], folder: Path | None = None) -> int:
    """The exit code of a program. Ctrl-C is its business: it ends in order, then so does this."""
    process = subprocess.Popen(command, cwd=folder)
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
