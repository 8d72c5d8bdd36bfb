"""The engine's own process beside a window. Imported there only: it brings torch in."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing.connection import Connection

import torch
from torch import nn

from ganstudio.catalog.datasets import Digits
from ganstudio.core.messages import Ready
from ganstudio.data.digits import load_digits
from ganstudio.engine import devices
from ganstudio.engine.launch import compute_threads
from ganstudio.engine.ports import PipePort
from ganstudio.engine.session import TrainingSession

PATIENCE = 20.0
"""Seconds a child may take to save its run after its window has gone."""


def run_child(connection: Connection) -> None:
    """Serve one window until it quits or goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches both; the window decides
    torch.set_num_threads(compute_threads(window=True))
    port = PipePort(connection, on_lost=_end_soon)
    warm_up()
    port.send(Ready(devices.available(), str(torch.__version__)))
    TrainingSession(port).serve()


def _end_soon() -> None:
    """The window has gone: whatever hangs, this process ends."""
    timer = threading.Timer(PATIENCE, os._exit, args=(1,))
    timer.daemon = True
    timer.start()


def warm_up() -> None:
    """Load what a first training step loads, so that a person does not wait for it after pressing Start."""
    net = nn.Sequential(nn.Conv2d(1, 4, 4, 2, 1), nn.BatchNorm2d(4), nn.ConvTranspose2d(4, 1, 4, 2, 1))
    optimizer = torch.optim.Adam(net.parameters(), fused=True)
    net(torch.zeros(2, 1, 8, 8)).square().mean().backward()
    optimizer.step()
    _set_up_onednn()
    load_digits(Digits())


def _set_up_onednn() -> None:
    """Have oneDNN make its first primitives: where these find no memory it makes none ever after, however small.

    A batch that does not fit could then not be told from one that does.
    """
    x, weight = torch.zeros(64, 8, 32, 32, requires_grad=True), torch.zeros(16, 8, 3, 3, requires_grad=True)
    nn.functional.conv2d(x, weight).sum().backward()
    nn.functional.conv_transpose2d(x, weight.transpose(0, 1).contiguous()).sum().backward()
