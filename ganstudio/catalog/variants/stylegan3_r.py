"""StyleGAN3 whose pictures follow shifts and turns smoothly."""

from ganstudio.catalog.networks_style import Stylegan2Discriminator, Stylegan3Generator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import MinibatchStd
from ganstudio.catalog.stabilizers.inputs import FadingBlur
from ganstudio.catalog.stabilizers.penalties import R1
from ganstudio.core.config import Ema, Latent

# The paper at 1024 px: 64 channels at the picture and 1024 at most, twice those of StyleGAN3-T; the blur as here.
STYLEGAN3_R = Variant(
    name="stylegan3-r",
    title="StyleGAN3-R",
    year=2021,
    paper="arXiv:2106.12423",
    group="Architecture",
    idea="As StyleGAN3-T, and no layer knows which way is up: convolutions are 1 x 1 and filters round, so that a "
    "turned latent plane gives a turned picture.",
    watch="The first pictures are blurred on purpose: the discriminator sees coarse shapes only, until the fading blur "
    "is gone.",
    pitfalls="Each layer sees single pixels, which takes twice the channels to make up for. Where up and down mean "
    "something, turning is of no use: take StyleGAN3-T.",
    generator={"image": Stylegan3Generator(equivariance="rotation", base_channels=32, most_channels=256)},
    discriminator={"image": Stylegan2Discriminator()},
    objective=NonSaturating(),
    objectives=("non-saturating", "hinge", "wasserstein"),
    generator_optimizer=Adam(lr=2.5e-3, betas=(0.0, 0.99)),
    discriminator_optimizer=Adam(lr=2e-3, betas=(0.0, 0.99)),
    batch_size=32,
    ema=Ema(half_life=10_000.0),
    latent={"image": Latent(dimension=128)},
    stabilizers=(MinibatchStd(), FadingBlur(), R1(gamma=1.0, every=16, apart=True, auto=True)),
)
