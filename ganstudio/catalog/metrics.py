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
        "any number",
        "What the discriminator minimises, without penalties; with cross-entropy 2 ln 2 when it can only guess.",
    ),
    Series(
        "score/real",
        "Score of real samples",
        "0 to 1 for a probability",
        "The mean answer to real samples: the probability of real, or the critic's score where it is none.",
    ),
    Series(
        "score/fake",
        "Score of generated samples",
        "0 to 1 for a probability",
        "The mean answer to generated samples: the probability of real, or the critic's score where it is none.",
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
        "What a stabilizer adds to a player's loss, one series for each.",
    ),
    Series(
        "divergence",
        "Estimated divergence",
        "about 0 and more; -ln 4 and more for the divergence of the GAN",
        "The critic's lower bound of the divergence between data and generated samples that is played for.",
    ),
    Series(
        "convergence",
        "Measure of convergence",
        "0 and more",
        "How badly real samples are rebuilt, plus the imbalance: it falls as a BEGAN gets better.",
    ),
    Series(
        "balance/k",
        "Weight of generated samples",
        "0 to 1",
        "How much a BEGAN's discriminator cares about generated samples; it is steered all the time.",
    ),
    Series(
        "augment/probability",
        "Probability of augmentation",
        "0 to 1",
        "How likely each change is made to what the discriminator sees.",
    ),
    Series(
        "augment/overfitting",
        "Overfitting of the discriminator",
        "-1 to 1",
        "The mean sign of the answers to real pictures, by which the augmentation is steered.",
    ),
    Series(
        "balance/skipped/<player>",
        "Skipped updates",
        "0 to 1",
        "The share of a player's last hundred updates that the balance left out.",
    ),
    Series(
        "burn-in",
        "Progress of the burn-in",
        "0 to 1",
        "How far penalties, Adam's second beta and the average's half-life have come to their last values.",
    ),
    Series(
        "clipping/<player>",
        "Gradient left by clipping",
        "0 to 1",
        "What clipping left of the length of a player's last gradient; 1 is all of it.",
    ),
    Series(
        "schedule/<player>",
        "Share of the learning rate",
        "0 to 1",
        "What the schedule leaves of a player's learning rate.",
    ),
    Series(
        "top-k/share",
        "Share of samples learned from",
        "0 to 1",
        "How many of its samples the generator learns from.",
    ),
    Series(
        "classified/<which>",
        "Classes recognised",
        "0 to 1",
        "The share of real or generated samples whose class the auxiliary classifier names.",
    ),
    Series(
        "information",
        "Information about the codes",
        "about 0 and more",
        "A lower bound, in nats, of what a generated sample tells about the codes it was made from.",
    ),
    Series(
        "told-apart",
        "Generators told apart",
        "0 to 1",
        "The share of generated samples whose generator the classifier recognises.",
    ),
    Series(
        "growth/resolution",
        "Size while growing",
        "4 and more",
        "The side, in pixels, of the pictures that both networks work with at the moment.",
    ),
    Series(
        "growth/alpha",
        "Fade-in",
        "0 to 1",
        "How much of the newest layers counts: it rises from 0 while they fade in, and is 1 in between.",
    ),
    Series(
        "diversity/samples",
        "Difference of samples",
        "0 and more",
        "How far generated samples are apart, over how far real ones are, of one class where there are classes: "
        "1 is as different, near 0 all are alike.",
    ),
    Series(
        "diversity/kinds",
        "Kinds among the samples",
        "0 to about 1",
        "How many of the data's classes or modes a batch of samples is of, counted by how evenly; "
        "a sample is of the kind of the real one nearest to it.",
    ),
    Series(
        "share/<class>",
        "Share of each class",
        "0 to 1",
        "How many of a batch of samples are of each of the data's classes or modes: each is of that of the real one "
        "nearest to it.",
    ),
    Series(
        "distance/data",
        "Distance of samples to the data",
        "about 0 and more",
        "The energy distance between a batch of generated and of real samples, value by value: rough, but it means the "
        "same for every loss.",
    ),
    Series(
        "distance/nearest",
        "Distance to the nearest picture",
        "0 and more",
        "How far samples are from the nearest training picture, over how far these are from each other; "
        "near 0 they are copies.",
    ),
    Series(
        "saturation/<which>",
        "Outputs at the end of their range",
        "0 to 1",
        "The share of values of generated and of real pictures that are quite black or quite white.",
    ),
    Series(
        "dead/<player>",
        "Dead units",
        "0 to 1",
        "The share of a network's units that got no gradient at all in its last update.",
    ),
    Series(
        "overfitting/held-out",
        "Known by heart",
        "about 0 to about 1",
        "How much real pictures that the discriminator never saw look generated to it: 0 not at all, 1 quite so.",
    ),
    Series(
        "rate/images_per_second",
        "Images per second",
        "0 and more",
        "Real images seen per second of training.",
    ),
)
METRICS: dict[str, Series] = {series.name: series for series in _SERIES}
