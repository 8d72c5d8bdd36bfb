"""The GAN whose discriminator sees packs."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.inputs import Packing
from ganstudio.core.config import Latent

# Points as in the paper's section 4.1: a generator of 400 and a discriminator of 200 neurons, 2 latent numbers, Adam
# 1e-4 (.8, .999); its discriminator has maxout of 5, its batch 100, which packs of three do not divide.
PACGAN = Variant(
    name="pacgan",
    title="PacGAN",
    year=2017,
    paper="arXiv:1712.04086",
    group="Diversity",
    idea="The discriminator judges two to four samples side by side as one. A generator that repeats itself makes "
    "packs that are all alike, which real packs never are: a collapse is seen at once.",
    watch="Count the modes on ring or grid with packs of 2, 3 and 4, and with 'gan': packs find nearly all of them.",
    pitfalls="Each update sees fewer packs than samples, so the discriminator learns more slowly; the batch must be "
    "divisible by the pack. Packs of labelled samples have no label: conditional runs refuse them.",
    generator={
        "points": MlpGenerator(width=400, depth=4, normalization="batch"),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=200, depth=3),
        "image": DcganDiscriminator(base_channels=64),
    },
    objective=NonSaturating(),
    generator_optimizer={
        "points": Adam(lr=1e-4, betas=(0.8, 0.999)),
        "image": Adam(lr=2e-4, betas=(0.5, 0.999)),
    },
    discriminator_optimizer={
        "points": Adam(lr=1e-4, betas=(0.8, 0.999)),
        "image": Adam(lr=2e-4, betas=(0.5, 0.999)),
    },
    batch_size={"points": 96, "image": 72},
    latent={"points": Latent(dimension=2), "image": Latent(dimension=100)},
    stabilizers=(Packing(samples=2),),
)
