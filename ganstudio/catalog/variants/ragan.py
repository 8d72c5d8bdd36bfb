"""The GAN that compares with the average."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import RelativisticAverage
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

RAGAN = Variant(
    name="ragan",
    title="RaGAN",
    year=2018,
    paper="arXiv:1807.00734",
    group="Objective",
    idea="A sample is judged by how much more real it looks than the other kind does on average. When generated "
    "samples get better, real ones count as less real: both kinds teach both players.",
    watch="Both losses are 2 ln 2 while nobody wins. Compare with 'dcgan': the generator's loss says more, since it "
    "sees real samples, too.",
    pitfalls="The average hides single modes that nobody covers: 'rpgan' compares pair by pair. Real samples cost the "
    "generator's update a further pass.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": DcganDiscriminator(base_channels=64),
    },
    objective=RelativisticAverage(),
    objectives=("relativistic-average", "relativistic"),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=100)},
)
