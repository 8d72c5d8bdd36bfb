"""Whether Qt can open a window here, and if not, what to install.

Found out by loading Qt's own libraries and platform plug-ins, not from a list of names. Standard library only:
``start.py`` runs this file as ``python -m ganstudio.core.platform --json`` right after the installation.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_MISSING = re.compile(r"(?:^|\s)([^\s/:]+\.so[^\s:]*): cannot open shared object file")
_NOT_FOUND = re.compile(r"^\s*(\S+\.so\S*) => not found", re.MULTILINE)
_HEADLESS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")

# Debian names a library's package after its soname (policy, section 8.1); these are the exceptions Qt can meet.
_APT: dict[str, str] = {
    "libGLESv2.so.2": "libgles2",
    "libbrotlidec.so.1": "libbrotli1",
    "libgio-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgmodule-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libz.so.1": "zlib1g",
}
# Arch groups libraries under the upstream project: the first prefix that fits counts.
_PACMAN: tuple[tuple[str, str], ...] = (
    ("libxcb-cursor.", "xcb-util-cursor"),
    ("libxcb-icccm.", "xcb-util-wm"),
    ("libxcb-ewmh.", "xcb-util-wm"),
    ("libxcb-image.", "xcb-util-image"),
    ("libxcb-keysyms.", "xcb-util-keysyms"),
    ("libxcb-render-util.", "xcb-util-renderutil"),
    ("libxcb-util.", "xcb-util"),
    ("libxcb", "libxcb"),
    ("libxkbcommon-x11.", "libxkbcommon-x11"),
    ("libX11", "libx11"),
    ("libEGL.", "libglvnd"),
    ("libGL", "libglvnd"),
    ("libOpenGL.", "libglvnd"),
    ("libdbus-1.", "dbus"),
    ("libfontconfig.", "fontconfig"),
    ("libfreetype.", "freetype2"),
    ("libwayland-", "wayland"),
    ("libgbm.", "mesa"),
    ("libgssapi_krb5.", "krb5"),
    ("libz.", "zlib"),
    *((f"lib{name}-2.0.", "glib2") for name in ("glib", "gthread", "gobject", "gio", "gmodule")),
)
_INSTALL: dict[str, tuple[tuple[str, ...], ...]] = {
    "apt": (("apt-get", "update"), ("apt-get", "install", "-y", "--no-install-recommends")),
    "dnf": (("dnf", "install", "-y"),),
    "zypper": (("zypper", "--non-interactive", "install"),),
    "pacman": (("pacman", "-Sy", "--noconfirm", "--needed"),),
}


@dataclass(frozen=True)
class QtCheck:
    """What loading Qt for one platform plug-in showed: sonames that are missing, and other loader errors."""

    platform: str
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def display_available(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a window can be shown: on Linux, whether a display is named and answers."""
    environment = os.environ if environment is None else environment
    if _chosen_platform(environment) in _HEADLESS or not sys.platform.startswith("linux"):
        return True
    return _wayland_answers(environment) or _x11_answers(environment.get("DISPLAY", ""))


def qt_platform(environment: Mapping[str, str] | None = None) -> str:
    """The plug-in that Qt will load here: ``xcb``, ``wayland``, ``offscreen`` ..., or ``""`` off Linux."""
    environment = os.environ if environment is None else environment
    if not sys.platform.startswith("linux"):
        return ""
    only_wayland = environment.get("WAYLAND_DISPLAY") and not environment.get("DISPLAY")
    return _chosen_platform(environment) or ("wayland" if only_wayland else "xcb")


def _chosen_platform(environment: Mapping[str, str]) -> str:
    return re.split("[:;]", environment.get("QT_QPA_PLATFORM", ""))[0]


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and _connects(str(Path(environment.get("XDG_RUNTIME_DIR", "/")) / name))


def _x11_answers(display: str) -> bool:
    """``[host]:number[.screen]``: by a socket in the file system, in the abstract name space, or by TCP."""
    match = re.fullmatch(r"(.*):(\d+)(?:\.\d+)?", display)
    if match is None:
        return False
    host, number = match[1], int(match[2])
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        return _connects(path) or _connects("\0" + path)
    try:
        socket.create_connection((host, 6000 + number), timeout=3).close()
    except OSError:
        return False
    return True


def _connects(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(3)
        try:
            link.connect(path)
        except OSError:
            return False
    return True


def qt_files(platform: str, package: Path | None = None) -> list[Path]:
    """What Qt loads to show a widget: its core libraries and the platform plug-in, as far as they are there."""
    if package is None:
        spec = importlib.util.find_spec("PySide6")
        if spec is None or not spec.submodule_search_locations:
            return []
        package = Path(spec.submodule_search_locations[0])
    libraries = [package / "Qt/lib" / f"libQt6{part}.so.6" for part in ("Core", "Gui", "Widgets", "Svg")]
    names = (f"libq{platform}.so", f"libq{platform}-generic.so")
    plugins = [package / "Qt/plugins/platforms" / name for name in names]
    return [path for path in libraries + plugins if path.is_file()]


def check_qt(platform: str, isolated: bool = True) -> QtCheck:
    """Load Qt for ``platform`` (``"xcb"``, ``"wayland"``, ``"offscreen"``) and name all that it lacks.

    ``isolated`` loads in another process; without, in this one, which is quicker where Qt is wanted anyway.
    """
    if not sys.platform.startswith("linux"):
        return QtCheck(platform)
    return check_files(platform, qt_files(platform), isolated)


def check_files(platform: str, files: Iterable[Path], isolated: bool = True) -> QtCheck:
    """Load shared libraries; where one fails, ask for the whole closure, since the loader names only the first."""
    paths = [str(path) for path in files]
    errors = _load_elsewhere(paths) if isolated else _load(paths)
    missing = {name for error in errors for name in _MISSING.findall(error)}
    if missing:
        missing |= {name for path in paths for name in _closure(path)}
    return QtCheck(platform, tuple(sorted(missing)), tuple(e for e in errors if not _MISSING.search(e)))


def _load(paths: Iterable[str]) -> list[str]:
    errors: list[str] = []
    for path in paths:
        try:
            ctypes.CDLL(path)
        except OSError as error:
            errors.append(str(error))
    return errors


def _load_elsewhere(paths: list[str]) -> list[str]:
    code = "import ctypes, sys\nfor path in sys.argv[1:]:\n try: ctypes.CDLL(path)\n except OSError as e: print(e)"
    done = _run([sys.executable, "-I", "-S", "-c", code, *paths])
    if done is None or done.returncode != 0:
        return ["Qt's libraries cannot be loaded"]
    return done.stdout.splitlines()


def _closure(path: str) -> list[str]:
    done = _run(["ldd", path]) if shutil.which("ldd") else None
    return _NOT_FOUND.findall(done.stdout) if done else []


def _run(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    environment = dict(os.environ)
    if "LC_ALL" in environment:
        environment["LC_CTYPE"] = environment.pop("LC_ALL")
    environment["LC_MESSAGES"] = "C"  # English from the loader, and paths still in the user's encoding
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def missing_libraries(platform: str, isolated: bool = True) -> list[str]:
    """The sonames of all system libraries that Qt lacks for a platform plug-in; empty where it can start."""
    return list(check_qt(platform, isolated).missing)


def package_manager() -> str:
    """``"apt"``, ``"dnf"``, ``"zypper"`` or ``"pacman"``: the first that is here; else ``""``."""
    return next((name for name, commands in _INSTALL.items() if shutil.which(commands[0][0])), "")


def packages_for(sonames: Iterable[str], manager: str) -> list[str]:
    """The packages that bring these libraries.

    dnf and zypper find a package by the library itself; for apt and pacman the name is worked out.
    """
    if manager == "apt":
        names = {_APT.get(soname) or _debian_name(soname) for soname in sonames}
    elif manager == "pacman":
        names = {_arch_name(soname) for soname in sonames}
    else:
        bits = "()(64bit)" if sys.maxsize > 2**32 else ""
        names = {soname + bits for soname in sonames}
    return sorted(names)


def _debian_name(soname: str) -> str:
    """``libxcb-cursor.so.0`` is in libxcb-cursor0, ``libdbus-1.so.3`` in libdbus-1-3."""
    stem, _, version = soname.partition(".so")
    stem, version = stem.lower().replace("_", "-"), version.lstrip(".").split(".")[0]
    return f"{stem}-{version}" if version and stem[-1:].isdigit() else stem + version


def _arch_name(soname: str) -> str:
    known = (package for prefix, package in _PACMAN if soname.startswith(prefix))
    return next(known, soname.partition(".so")[0].lower())


def install_commands(packages: Iterable[str], manager: str) -> list[list[str]]:
    """The commands, without ``sudo``, that install packages without asking; none for an unknown manager."""
    commands = [list(command) for command in _INSTALL.get(manager, ())]
    return [*commands[:-1], commands[-1] + list(packages)] if commands else []


def install_line(packages: Iterable[str], manager: str) -> str:
    """The one line a person types to install packages; ``""`` for an unknown manager."""
    commands = install_commands(packages, manager)
    sudo = [] if is_root() else ["sudo"]
    return shlex.join(sudo + commands[-1]) if commands else ""


def is_root() -> bool:
    """Whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def window_problem(environment: Mapping[str, str] | None = None, isolated: bool = False) -> str:
    """Why no window can be opened here, in one line with the remedy; ``""`` where one can."""
    if not display_available(environment):
        return "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY leads to one)"
    check = check_qt(qt_platform(environment), isolated)
    if check.missing:
        manager = package_manager()
        line = install_line(packages_for(check.missing, manager), manager)
        remedy = f"; type: {line}" if line else "; install them with your system's package manager"
        return f"Qt lacks the system libraries {', '.join(check.missing)}{remedy}"
    return check.problems[0] if check.problems else ""


def main(arguments: list[str] | None = None) -> int:
    """Print what is missing; exit 1 if anything is."""
    parser = argparse.ArgumentParser(description="Name the system libraries that Qt lacks.")
    parser.add_argument(
        "--platform", default="", help="Qt's platform plug-in; by default the one Qt would take"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    check = check_qt(options.platform or qt_platform())
    manager = package_manager()
    packages = packages_for(check.missing, manager) if check.missing else []
    answer: dict[str, object] = {
        "platform": check.platform,
        "display": display_available(),
        "missing": check.missing,
        "problems": check.problems,
        "packages": packages,
        "commands": install_commands(packages, manager) if packages else [],
        "line": install_line(packages, manager) if packages else "",
    }
    text = "\n".join([*check.missing, *check.problems])
    sys.stdout.write((json.dumps(answer) if options.json else text or "nothing is missing") + "\n")
    return 1 if check.missing or check.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
