"""The GAN with spectrally normalised layers."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import Hinge
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import SpectralNorm
from ganstudio.core.config import Latent

# The standard network of table 3 with setting C of table 1, which the paper finds best for it.
SNGAN = Variant(
    name="sngan",
    title="SNGAN",
    year=2018,
    paper="arXiv:1802.05957",
    group="Regularisation",
    idea="Every layer of the discriminator is divided by the most it can stretch its input, so that its answer changes "
    "no faster than the sample does. That costs next to nothing, and no penalty has to be tuned.",
    watch="The scores of real and generated stay within a few units, and training goes on calmly where DCGAN begins "
    "to swing. Raise the discriminator's rate: it stands much more than without.",
    pitfalls="A discriminator whose every layer is held back learns slowly: give it more updates or a higher rate than "
    "the generator's. Batch norm in the discriminator undoes the bound, so leave it out.",
    generator={
        "image": DcganGenerator(base_channels=64, refined=True),
        "points": MlpGenerator(width=128, depth=3),
    },
    discriminator={
        "image": DcganDiscriminator(base_channels=64, normalization="none", refined=True),
        "points": MlpDiscriminator(width=128, depth=3),
    },
    objective=Hinge(),
    objectives=("hinge", "non-saturating", "wasserstein"),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    batch_size=64,
    latent={"image": Latent(dimension=128), "points": Latent(dimension=16)},
    stabilizers=(SpectralNorm(),),
)
