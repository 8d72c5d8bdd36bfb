"""Finding out whether Qt can start here, and what to install if not."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ganstudio.core import platform
from ganstudio.core.platform import (
    QtCheck,
    check_files,
    check_qt,
    display_available,
    install_commands,
    install_line,
    missing_libraries,
    packages_for,
    qt_files,
    qt_platform,
    window_problem,
)

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="shared objects as Linux has them")


def shared_object(path: Path, needed: list[str]) -> Path:
    """The smallest library that the loader takes: it holds nothing and needs ``needed`` (also from its folder)."""
    ident = Path(sys.executable).resolve().read_bytes()[:20]
    if ident[:6] != b"\x7fELF\x02\x01":
        pytest.skip("a 64-bit little-endian system")
    names = b"\0" + b"".join(name.encode() + b"\0" for name in [*needed, "$ORIGIN"])
    header, programs, symbol = 64, 3 * 56, 24
    strings = header + programs + symbol
    dynamic = (strings + len(names) + 7) // 8 * 8
    entries = [(1, names.index(name.encode() + b"\0")) for name in needed]
    entries += [
        (29, names.index(b"$ORIGIN")),
        (5, strings),
        (6, header + programs),
        (10, len(names)),
        (11, 24),
        (0, 0),
    ]
    table = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    end = dynamic + len(table)
    load = struct.pack("<IIQQQQQQ", 1, 6, 0, 0, 0, end, end, 0x10000)
    located = struct.pack("<IIQQQQQQ", 2, 6, dynamic, dynamic, dynamic, len(table), len(table), 8)
    stack = struct.pack("<IIQQQQQQ", 0x6474E551, 6, 0, 0, 0, 0, 0, 16)
    elf = (
        ident[:16]
        + struct.pack("<H", 3)
        + ident[18:20]
        + struct.pack("<IQQQIHHHHHH", 1, 0, 64, 0, 0, 64, 56, 3, 0, 0, 0)
    )
    body = elf + load + located + stack + bytes(symbol) + names
    path.write_bytes(body.ljust(dynamic, b"\0") + table)
    path.chmod(0o755)
    return path


@linux
@pytest.mark.parametrize("isolated", [True, False])
def test_a_library_that_loads_lacks_nothing(tmp_path, isolated):
    assert check_files("x", [shared_object(tmp_path / "libwhole.so", [])], isolated) == QtCheck("x")


@linux
def test_the_loader_names_the_first_missing_library(tmp_path, monkeypatch):
    library = shared_object(tmp_path / "libtop.so", ["libno-such-one.so.1", "libno-such-two.so.2"])
    monkeypatch.setattr(shutil, "which", {}.get)
    assert check_files("x", [library]).missing == ("libno-such-one.so.1",)


@linux
@pytest.mark.skipif(not shutil.which("ldd"), reason="ldd names all of them at once")
@pytest.mark.parametrize("isolated", [True, False])
def test_all_missing_libraries_are_named_at_once_through_all_levels(tmp_path, isolated):
    shared_object(tmp_path / "libmiddle.so", ["libno-such-three.so.3"])
    top = shared_object(
        tmp_path / "libtop.so", ["libno-such-one.so.1", "libmiddle.so", "libno-such-two.so.2"]
    )
    check = check_files("x", [top, shared_object(tmp_path / "libwhole.so", [])], isolated)
    assert check == QtCheck("x", ("libno-such-one.so.1", "libno-such-three.so.3", "libno-such-two.so.2"))


@linux
def test_a_library_that_cannot_be_loaded_at_all_is_another_problem(tmp_path):
    broken = tmp_path / "libbroken.so"
    broken.write_bytes(b"not a library")
    check = check_files("x", [broken, tmp_path / "libgone.so"])
    assert check.missing == ()
    assert len(check.problems) == 2
    assert "libbroken.so" in check.problems[0]


@linux
def test_qt_itself_can_start_where_these_tests_run():
    pytest.importorskip("PySide6")
    files = [path.name for path in qt_files("offscreen")]
    assert "libqoffscreen.so" in files
    assert "libQt6Widgets.so.6" in files
    assert check_qt("offscreen") == QtCheck("offscreen")
    assert missing_libraries("offscreen", isolated=False) == []


def test_without_qt_nothing_is_missing(tmp_path):
    assert qt_files("xcb", tmp_path) == []


@pytest.mark.parametrize(
    ("soname", "apt", "pacman"),
    [
        ("libEGL.so.1", "libegl1", "libglvnd"),
        ("libGL.so.1", "libgl1", "libglvnd"),
        ("libGLESv2.so.2", "libgles2", "libglvnd"),
        ("libOpenGL.so.0", "libopengl0", "libglvnd"),
        ("libX11-xcb.so.1", "libx11-xcb1", "libx11"),
        ("libX11.so.6", "libx11-6", "libx11"),
        ("libSM.so.6", "libsm6", "libsm"),
        ("libdbus-1.so.3", "libdbus-1-3", "dbus"),
        ("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
        ("libfreetype.so.6", "libfreetype6", "freetype2"),
        ("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
        ("libgssapi_krb5.so.2", "libgssapi-krb5-2", "krb5"),
        ("libwayland-client.so.0", "libwayland-client0", "wayland"),
        ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
        ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
        ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
        ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
        ("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
        ("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
        ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
        ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
        ("libz.so.1", "zlib1g", "zlib"),
        ("libunheard-of.so.7", "libunheard-of7", "libunheard-of"),
    ],
)
def test_a_library_leads_to_its_package(soname, apt, pacman):
    assert packages_for([soname], "apt") == [apt]
    assert packages_for([soname], "pacman") == [pacman]
    assert packages_for([soname], "dnf")[0].startswith(soname)
    assert packages_for([soname], "zypper")[0].startswith(soname)


def test_packages_are_named_once():
    assert packages_for(["libglib-2.0.so.0", "libgthread-2.0.so.0"], "apt") == ["libglib2.0-0"]


@pytest.mark.parametrize(
    ("manager", "root", "line"),
    [
        ("apt", False, "sudo apt-get install -y --no-install-recommends libegl1"),
        ("apt", True, "apt-get install -y --no-install-recommends libegl1"),
        ("dnf", False, "sudo dnf install -y libegl1"),
        ("zypper", False, "sudo zypper --non-interactive install libegl1"),
        ("pacman", True, "pacman -Sy --noconfirm --needed libegl1"),
        ("", True, ""),
    ],
)
def test_the_line_to_type_fits_system_and_person(monkeypatch, manager, root, line):
    monkeypatch.setattr(platform, "is_root", lambda: root)
    assert install_line(["libegl1"], manager) == line
    assert [command[0] for command in install_commands(["libegl1"], manager)] == (
        ["apt-get", "apt-get"] if manager == "apt" else line.removeprefix("sudo ").split()[:1]
    )


def test_a_line_is_quoted_for_the_shell():
    assert install_line(["libEGL.so.1()(64bit)"], "dnf").endswith(" 'libEGL.so.1()(64bit)'")


# ---------------------------------------------------------------- displays


@linux
@pytest.mark.parametrize(
    "variables",
    [{}, {"DISPLAY": ""}, {"DISPLAY": ":64999"}, {"DISPLAY": "nonsense"}, {"DISPLAY": "127.0.0.1:59999"},
     {"WAYLAND_DISPLAY": "wayland-none", "XDG_RUNTIME_DIR": "/nowhere"}, {"WAYLAND_DISPLAY": "w" * 300}],
)  # fmt: skip
def test_a_display_that_does_not_answer_is_none(variables):
    assert not display_available(variables)
    assert window_problem(variables).startswith("there is no display")


@linux
@pytest.mark.parametrize("name", ["offscreen", "minimal", "vnc:size=800x600", "offscreen;xcb"])
def test_qt_without_a_screen_needs_no_display(name):
    assert display_available({"QT_QPA_PLATFORM": name})


@linux
def test_a_display_in_the_abstract_name_space_answers():
    number = 10_000 + os.getpid() % 40_000
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        assert display_available({"DISPLAY": f":{number}"})
        assert display_available({"DISPLAY": f"unix:{number}.0"})


@linux
def test_a_display_on_another_host_answers():
    for number in range(200, 300):
        with socket.socket() as server:
            try:
                server.bind(("127.0.0.1", 6000 + number))
            except OSError:
                continue
            server.listen()
            assert display_available({"DISPLAY": f"127.0.0.1:{number}.0"})
            return
    pytest.skip("no free port")


@linux
def test_a_wayland_display_answers():
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/wayland-7")
        server.listen()
        assert display_available({"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": folder})


@linux
@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({}, "xcb"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "xcb"),
        ({"QT_QPA_PLATFORM": "offscreen:x=1"}, "offscreen"),
    ],
)
def test_the_plug_in_is_the_one_that_qt_would_take(variables, name):
    assert qt_platform(variables) == name


@pytest.mark.parametrize(
    ("check", "manager", "text"),
    [
        (
            QtCheck("xcb", ("libxcb-cursor.so.0",)),
            "apt",
            "Qt lacks the system libraries libxcb-cursor.so.0; type: "
            "apt-get install -y --no-install-recommends libxcb-cursor0",
        ),
        (
            QtCheck("xcb", ("liba.so.0", "libb.so.1")),
            "",
            "Qt lacks the system libraries liba.so.0, libb.so.1; install them with your system's package manager",
        ),
        (QtCheck("xcb", (), ("version `GLIBC_2.99' not found",)), "apt", "version `GLIBC_2.99' not found"),
        (QtCheck("xcb"), "apt", ""),
    ],
)
def test_why_no_window_opens_is_one_line_with_the_remedy(monkeypatch, check, manager, text):
    monkeypatch.setattr(platform, "display_available", lambda environment: True)
    monkeypatch.setattr(platform, "check_qt", lambda name, isolated: check)
    monkeypatch.setattr(platform, "package_manager", lambda: manager)
    monkeypatch.setattr(platform, "is_root", lambda: True)
    assert window_problem({}) == text


def test_it_runs_on_the_standard_library_alone():
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-S", "-m", "ganstudio.core.platform", "--json", "--platform", "offscreen"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["platform"] == "offscreen"
    assert {"display", "missing", "problems", "packages", "commands", "line"} <= set(answer)
