"""The Wasserstein GAN with clipped weights."""

from ganstudio.catalog.networks import DcganDiscriminator, DcganGenerator, MlpDiscriminator, MlpGenerator
from ganstudio.catalog.objectives import Wasserstein
from ganstudio.catalog.optimizers import RmsProp
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.lipschitz import CriticWarmUp, WeightClip
from ganstudio.core.config import Latent

# RMSprop, not Adam: with its momentum the clipped critic swings (section 4.3). The critic keeps its batch norm, as in
# the published code.
WGAN = Variant(
    name="wgan",
    title="WGAN",
    year=2017,
    paper="arXiv:1701.07875",
    group="Objective",
    idea="A critic scores samples instead of judging them, and the gap of the mean scores measures how far the "
    "generated mass must be moved to become the data. Clipped weights keep the critic from growing without end.",
    watch="Minus the critic's loss is an estimate of the distance: unlike other losses it should fall as samples get "
    "better. The first 25 steps are slow, since the critic learns a hundred times in each.",
    pitfalls="Clipping makes a critic too simple or its gradients too small, and so learning is slow; 'wgan-gp' mends "
    "that. With momentum (Adam) the critic tends to swing.",
    generator={
        "points": MlpGenerator(width=512, depth=3),
        "image": DcganGenerator(base_channels=64),
    },
    discriminator={
        "points": MlpDiscriminator(width=512, depth=3, activation="relu"),
        "image": DcganDiscriminator(base_channels=64),
    },
    objective=Wasserstein(),
    objectives=("wasserstein",),
    generator_optimizer=RmsProp(lr=5e-5),
    discriminator_optimizer=RmsProp(lr=5e-5),
    discriminator_steps=5,
    stabilizers=(WeightClip(limit=0.01), CriticWarmUp(updates=100, first=25, every=500)),
    latent={"points": Latent(dimension=2), "image": Latent(dimension=100)},
)
