"""The modern baseline of 2024."""

from ganstudio.catalog.networks_r3gan import R3ganDiscriminator, R3ganGenerator
from ganstudio.catalog.objectives import Relativistic
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.learning import BurnIn, Schedule
from ganstudio.catalog.stabilizers.penalties import R1, R2
from ganstudio.core.config import Ema, Latent

# The paper's run on CIFAR-10: batch 512, width 768, two blocks at each size; over 20 million images along half a cosine
# wave the rate falls from 2e-4 to 5e-5, gamma from .05 to .005, Adam's second beta rises from .9 to .99 and the
# average's half-life from nothing to 5 million images, here as many fewer as small runs are shorter.
R3GAN = Variant(
    name="r3gan",
    title="R3GAN",
    year=2024,
    paper="arXiv:2501.05441",
    group="Architecture",
    idea="A loss that pairs real with generated, kept in check by two penalties, is known to settle: so all the tricks "
    "of a decade can go, and plain residual networks of today come in.",
    watch="No mode is lost: the pairs see to it that the generator answers for every kind of real sample. Both "
    "penalties fall while the samples improve.",
    pitfalls="Gamma depends on data and size: too low and the game swings, too high and all stays blurred. The "
    "penalties make a step about three times as long as a plain one.",
    generator={"image": R3ganGenerator()},
    discriminator={"image": R3ganDiscriminator()},
    objective=Relativistic(),
    objectives=("relativistic",),
    generator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.99)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.99)),
    batch_size=64,
    latent={"image": Latent(dimension=64)},
    ema=Ema(half_life=100_000.0),
    stabilizers=(R1(gamma=0.05), R2(gamma=0.05), Schedule(shape="cosine", final=0.25), BurnIn()),
)
