"""The GAN that keeps its balance."""

from ganstudio.catalog.networks_autoencoder import BeganAutoencoder, BeganGenerator
from ganstudio.catalog.objectives import BoundaryEquilibrium
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.core.config import Latent

# Paper: 64 or 128 channels, 64 latent numbers uniform in [-1, 1], Adam at 1e-4 halved when progress stalls, batch 16.
BEGAN = Variant(
    name="began",
    title="BEGAN",
    year=2017,
    paper="arXiv:1703.10717",
    group="Objective",
    idea="Two autoencoders' errors are matched, not two samples: that of generated pictures is held at a chosen share "
    "of that of real ones. A weight, steered all the time, keeps the discriminator from getting too good.",
    watch="The measure of convergence falls as pictures get better, and k settles between 0 and 1. Change gamma while "
    "it runs: lower is clearer, higher is more diverse.",
    pitfalls="With a low gamma all pictures look alike. Pictures look smooth, since the error that is learned from is "
    "the mean size of differences; lower the rates when the measure of convergence stops falling.",
    generator={"image": BeganGenerator()},
    discriminator={"image": BeganAutoencoder()},
    objective=BoundaryEquilibrium(gamma=0.5, rate=1e-3),
    objectives=("boundary-equilibrium",),
    generator_optimizer=Adam(lr=1e-4, betas=(0.5, 0.999)),
    discriminator_optimizer=Adam(lr=1e-4, betas=(0.5, 0.999)),
    batch_size=16,
    latent={"image": Latent(dimension=64, prior="uniform")},
)
