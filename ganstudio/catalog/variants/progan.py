"""The progressively grown GAN."""

from ganstudio.catalog.networks_growing import ProganDiscriminator, ProganGenerator
from ganstudio.catalog.objectives import Wasserstein
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import MinibatchStd
from ganstudio.catalog.stabilizers.growing import Growing
from ganstudio.catalog.stabilizers.penalties import Drift, GradientPenalty
from ganstudio.core.config import Ema, Latent

# The paper: Adam 1e-3 (0, .99), one critic step, 600,000 images for each size and each fade, batches from 128 at small
# sizes (one GPU) down to 4 at 1024 px, latents of 512. Its average keeps .999 in each update, about 11,000 images at a
# batch of 16. Batches here halve from 64 px on, which gives the published ones of 32 to 256 px.
PROGAN = Variant(
    name="progan",
    title="Progressive GAN",
    year=2017,
    paper="arXiv:1710.10196",
    group="Architecture",
    idea="Both networks begin with pictures of 4 x 4 and grow: new layers fade in, for generated and real pictures "
    "alike, so that the whole is settled before the detail comes. All weights learn equally fast.",
    watch="The charts of size and fade-in: after each doubling the samples are blocky for a while, then sharpen. "
    "The first sizes take almost no time, the last one most of it.",
    pitfalls="Phases that are too short leave a size unfinished, and what is wrong in the whole stays wrong in the "
    "detail. Losses jump at every doubling and are not comparable across sizes.",
    generator={"image": ProganGenerator()},
    discriminator={"image": ProganDiscriminator()},
    objective=Wasserstein(),
    objectives=("wasserstein", "least-squares", "non-saturating"),
    generator_optimizer=Adam(lr=1e-3, betas=(0.0, 0.99)),
    discriminator_optimizer=Adam(lr=1e-3, betas=(0.0, 0.99)),
    batch_size=64,
    ema=Ema(half_life=10_000.0),
    latent={"image": Latent(dimension=512)},
    stabilizers=(
        Growing(start=4, halve_batch_from=64),
        GradientPenalty(weight=10.0),
        Drift(weight=1e-3),
        MinibatchStd(samples=4),
    ),
)
