"""The style-based generator of 2019."""

from ganstudio.catalog.networks_growing import StyleganDiscriminator, StyleganGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import MinibatchStd
from ganstudio.catalog.stabilizers.growing import Growing
from ganstudio.catalog.stabilizers.penalties import R1
from ganstudio.core.config import Ema, Latent

# The paper at 1024 px: R1 with gamma 10 (in the form gamma/2), growth from 8 px in phases of 600,000 images, styles
# mixed in nine of ten samples, 25 million images, rates of 1e-3 that rise to 3e-3 at the largest sizes, batches from
# 256 (8 GPUs) down, an average with a half-life of 10,000 images.
STYLEGAN = Variant(
    name="stylegan",
    title="StyleGAN",
    year=2018,
    paper="arXiv:1812.04948",
    group="Architecture",
    idea="A network of its own turns z into a style, and the style sets how strong every feature is at every size; "
    "noise adds what is left to chance. Coarse sizes hold pose and shape, fine ones colour and texture.",
    watch="Samples keep their layout while detail is added at each doubling. Mixing the styles of two samples swaps "
    "what is coarse in one with what is fine in the other.",
    pitfalls="Gamma depends on data and size: for small simple pictures 10 is much and blurs. Blobs like drops of "
    "water appear in long runs: they come from the normalisation, which StyleGAN2 replaced.",
    generator={"image": StyleganGenerator()},
    discriminator={"image": StyleganDiscriminator()},
    objective=NonSaturating(),
    objectives=("non-saturating", "wasserstein", "hinge"),
    generator_optimizer=Adam(lr=1e-3, betas=(0.0, 0.99)),
    discriminator_optimizer=Adam(lr=1e-3, betas=(0.0, 0.99)),
    batch_size=64,
    ema=Ema(half_life=10_000.0),
    latent={"image": Latent(dimension=512)},
    stabilizers=(
        Growing(start=8, halve_batch_from=64, rising_rate=True),
        R1(gamma=10.0),
        MinibatchStd(samples=4),
    ),
)
