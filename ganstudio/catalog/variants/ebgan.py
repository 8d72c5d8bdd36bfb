"""The GAN of energies."""

from ganstudio.catalog.networks import DcganGenerator, MlpGenerator
from ganstudio.catalog.networks_autoencoder import Autoencoder, MlpAutoencoder
from ganstudio.catalog.objectives import EnergyMargin
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

# The margin is in the unit of this program's energy, the mean error of a number between -1 and 1; the paper's margins
# (10 to 80) are in its own. The rates are DCGAN's. EBGAN-PT is the switch "pulling-away" at .1.
EBGAN = Variant(
    name="ebgan",
    title="EBGAN",
    year=2016,
    paper="arXiv:1609.03126",
    group="Objective",
    idea="The discriminator is an autoencoder and its error an energy: low where a sample looks like the data. The "
    "generator looks for low energy; the discriminator raises it there, but only up to a margin.",
    watch="The scores are minus the energies: those of real samples rise towards 0, those of generated ones lie below "
    "and follow. The discriminator's loss is the margin while it can only guess.",
    pitfalls="A margin much above the usual error makes the discriminator push for ever, one much below it makes it "
    "stop at once. Switch on 'pulling away' if the samples become alike.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={"points": MlpAutoencoder(code=2), "image": Autoencoder()},
    objective=EnergyMargin(margin=1.0),
    objectives=("energy-margin",),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=100)},
)
