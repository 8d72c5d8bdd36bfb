"""A trained generator for use elsewhere: its weights as safetensors, or the whole network as ONNX."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

import onnx
import torch
from safetensors.torch import save as tensor_bytes
from torch import Tensor, nn

import ganstudio
from ganstudio.core.config import Latent, RunConfig, place
from ganstudio.core.files import write_atomically
from ganstudio.core.schema import to_table, walk
from ganstudio.data import PointSource, load
from ganstudio.latent.sampling import Generator

INPUTS = ("z", "labels")
FORMAT = "ganstudio-generator-1"


class RawPoints(nn.Module):
    """A generator of points whose output is in the data's own units instead of about unit size."""

    def __init__(self, net: nn.Module, scale: float) -> None:
        super().__init__()
        self.net, self.scale = net, scale

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Points (N, dimension) in raw units for latents (N, latent width) and labels (N,)."""
        made = self.net(z) if labels is None else self.net(z, labels)
        return made * self.scale


def point_scale(generator: Generator) -> float:
    """What the network's points must be multiplied by to get raw units; 1 for images."""
    if generator.shape.kind == "image":
        return 1.0
    source = load(generator.config.data)
    return source.scale if isinstance(source, PointSource) else 1.0


def facts(generator: Generator, run: str) -> dict[str, str]:
    """What a user of the file must know, as text: the config, the latent, the output and its range."""
    config, shape = generator.config, generator.shape
    image = shape.kind == "image"
    return {
        "format": FORMAT,
        "run": run,
        "step": str(generator.step),
        "ganstudio": ganstudio.__version__,
        "config": json.dumps(_public(config)),
        "latent_dimension": str(config.latent.width),
        "latent_prior": _prior(config.latent),
        "output": "image" if image else "points",
        "output_shape": json.dumps(list(shape.size)),
        "output_scale": repr(point_scale(generator)),
        **_label_facts(generator),
    }


def _prior(latent: Latent) -> str:
    """What the numbers of the input are drawn from, in words."""
    parts = ["uniform on [-1, 1]" if latent.prior == "uniform" else "standard normal"]
    if latent.categorical:
        parts.append(f"then {latent.categorical} one-hot of {latent.categories}")
    if latent.continuous:
        parts.append(f"then {latent.continuous} uniform on [-1, 1]")
    return ", ".join([parts[0] if len(parts) == 1 else f"{latent.dimension} {parts[0]}", *parts[1:]])


def _label_facts(generator: Generator) -> dict[str, str]:
    """What the labels are, for a conditional generator."""
    if not generator.kinds:
        return {}
    return {"labels": str(generator.kinds), "class_names": json.dumps(list(generator.class_names))}


def _public(config: RunConfig) -> dict[str, Any]:
    """The config's table; of a path on this machine only the last part."""
    table = to_table(config)
    for key, setting, value in walk(config):
        if setting.option.path:
            place(table, key.split("."), Path(value).name)
    return table


def weight_facts(generator: Generator, run: str) -> dict[str, str]:
    """The metadata of a safetensors file."""
    image = generator.shape.kind == "image"
    known = facts(generator, run)
    scale = known["output_scale"]
    return known | {
        "output_range": "[-1, 1]" if image else f"multiply by {scale} to get the data's own units",
        "how_to_use": "config = ganstudio.catalog.resolve.resolve(json.loads(metadata['config'])); "
        "shape = ganstudio.core.shapes.DataShape(**json.loads(metadata['data_shape'])); "
        "net = ganstudio.training.build.build_generator(config, shape); net.load_state_dict(tensors); net.eval(); "
        "net(z) with z of shape (N, latent_dimension) drawn from latent_prior"
        + (", net(z, labels) with labels int64 (N,) from 0 on" if generator.kinds else ""),
        "data_shape": json.dumps(asdict(generator.shape)),
    }


def network_facts(generator: Generator, run: str) -> dict[str, str]:
    """The metadata of an ONNX file."""
    image = generator.shape.kind == "image"
    use = "pixel = round((image + 1) * 127.5)" if image else "points are in the data's own units"
    labels = "input labels: int64 (N,), 0 to labels - 1; " if generator.kinds else ""
    return facts(generator, run) | {
        "output_range": "[-1, 1]" if image else "the data's own units",
        "output_scale": "1.0",
        "how_to_use": f"input z: float32 (N, latent_dimension) drawn from latent_prior; {labels}{use}",
    }


def export_weights(generator: Generator, path: Path, run: str) -> None:
    """Write the averaged generator's weights as safetensors, atomically; raises ``OSError``."""
    tensors = {name: tensor.cpu().contiguous() for name, tensor in generator.net.state_dict().items()}
    write_atomically(path, tensor_bytes(tensors, weight_facts(generator, run)))


def export_onnx(generator: Generator, path: Path, run: str) -> None:
    """Write the averaged generator as ONNX, atomically: z (N, latent width) in, labels (N,) too where it is
    conditional, samples out, N free.

    Images are in [-1, 1], points in the data's own units. Raises ``OSError``.
    """
    net = generator.net.cpu()
    image = generator.shape.kind == "image"
    if not image:
        net = RawPoints(net, point_scale(generator)).eval()
    inputs = [torch.zeros(2, generator.config.latent.width)]
    if generator.kinds:
        inputs.append(torch.zeros(2, dtype=torch.int64))
    model = _translate(net, tuple(inputs), "image" if image else "points")
    model.doc_string = "A generator trained with GAN Studio; its metadata tells how to use it."
    _forget_source(model)
    onnx.helper.set_model_props(model, network_facts(generator, run))
    onnx.checker.check_model(model)
    write_atomically(path, model.SerializeToString())


def _translate(net: nn.Module, inputs: tuple[Tensor, ...], output: str) -> onnx.ModelProto:
    """The network as an ONNX model; the exporter's own talk (to stdout, to logs) is kept from the person."""
    batch = torch.export.Dim("batch", min=1)
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), _quiet("torch.onnx", "onnxscript"):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            net,
            inputs,
            dynamo=True,
            input_names=list(INPUTS[: len(inputs)]),
            output_names=[output],
            dynamic_shapes=tuple({0: batch} for _ in inputs),
            verbose=False,
        )
    assert program is not None
    return program.model_proto


def _forget_source(model: onnx.ModelProto) -> None:
    """Drop what the exporter notes of the source: stack traces with the paths of this machine."""
    graphs = [model.graph, *model.functions]
    for graph in graphs:
        del graph.metadata_props[:]
        for item in (*graph.node, *graph.value_info):
            del item.metadata_props[:]
    for item in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        del item.metadata_props[:]


class _quiet:
    """Within the block these loggers tell errors only."""

    def __init__(self, *names: str) -> None:
        self.loggers = [logging.getLogger(name) for name in names]

    def __enter__(self) -> None:
        self.levels = [logger.level for logger in self.loggers]
        for logger in self.loggers:
            logger.setLevel(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        for logger, level in zip(self.loggers, self.levels, strict=True):
            logger.setLevel(level)


EXPORTERS: dict[str, Callable[[Generator, Path, str], None]] = {
    ".safetensors": export_weights,
    ".onnx": export_onnx,
}
"""File suffix -> what writes it."""
