"""A run's life as one state machine. Engine and window both go by it; nobody keeps a copy."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """Where a run is in its life; the value is the word a person reads."""

    IDLE = "Ready"
    STARTING = "Starting"
    RUNNING = "Training"
    PAUSED = "Paused"
    STOPPING = "Stopping"
    FINISHED = "Finished"
    FAILED = "Failed"


MOVES: dict[State, frozenset[State]] = {
    State.IDLE: frozenset({State.STARTING}),
    State.STARTING: frozenset({State.RUNNING, State.PAUSED, State.STOPPING, State.FINISHED, State.FAILED}),
    State.RUNNING: frozenset({State.PAUSED, State.STOPPING, State.FINISHED, State.FAILED}),
    State.PAUSED: frozenset({State.RUNNING, State.STOPPING, State.FINISHED, State.FAILED}),
    State.STOPPING: frozenset({State.FINISHED, State.FAILED}),
    State.FINISHED: frozenset({State.STARTING, State.IDLE}),
    State.FAILED: frozenset({State.STARTING, State.IDLE}),
}
ACTIVE = frozenset({State.STARTING, State.RUNNING, State.PAUSED, State.STOPPING})


class Lifecycle:
    """The current state; refuses a move that no run can make."""

    def __init__(self) -> None:
        self.state = State.IDLE

    def may(self, new: State) -> bool:
        """Whether the run can go there from where it is."""
        return new in MOVES[self.state]

    def move(self, new: State) -> bool:
        """Go there; returns whether anything changed. Raises ``ValueError`` for an impossible move."""
        if new is self.state:
            return False
        if not self.may(new):
            raise ValueError(f"a run cannot go from {self.state.name} to {new.name}")
        self.state = new
        return True

    @property
    def active(self) -> bool:
        """Whether a run is under way, paused or not."""
        return self.state in ACTIVE
