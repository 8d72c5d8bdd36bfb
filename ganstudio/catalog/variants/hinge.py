"""The GAN with a margin."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import Hinge
from ganstudio.catalog.optimizers import RmsProp
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

# The paper's nets are DCGAN's, learning by RMSprop at 2e-4; on CelebA it makes ten updates of the generator for one of
# the discriminator ("generator steps" in the settings).
HINGE = Variant(
    name="hinge",
    title="Hinge (Geometric GAN)",
    year=2017,
    paper="arXiv:1705.02894",
    group="Objective",
    idea="A support vector machine plays: the discriminator learns only from samples on the wrong side of a margin, "
    "and the generator moves its samples straight across. Most large GANs of the years after use this loss.",
    watch="The discriminator's loss is 2 while it can only guess. The scores of real and generated stay a few units "
    "apart: beyond the margin the discriminator has no reason to part them further.",
    pitfalls="A loss near 0 means that all samples are beyond the margin and the discriminator has stopped learning: "
    "slow it down, or bound its slope by spectral norm or a gradient penalty.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": DcganDiscriminator(base_channels=64),
    },
    objective=Hinge(),
    objectives=("hinge",),
    generator_optimizer=RmsProp(lr=2e-4),
    discriminator_optimizer=RmsProp(lr=2e-4),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=100)},
)
