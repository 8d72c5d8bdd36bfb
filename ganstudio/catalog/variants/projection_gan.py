"""The GAN whose discriminator projects."""

from ganstudio.catalog.conditioning import Projected
from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import Hinge
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import SpectralNorm
from ganstudio.core.config import Latent

# The paper's rates, betas and five updates of the discriminator; its residual networks for ImageNet have 64 channels
# and class-conditional batch norm. These are DCGAN's, the generator reading a learned vector of the class.
PROJECTION_GAN = Variant(
    name="projection-gan",
    title="Projection discriminator",
    year=2018,
    paper="arXiv:1802.05637",
    group="Conditioning",
    idea="The discriminator turns the label into a direction among its features and asks how far the sample points "
    "that way. This one inner product is what probability theory suggests, and it needs no classifier.",
    watch="Each row of samples keeps to its class while the samples within it go on to differ.",
    pitfalls="A class with few examples has a direction that is little more than memory of them. The label must come "
    "in at the features: beside the pixels it is easily overlooked.",
    generator={
        "image": DcganGenerator(base_channels=64),
        "points": MlpGenerator(width=128, depth=3),
    },
    discriminator={
        "image": DcganDiscriminator(base_channels=64, normalization="none"),
        "points": MlpDiscriminator(width=128, depth=3),
    },
    objective=Hinge(),
    conditioning=Projected(),
    generator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.9)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.9)),
    discriminator_steps=5,
    stabilizers=(SpectralNorm(),),
    latent={"image": Latent(dimension=100), "points": Latent(dimension=16)},
)
