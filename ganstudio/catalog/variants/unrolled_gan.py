"""The GAN whose generator looks ahead."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.learning import Unrolling
from ganstudio.core.config import Latent

# Points as in the paper's appendix A and the authors' published notebook: tanh layers of 128, z of 256, batches of 512.
UNROLLED_GAN = Variant(
    name="unrolled-gan",
    title="Unrolled GAN",
    year=2016,
    paper="arXiv:1611.02163",
    group="Diversity",
    idea="Before the generator moves, it thinks through how the discriminator would answer in the next five updates, "
    "and it learns through that thought. Rushing to one mode no longer pays, because the answer is foreseen.",
    watch="On a ring the samples spread over all modes early instead of hopping from one to the next.",
    pitfalls="Every foreseen update costs about as much as a real one, and the gradient through many of them grows "
    "wild. The discriminator itself must be put back afterwards; here it is never touched.",
    generator={
        "points": MlpGenerator(width=128, depth=2, activation="tanh"),
        "image": DcganGenerator(base_channels=32),
    },
    discriminator={
        "points": MlpDiscriminator(width=128, depth=2, activation="tanh"),
        "image": DcganDiscriminator(base_channels=32),
    },
    objective=NonSaturating(),
    generator_optimizer={
        "points": Adam(lr=1e-3, betas=(0.5, 0.999)),
        "image": Adam(lr=2e-4, betas=(0.5, 0.999)),
    },
    discriminator_optimizer={
        "points": Adam(lr=1e-4, betas=(0.5, 0.999)),
        "image": Adam(lr=2e-4, betas=(0.5, 0.999)),
    },
    batch_size={"points": 512, "image": 64},
    latent={"points": Latent(dimension=256), "image": Latent(dimension=100)},
    stabilizers=(Unrolling(ahead=5),),
)
