"""The GAN of pairs."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import Relativistic
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

# The paper's discriminators have spectral norm where they have no batch norm; here they have neither, so that R1 and R2
# can be switched on as they are meant.
RPGAN = Variant(
    name="rpgan",
    title="RpGAN",
    year=2018,
    paper="arXiv:1807.00734",
    group="Objective",
    idea="The discriminator compares: which of these two is the real one? A generator cannot win by making real "
    "samples look bad as a whole, but has to win pair by pair, near every mode.",
    watch="Both losses are ln 2 while nobody wins. Switch on R1 and R2 to get the steady game that R3GAN is built on, "
    "and count the modes on grid.",
    pitfalls="Without a penalty the scores drift and the game may circle or run away: nothing holds them but the "
    "differences. R1 alone is said not to be enough where real and generated hardly overlap.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": DcganDiscriminator(base_channels=64, normalization="none"),
    },
    objective=Relativistic(),
    objectives=("relativistic", "relativistic-average"),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=100)},
)
