"""The GAN of any f-divergence."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import FDivergence
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

FGAN = Variant(
    name="fgan",
    title="f-GAN",
    year=2016,
    paper="arXiv:1606.00709",
    group="Objective",
    idea="The first GAN makes one divergence between data and samples small, and there are many: KL, reverse KL, "
    "Pearson, Hellinger and more. The discriminator becomes an estimate of whichever you choose.",
    watch="The estimated divergence should fall towards 0 (towards -ln 4 for 'gan'). On three Gaussians, KL covers all "
    "hills and fills the valleys between, reverse KL rather takes fewer hills.",
    pitfalls="KL, reverse KL, Pearson and Hellinger punish without bound where the densities differ much: their losses "
    "jump, so take a low rate. The estimate is a lower bound: a weak critic makes it too small.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": DcganDiscriminator(base_channels=64),
    },
    objective=FDivergence(),
    objectives=("f-divergence",),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=100)},
)
