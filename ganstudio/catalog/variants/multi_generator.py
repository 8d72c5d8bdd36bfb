"""Several generators that are kept apart."""

from ganstudio.catalog.conditioning import Crowd
from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

MULTI_GENERATOR = Variant(
    name="multi-generator",
    title="Several generators (MGAN)",
    year=2017,
    paper="arXiv:1708.02556",
    group="Diversity",
    idea="Several generators share one game, and a classifier guesses whose sample it is. Each is paid for being "
    "recognised, so they cannot all sit on the same mode: together they cover more than any of them alone.",
    watch="Every generator finds a part of the data for itself; the share that is told apart climbs from chance to 1.",
    pitfalls="Too much weight on being told apart drives generators off the data; too little lets them agree. "
    "More generators than there are modes have to share.",
    generator={
        "points": MlpGenerator(width=128, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=3),
        "image": DcganDiscriminator(base_channels=64),
    },
    objective=NonSaturating(),
    conditioning=Crowd(generators=4),
    generator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    latent={"points": Latent(dimension=16), "image": Latent(dimension=100)},
)
