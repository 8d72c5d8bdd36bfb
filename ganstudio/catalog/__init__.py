"""The choices, as data: variants, networks, objectives, optimizers, stabilizers, data sets, presets."""
