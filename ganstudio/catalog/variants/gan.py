"""The game of 2014."""

from ganstudio.catalog.networks import MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

GAN = Variant(
    name="gan",
    title="GAN",
    year=2014,
    paper="arXiv:1406.2661",
    group="Origins",
    idea="Two networks play: the generator makes samples, the discriminator tells them from real ones. "
    "Each learns from the other's mistakes until nobody can tell the difference.",
    watch="The discriminator's answers for real and generated move towards one half; the points spread over all modes.",
    pitfalls="With the original (saturating) loss the generator's gradient fades as soon as the discriminator is sure. "
    "On a ring of modes it tends to sit on a few and hop.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": MlpGenerator(width=256, depth=3, activation="leaky-relu", normalization="batch"),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": MlpDiscriminator(width=256, depth=3),
    },
    objective=NonSaturating(),
    objectives=("non-saturating", "saturating"),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=64)},
)
