"""StyleGAN2 for few pictures."""

from ganstudio.catalog.networks_style import Stylegan2Discriminator, Stylegan2Generator
from ganstudio.catalog.objectives import NonSaturating
from ganstudio.catalog.optimizers import Adam
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.stabilizers.architecture import MinibatchStd
from ganstudio.catalog.stabilizers.augment import AdaptiveAugment
from ganstudio.catalog.stabilizers.penalties import R1, PathLength
from ganstudio.core.config import Ema, Latent

STYLEGAN2_ADA = Variant(
    name="stylegan2-ada",
    title="StyleGAN2-ADA",
    year=2020,
    paper="arXiv:2006.06676",
    group="Architecture",
    idea="StyleGAN2, whose discriminator sees real and generated pictures changed at random, just as often as it "
    "would otherwise learn the real ones by heart. A thousand pictures are enough.",
    watch="The probability rises while the answers to real pictures grow too sure, and settles. With plenty of "
    "pictures it stays near 0, and the run is one of StyleGAN2.",
    pitfalls="A probability near 1 leaks the changes into the samples: turned or oddly coloured pictures. Switch off "
    "what must not be learnt, such as mirrored letters.",
    generator={"image": Stylegan2Generator(mapping=2)},
    discriminator={"image": Stylegan2Discriminator()},
    objective=NonSaturating(),
    objectives=("non-saturating", "hinge"),
    generator_optimizer=Adam(lr=2.5e-3, betas=(0.0, 0.99)),
    discriminator_optimizer=Adam(lr=2.5e-3, betas=(0.0, 0.99)),
    batch_size=32,
    ema=Ema(half_life=10_000.0),
    latent={"image": Latent(dimension=128)},
    stabilizers=(
        MinibatchStd(),
        R1(gamma=1.0, every=16, apart=True, auto=True),
        PathLength(),
        AdaptiveAugment(target=0.6, every=4, kimg=500.0),
    ),
)
