"""The GAN whose networks look at the whole picture at once."""

from ganstudio.catalog.networks_residual import ResnetDiscriminator, ResnetGenerator
from ganstudio.catalog.objectives import Hinge
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import SelfAttention, SpectralNorm
from ganstudio.core.config import Latent

# The paper trains at 128 px with a batch of 256, conditional by projection, attention at 32 px: choose "projection"
# where there are labels.
SAGAN = Variant(
    name="sagan",
    title="SAGAN",
    year=2018,
    paper="arXiv:1805.08318",
    group="Architecture",
    idea="A layer of attention lets every place of a picture look at every other, where a convolution sees its "
    "neighbours only. Both networks are spectrally normalised, and the discriminator learns four times as fast.",
    watch="The attention's gain starts at 0, so that the networks learn from nearby first and from afar later. "
    "One update of each player is enough: the unequal rates stand in for several critic steps.",
    pitfalls="Attention over large maps costs memory by the fourth power of the size: keep it at half the picture or "
    "less. Where only local structure matters, it brings nothing over SNGAN.",
    generator={"image": ResnetGenerator(base_channels=32, growth="double")},
    discriminator={"image": ResnetDiscriminator(base_channels=32, growth="double")},
    objective=Hinge(),
    objectives=("hinge", "non-saturating", "wasserstein"),
    generator_optimizer=Adam(lr=1e-4, betas=(0.0, 0.9)),
    discriminator_optimizer=Adam(lr=4e-4, betas=(0.0, 0.9)),
    batch_size=64,
    latent={"image": Latent(dimension=128)},
    stabilizers=(SpectralNorm(generator=True), SelfAttention()),
)
