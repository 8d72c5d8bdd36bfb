"""GAN Studio: train generative adversarial networks by pointing and clicking, and watch the game live."""

__version__ = "0.1.0"
