"""The Wasserstein GAN with a gradient penalty."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import Wasserstein
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.penalties import GradientPenalty
from ganstudio.core.config import Latent

# The small setting of the paper: Adam 1e-4 (.5, .9), lambda 10, five critic steps, no batch norm in the critic. Toy
# data: three layers of 512, lambda .1, batch 256. CIFAR-10 has residual nets of 128 channels, 2e-4 (0, .9) falling to 0
# over 100,000 steps, and a generator's batch of 128.
WGAN_GP = Variant(
    name="wgan-gp",
    title="WGAN-GP",
    year=2017,
    paper="arXiv:1704.00028",
    group="Regularisation",
    idea="Instead of clipping weights, the critic is charged wherever its slope between real and generated samples is "
    "not one. It can be as deep as it likes and still gives a gradient to follow everywhere.",
    watch="The penalty settles at a small value, and minus the critic's loss falls slowly as samples get better. "
    "Each step has five updates of the critic, each of them with a pass more.",
    pitfalls="Batch norm in the critic breaks the penalty, because a sample then has no slope of its own: it is "
    "refused. Too small a weight lets the slope run away, too large a one makes the critic flat and slow.",
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
    stabilizers=(GradientPenalty(weight=10.0),),
    tuned={"points": (GradientPenalty(weight=0.1),)},
    latent={"points": Latent(dimension=2), "image": Latent(dimension=128)},
)
