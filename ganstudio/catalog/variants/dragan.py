"""The GAN whose discriminator is smooth around the data."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.penalties import GradientPenalty
from ganstudio.core.config import Latent

# Lambda 10, slope 1, noise of half the batch's deviation times a uniform number. No batch norm in the discriminator:
# it would tie the slopes of a batch together.
DRAGAN = Variant(
    name="dragan",
    title="DRAGAN",
    year=2017,
    paper="arXiv:1705.07215",
    group="Regularisation",
    idea="Collapse comes with sharp cliffs of the discriminator around real samples. A gradient penalty in a small "
    "cloud around the data smooths them away, and the loss stays that of the first GAN.",
    watch="More modes survive than with 'gan' on ring or grid; the penalty is high at first and settles.",
    pitfalls="The cloud has the size of the data's spread: normalise your data. The game is still one of probability: "
    "a discriminator that is sure of everything starves the generator.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": DcganDiscriminator(base_channels=64, normalization="none"),
    },
    objective=NonSaturating(),
    objectives=("non-saturating", "saturating"),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    stabilizers=(GradientPenalty(weight=10.0, at="data"),),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=100)},
)
