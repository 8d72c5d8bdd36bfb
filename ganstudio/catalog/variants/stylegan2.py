"""The style-based GAN of 2020, here sized down to what a CPU can train."""

from ganstudio.catalog.networks_style import Stylegan2Discriminator, Stylegan2Generator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import MinibatchStd
from ganstudio.catalog.stabilizers.penalties import R1, PathLength
from ganstudio.core.config import Ema, Latent

# The paper at 1024 px: 32 channels at the picture and 512 at most, z and w of 512 numbers, gamma 10, half-life 10,000.
# Rate, gamma by the picture and half-life are those of the authors' later program for a batch of 32.
STYLEGAN2 = Variant(
    name="stylegan2",
    title="StyleGAN2",
    year=2019,
    paper="arXiv:1912.04958",
    group="Architecture",
    idea="A latent becomes a style, and the style scales the filters of every layer, each picture having filters of "
    "its own. Every size adds its part to the picture, so that nothing has to be grown.",
    watch="Coarse rows of styles decide pose and shape, fine ones colour and texture. The path length settles: from "
    "then on equal steps between two styles change the picture equally.",
    pitfalls="Gamma decides: too low and samples fall apart, too high and they stay blurred. With a few thousand "
    "pictures the discriminator knows them by heart: take StyleGAN2-ADA.",
    generator={"image": Stylegan2Generator()},
    discriminator={"image": Stylegan2Discriminator()},
    objective=NonSaturating(),
    objectives=("non-saturating", "hinge", "wasserstein"),
    generator_optimizer=Adam(lr=2e-3, betas=(0.0, 0.99)),
    discriminator_optimizer=Adam(lr=2e-3, betas=(0.0, 0.99)),
    batch_size=32,
    ema=Ema(half_life=10_000.0),
    latent={"image": Latent(dimension=128)},
    stabilizers=(MinibatchStd(), R1(gamma=1.0, every=16, apart=True, auto=True), PathLength()),
)
