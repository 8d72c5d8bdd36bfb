"""The GAN with readable codes."""

from ganstudio.catalog.conditioning import Coded
from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

# The paper's setting for handwritten digits; its networks end in fully connected layers of 1024, these are DCGAN's.
INFOGAN = Variant(
    name="infogan",
    title="InfoGAN",
    year=2016,
    paper="arXiv:1606.03657",
    group="Conditioning",
    idea="Some numbers of the generator's input must be readable from its output: a third network reads them. Without "
    "a single label they come to stand for what varies most, such as the kind of digit, slant or width.",
    watch="Turn one code while the others stay: the category changes the shape, the dials bend it. The information "
    "about the codes climbs to about ln 10 for ten categories, and beyond with the dials.",
    pitfalls="Nobody says which category becomes which digit, and two may share one. The information must be in both "
    "players' losses: in one alone the codes mean nothing, and with too much weight the samples get worse.",
    generator={
        "image": DcganGenerator(base_channels=64),
        "points": MlpGenerator(width=128, depth=3),
    },
    discriminator={
        "image": DcganDiscriminator(base_channels=64),
        "points": MlpDiscriminator(width=128, depth=3),
    },
    objective=NonSaturating(),
    conditioning=Coded(),
    generator_optimizer=Adam(lr=1e-3, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.5, 0.999)),
    batch_size=128,
    latent={
        "image": Latent(dimension=62, prior="uniform", categorical=1, categories=10, continuous=2),
        "points": Latent(dimension=14, prior="uniform", categorical=1, categories=8, continuous=1),
    },
)
