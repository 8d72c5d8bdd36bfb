"""The conditional GAN of 2014."""

from ganstudio.catalog.conditioning import Concatenated
from ganstudio.catalog.networks import MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

# The paper's networks are fully connected (maxout in the discriminator); 'dcgan' networks may be chosen for pictures.
CGAN = Variant(
    name="cgan",
    title="Conditional GAN",
    year=2014,
    paper="arXiv:1411.1784",
    group="Conditioning",
    idea="Both networks are told a class beside their input. The generator makes what it is asked for, because the "
    "discriminator asks not only whether a sample looks real but whether it goes with its class.",
    watch="Ask for one class after the other: each row of samples should hold one class only. On a ring, every label "
    "owns a mode.",
    pitfalls="Real and generated samples must be judged with their own labels: mixed up, the label means nothing. "
    "Within a class the samples can still all be alike.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": MlpGenerator(width=256, depth=3, activation="leaky-relu", normalization="batch"),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": MlpDiscriminator(width=256, depth=3),
    },
    objective=NonSaturating(),
    conditioning=Concatenated(),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=64)},
)
