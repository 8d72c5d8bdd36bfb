"""Training: the loop over phases, averaged weights, counted random numbers, checkpoints."""
