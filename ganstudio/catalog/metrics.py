"""What a run measures, as data: the series in ``metrics.jsonl``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """A scalar series; ``range`` is in words, ``<name>`` in a name stands for several."""

    name: str
    title: str
    range: str
    idea: str


_SERIES = (
    Series(
        "loss/generator",
        "Generator loss",
        "any number",
        "What the generator minimises: how badly its samples fool the discriminator.",
    ),
    Series(
        "loss/discriminator",
        "Discriminator loss",
        "0 and more",
        "What the discriminator minimises, without penalties; 2 ln 2 when it can only guess.",
    ),
    Series(
        "score/real", "Score of real samples", "0 to 1", "The mean probability of real that real samples get."
    ),
    Series(
        "score/fake",
        "Score of generated samples",
        "0 to 1",
        "The mean probability of real that generated samples get.",
    ),
    Series("accuracy/real", "Accuracy on real samples", "0 to 1", "The share of real samples called real."),
    Series(
        "accuracy/fake",
        "Accuracy on generated samples",
        "0 to 1",
        "The share of generated samples called generated.",
    ),
    Series(
        "grad_norm/generator",
        "Gradient norm of the generator",
        "0 and more",
        "The length of the generator's whole gradient; near 0 it learns nothing.",
    ),
    Series(
        "grad_norm/discriminator",
        "Gradient norm of the discriminator",
        "0 and more",
        "The length of the discriminator's whole gradient.",
    ),
    Series(
        "penalty/<name>",
        "Penalty",
        "0 and more",
        "What a stabilizer adds to the discriminator's loss, one series for each.",
    ),
    Series(
        "rate/images_per_second",
        "Images per second",
        "0 and more",
        "Real images seen per second of training.",
    ),
)
METRICS: dict[str, Series] = {series.name: series for series in _SERIES}
