"""The large GAN of 2019, here sized down to what a CPU can train."""

from ganstudio.catalog.conditioning import Projected
from ganstudio.catalog.networks_residual import BigganDiscriminator, BigganGenerator
from ganstudio.catalog.objectives import Hinge
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import SelfAttention, SpectralNorm
from ganstudio.catalog.stabilizers.penalties import Orthogonal
from ganstudio.core.config import Ema, Latent

# Rates, batch, critic steps and average are those of the authors' script for CIFAR-10 (which has 64 base channels, no
# attention and an average over 50 * 6931 images); the paper at 128 px has 96 channels, a batch of 2048, two critic
# steps and rates of 5e-5 and 2e-4.
BIGGAN = Variant(
    name="biggan",
    title="BigGAN",
    year=2018,
    paper="arXiv:1809.11096",
    group="Architecture",
    idea="All that was known to help, made large: the class and a part of z of its own steer every layer, weights "
    "begin and stay nearly orthogonal, and samples come from averaged weights.",
    watch="Draw samples with a truncation below 1: they get more typical and less varied, a dial that orthogonal "
    "weights make smooth. Each row of the grid is a class.",
    pitfalls="Large runs collapse in the end, so keep the checkpoints. An averaged generator with the statistics of "
    "another looks washed out: leave its statistics standing.",
    generator={"image": BigganGenerator(base_channels=16)},
    discriminator={"image": BigganDiscriminator(base_channels=16)},
    objective=Hinge(),
    objectives=("hinge", "non-saturating", "wasserstein"),
    conditioning=Projected(),
    generator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.999), eps=1e-6),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.999), eps=1e-6),
    discriminator_steps=4,
    batch_size=50,
    ema=Ema(half_life=346_550.0, start=1000, statistics="standing"),
    latent={"image": Latent(dimension=128)},
    stabilizers=(SpectralNorm(generator=True), SelfAttention(), Orthogonal(weight=1e-4, on="generator")),
)
