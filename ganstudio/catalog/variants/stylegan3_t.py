"""StyleGAN3 whose pictures follow shifts smoothly."""

from ganstudio.catalog.networks_style import Stylegan2Discriminator, Stylegan3Generator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import MinibatchStd
from ganstudio.catalog.stabilizers.penalties import R1
from ganstudio.core.config import Ema, Latent

# The paper at 1024 px: 32 channels at the picture and 512 at most, z and w of 512 numbers. Gamma grows with the
# picture's pixels, as here.
STYLEGAN3_T = Variant(
    name="stylegan3-t",
    title="StyleGAN3-T",
    year=2021,
    paper="arXiv:2106.12423",
    group="Architecture",
    idea="Details of other GANs stick to the pixel grid while the face behind them moves. Here every layer treats "
    "its maps as a smooth signal and filters away what the grid cannot hold, so that details move along.",
    watch="Walk through the latent space: hair and texture travel with the object instead of shimmering in place. "
    "Early samples look like waves, which they are made of.",
    pitfalls="Filtering makes a step several times as long as StyleGAN2's: take fewer layers and a smaller margin for "
    "small pictures. On a still picture there is little gain to be seen.",
    generator={"image": Stylegan3Generator()},
    discriminator={"image": Stylegan2Discriminator()},
    objective=NonSaturating(),
    objectives=("non-saturating", "hinge", "wasserstein"),
    generator_optimizer=Adam(lr=2.5e-3, betas=(0.0, 0.99)),
    discriminator_optimizer=Adam(lr=2e-3, betas=(0.0, 0.99)),
    batch_size=32,
    ema=Ema(half_life=10_000.0),
    latent={"image": Latent(dimension=128)},
    stabilizers=(MinibatchStd(), R1(gamma=1.0, every=16, apart=True, auto=True)),
)
