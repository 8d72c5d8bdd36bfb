"""Networks as fused kernels: torch.compile, where it is safe and may pay, and the plain layers everywhere else.

What is compiled is a pass of the generator and the trunk of the discriminator. The networks themselves stay as they
are, so that checkpoints, averages, export and pictures know nothing of it. CUDA graphs are not used: they would hand
out the same memory for the answers of every update, and the meter keeps those of many.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor, nn

from ganstudio.catalog.network_base import Network
from ganstudio.catalog.stabilizers import Stabilizer
from ganstudio.core.config import RunConfig
from ganstudio.nets.base import Discriminator, Generator, Judgement
from ganstudio.stabilizers.base import Judge

LONG = 5000
"""Steps from which on a run is long enough to make up for the time that compiling takes: an estimate."""

Pass = Callable[..., Tensor]
Compiler = Callable[[Pass], Pass]


def obstacle(config: RunConfig, device: str) -> str:
    """Why the networks of this run are not compiled on a ``device`` of that type; empty where they are."""
    if config.compute.compile == "off":
        return "compiling is switched off"
    if device != "cuda":
        return "compiling is for CUDA GPUs"
    if config.compute.deterministic:
        return "compiled kernels may sum in another order, and the run is to be the same bit for bit"
    if config.steps < LONG:
        return f"the run has fewer than {LONG:,} steps, too few to make up for the time that compiling takes"
    for network in (config.generator, config.discriminator):
        if not cast("Network", network).compiles:
            return f"the network {network.kind} is more than a plain chain of layers"
    for name, settings in config.stabilizers.items():
        if not cast("Stabilizer", settings).compiles:
            return f"{name} changes layers or takes gradients of gradients"
    return ""


def fuse(plain: Pass) -> Pass:
    """``plain``, compiled whole at its first call for each way of calling it."""
    return torch.compile(plain, fullgraph=True, dynamic=False)


class Fused:
    """A pass through a network that is compiled when first called, and plain from the first trouble on.

    The first call of each kind (with or without gradients, for either player) is tried out there and back, since
    trouble may show only on the way back; what the trial leaves in the buffers is undone.
    """

    def __init__(self, net: nn.Module, plain: Pass, compiler: Compiler, tell: Callable[[str], None]) -> None:
        self.net, self.plain, self.tell = net, plain, tell
        self.fused: Pass | None = compiler(plain)
        self.tried: set[tuple[object, ...]] = set()

    def __call__(self, *inputs: Tensor | None) -> Tensor:
        """What the plain pass gives, up to rounding."""
        if self.fused is not None and self._works(self.fused, inputs):
            return self.fused(*inputs)
        return self.plain(*inputs)

    def _works(self, fused: Pass, inputs: tuple[Tensor | None, ...]) -> bool:
        given = [x for x in inputs if x is not None]
        learned = next(self.net.parameters()).requires_grad
        kind = (torch.is_grad_enabled(), learned, *((x.requires_grad, x.shape) for x in given))
        if kind in self.tried:
            return True
        wanted = [x for x in (*given, *self.net.parameters()) if x.requires_grad]
        kept = [buffer.clone() for buffer in self.net.buffers()]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore"
                )  # the compiler looks at gradients that are not there, and says so
                _there_and_back(fused, inputs, wanted)
        except torch.OutOfMemoryError:
            raise
        except Exception as error:
            self.fused = None
            self.tell(str(error).strip().split("\n")[0] or type(error).__name__)
            return False
        finally:
            with torch.no_grad():
                for buffer, before in zip(self.net.buffers(), kept, strict=True):
                    buffer.copy_(before)
        self.tried.add(kind)
        return True


def _there_and_back(fused: Pass, inputs: tuple[Tensor | None, ...], wanted: list[Tensor]) -> None:
    made = fused(*inputs)
    if made.requires_grad:
        torch.autograd.grad(made.float().sum(), wanted, allow_unused=True)


class Passes:
    """How the two networks of a run are called; ``notice`` says what went wrong with compiling, if anything did."""

    def __init__(self, generator: Generator, discriminator: Discriminator, device: torch.device) -> None:
        self.generator, self.discriminator, self.device = generator, discriminator, device
        self.notice = ""
        self.compiled: tuple[Pass, Judge] | None = None

    def of(self, config: RunConfig) -> tuple[Pass | None, Judge | None]:
        """The generator's pass and the discriminator's judgement; ``None`` for the networks' own."""
        if obstacle(config, self.device.type):
            return None, None
        if self.compiled is None:
            self.compiled = self._compile()
        return self.compiled

    def _compile(self, compiler: Compiler = fuse) -> tuple[Pass, Judge]:
        # Of one function only so many compiled forms are kept, for all runs of the process together.
        torch.compiler.reset()
        net = self.discriminator
        generate = Fused(self.generator, self.generator.forward, compiler, self._note)
        trunk = Fused(net, net.trunk, compiler, self._note)

        def judge(x: Tensor, labels: Tensor | None) -> Judgement:
            seen: Any = x if net.label_input is None else net.label_input(x, labels)
            return net.conclude(trunk(seen), labels)

        return generate, judge

    def _note(self, problem: str) -> None:
        self.notice = (
            f"The networks could not be compiled and run as they are written, which is slower but no less right "
            f"({problem}). To leave it out altogether, set compute.compile to off."
        )
