"""The convolutional GAN of 2015."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

DCGAN = Variant(
    name="dcgan",
    title="DCGAN",
    year=2015,
    paper="arXiv:1511.06434",
    group="Origins",
    idea="The same game with convolutions: the generator grows a picture from 4 x 4 pixels up, "
    "the discriminator shrinks it back to one answer. Batch norm keeps both steady.",
    watch="Strokes appear first, then whole shapes. Losses neither fall nor rise for long: the two keep pace.",
    pitfalls="When the discriminator's answers part to 0 and 1, the generator learns nothing any more: lower its rate "
    "or give it fewer channels. Too high a rate makes all samples alike.",
    generator={"image": DcganGenerator(base_channels=64)},
    discriminator={"image": DcganDiscriminator(base_channels=64)},
    objective=NonSaturating(),
    objectives=("non-saturating", "saturating"),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"image": Latent(dimension=100)},
)
