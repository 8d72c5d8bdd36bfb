"""Which devices there are, and what they are called."""

from __future__ import annotations

import platform
from pathlib import Path

import psutil
import torch

MEMORY_WORDS = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "std::bad_alloc",
    "could not create a primitive",
    "could not execute a primitive",
)
"""How torch's backends tell that memory ran out, where they raise no error of its own kind; the last two are
oneDNN's, which says no more than that."""


class DeviceError(ValueError):
    """A device that is asked for and not there."""


def available() -> tuple[str, ...]:
    """The devices training can run on, the best first."""
    found: list[str] = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def choose(name: str) -> torch.device:
    """The device of that name; "auto" is the best there is."""
    devices = available()
    if name == "auto":
        return torch.device(devices[0])
    if name not in devices:
        raise DeviceError(f"this machine has no {name} device for torch; it has {', '.join(devices)}")
    return torch.device(name)


def describe(device: torch.device) -> str:
    """What a person calls it: "NVIDIA H200", "CPU, 2 threads"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"


def processor() -> str:
    """The CPU's model name."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def memory_used(device: torch.device) -> int:
    """Bytes the run uses: on the GPU what torch has taken, on a CPU the process's resident memory."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    if device.type == "mps":
        return torch.mps.driver_allocated_memory()
    return psutil.Process().memory_info().rss


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out, on whatever device."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in text for words in MEMORY_WORDS)


def release_memory(device: torch.device) -> None:
    """Give cached memory back after a failure."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
