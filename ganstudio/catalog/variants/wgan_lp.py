"""The Wasserstein GAN with a one-sided gradient penalty."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import Wasserstein
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.penalties import GradientPenalty
from ganstudio.core.config import Latent

# All but the side of the penalty is WGAN-GP's, so that the two can be compared; on points lambda stays 10 as well,
# since the paper finds that the one-sided penalty bears it.
WGAN_LP = Variant(
    name="wgan-lp",
    title="WGAN-LP",
    year=2017,
    paper="arXiv:1709.08894",
    group="Regularisation",
    idea="Theory asks that the critic's slope be at most one, not exactly one. So only too steep places are charged, "
    "and the critic may be flat where nothing pulls.",
    watch="The penalty reaches 0 again and again, which WGAN-GP's hardly does, and training bears a large weight. "
    "Set the sides to 'both' to see the difference.",
    pitfalls="A critic that is flat everywhere costs nothing and teaches nothing: give it its five updates. "
    "Batch norm in the critic is refused, as in 'wgan-gp'.",
    generator={
        "points": MlpGenerator(width=512, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=512, depth=3, activation="relu"),
        "image": DcganDiscriminator(base_channels=64, normalization="none"),
    },
    objective=Wasserstein(),
    objectives=("wasserstein",),
    generator_optimizer=Adam(lr=1e-4, betas=(0.5, 0.9)),
    discriminator_optimizer=Adam(lr=1e-4, betas=(0.5, 0.9)),
    discriminator_steps=5,
    stabilizers=(GradientPenalty(weight=10.0, sides="one"),),
    latent={"points": Latent(dimension=2), "image": Latent(dimension=128)},
)
