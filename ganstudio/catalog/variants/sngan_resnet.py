"""The residual GAN with spectrally normalised layers."""

from ganstudio.catalog.networks_residual import ResnetDiscriminator, ResnetGenerator
from ganstudio.catalog.objectives import Hinge
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import SpectralNorm
from ganstudio.catalog.stabilizers.learning import Schedule
from ganstudio.core.config import Latent

# The paper's networks for CIFAR-10 have 256 and 128 channels (table 4); growing widths are those for larger pictures.
SNGAN_RESNET = Variant(
    name="sngan-resnet",
    title="SNGAN with residual blocks",
    year=2018,
    paper="arXiv:1802.05957",
    group="Regularisation",
    idea="Spectral normalisation lets a deep residual discriminator be trained to its limit, five updates for each of "
    "the generator's. For years this was the network that others were measured against.",
    watch="Few steps, large progress: every step holds six updates. The learning rate falls along a line to nothing, "
    "and the samples get cleaner until the very end.",
    pitfalls="Set the steps before you start: the rate falls to nothing at the run's last one. The sum over pixels "
    "makes the logits grow with the picture; averaging instead weakens the discriminator.",
    generator={"image": ResnetGenerator(base_channels=64)},
    discriminator={"image": ResnetDiscriminator(base_channels=64)},
    objective=Hinge(),
    objectives=("hinge", "non-saturating", "wasserstein"),
    generator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.9)),
    discriminator_optimizer=Adam(lr=2e-4, betas=(0.0, 0.9)),
    discriminator_steps=5,
    batch_size=64,
    generator_batch=128,
    latent={"image": Latent(dimension=128)},
    stabilizers=(SpectralNorm(), Schedule(shape="linear", final=0.0)),
)
