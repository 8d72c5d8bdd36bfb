"""The GAN with an auxiliary classifier."""

from ganstudio.catalog.conditioning import Classified
from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

# The paper: batches of 100, latents of 100 or 110 numbers, Adam 2e-4 (.5, .999), on 32 px for CIFAR-10.
ACGAN = Variant(
    name="acgan",
    title="AC-GAN",
    year=2016,
    paper="arXiv:1610.09585",
    group="Conditioning",
    idea="The discriminator has a second answer: which class a sample belongs to. Both networks want that answer to be "
    "right, so the generator makes samples that are easy to name.",
    watch="The share of generated samples whose class is recognised climbs towards that of the real ones. Each row of "
    "samples turns into one class.",
    pitfalls="The generator is paid for clear examples, so variety within a class shrinks: give the classifier less "
    "weight. With many classes it forgets the hard ones.",
    generator={
        "image": DcganGenerator(base_channels=64),
        "points": MlpGenerator(width=128, depth=3),
    },
    discriminator={
        "image": DcganDiscriminator(base_channels=64),
        "points": MlpDiscriminator(width=128, depth=3),
    },
    objective=NonSaturating(),
    conditioning=Classified(),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"image": Latent(dimension=100), "points": Latent(dimension=16)},
)
