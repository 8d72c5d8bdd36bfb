"""What is chosen from menus that open over the window: presets, devices, recent runs, any action."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ganstudio.catalog.presets import presets
from ganstudio.window.dialogs.chooser import Chooser, Entry
from ganstudio.window.opener import STOP_FIRST
from ganstudio.window.registry import specs
from ganstudio.window.run_loader import is_run

if TYPE_CHECKING:
    from ganstudio.window.main_window import MainWindow

DEVICES = {"auto": "Automatic", "cpu": "CPU", "cuda": "NVIDIA GPU", "mps": "Apple GPU"}
DEVICE_HELP = {
    "auto": "A GPU where there is one, else the CPU",
    "cpu": "All cores but one",
    "cuda": "The graphics card",
    "mps": "Metal, on a Mac",
}
RECENT, PRESET = "recent:", "preset:"


class Menus(QObject):
    """Fills the window's menus and does what is chosen from them."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    # ------------------------------------------------------------ presets and everything

    @Slot()
    def choose_preset(self) -> None:
        """The menu of presets."""
        if self._window.model.active:
            self._window.status.tell(STOP_FIRST)
            return
        name = self._window.form_model.examined.config.name
        entries = [
            Entry(
                PRESET + preset.name,
                preset.name,
                preset.about,
                current=preset.name == name,
                group="For a GPU" if preset.for_gpu else "On any computer",
            )
            for preset in presets().values()
        ]
        entries.append(
            Entry("file.open-config", "Open config …", "Settings in a TOML file", group="Your own")
        )
        self._choose(entries).open_below(self._window.top.preset, 440)

    def choose_anything(self) -> None:
        """The palette: any action, preset or recent run."""
        now = self._window.situation()
        reasons = {spec.id: spec.when(now) for spec in specs()}
        entries = self._window.registry.entries(reasons)
        entries.sort(key=lambda entry: not entry.group.startswith("Run"))  # what one wants most stands first
        why = self._why_not()
        entries += [
            Entry(PRESET + p.name, p.name, p.about, group="Presets", enabled=not why, why=why)
            for p in presets().values()
        ]
        entries += self._recent()
        self._choose(entries, "Search actions, presets and runs").open_over(self._window)

    def _choose(self, entries: list[Entry], placeholder: str = "") -> Chooser:
        menu = Chooser(entries, placeholder, self._window)
        menu.chosen.connect(self._on_chosen)
        return menu

    def _why_not(self) -> str:
        return "Stop the run first." if self._window.model.active else ""

    @Slot(str)
    def _on_chosen(self, id: str) -> None:
        if id.startswith(RECENT):
            self._window.opener.open_path(Path(id.removeprefix(RECENT)))
        elif id.startswith(PRESET):
            self._window.opener.take_preset(id.removeprefix(PRESET))
        else:
            self._window.performer.perform(id)

    # ------------------------------------------------------------ recent runs

    @Slot()
    def fill_recent(self) -> None:
        """The menu of recent runs; those that are gone are left out."""
        menu = self._window.registry.recent_menu
        menu.clear()
        for entry in self._recent():
            action = menu.addAction(entry.title)
            action.setToolTip(entry.detail)
            action.setData(entry.id)
            action.setEnabled(entry.enabled)
            action.triggered.connect(self._on_recent)
        if menu.isEmpty():
            menu.addAction("No runs yet").setEnabled(False)

    @Slot()
    def _on_recent(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._on_chosen(str(sender.data()))  # type: ignore[attr-defined]

    def _recent(self) -> list[Entry]:
        why = self._why_not()
        paths = [Path(name) for name in self._window.settings.settings.recent]
        return [
            Entry(RECENT + str(path), path.name, str(path), group="Recent runs", enabled=not why, why=why)
            for path in paths
            if is_run(path)
        ]

    # ------------------------------------------------------------ devices

    @Slot()
    def choose_device(self) -> None:
        """The menu of devices."""
        config = self._window.form_model.examined.config
        known = self._window.model.devices
        busy = "The run is under way." if self._window.model.active else ""
        entries: list[Entry] = []
        for device, title in DEVICES.items():
            missing = "" if device in ("auto", "cpu") or device in known else _no_device(known)
            why = busy or missing
            entries.append(
                Entry(device, title, DEVICE_HELP[device], enabled=not why, why=why,
                      current=config.compute.device == device)
            )  # fmt: skip
        menu = Chooser(entries, "", self._window)
        menu.chosen.connect(self._on_device)
        menu.open_below(self._window.top.device, 320)

    @Slot(str)
    def _on_device(self, device: str) -> None:
        self._window.form_model.edit("compute.device", device, "Device")

    def device_words(self) -> tuple[str, str]:
        """What the device button says, and its tooltip."""
        model = self._window.model
        if model.active and model.started is not None:
            return model.started.device, "Where this run trains."
        device = self._window.form_model.examined.config.compute.device
        return DEVICES.get(device, device), "Where the next run trains."


def _no_device(known: tuple[str, ...]) -> str:
    return "This machine has none." if known else "The engine has not said yet what this machine has."
