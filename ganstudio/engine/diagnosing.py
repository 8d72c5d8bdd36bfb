"""Lets a doctor watch a run: hands over what is measured about once a second, and tells what is found."""

from __future__ import annotations

import time

from ganstudio.catalog.diagnosing import facts_of
from ganstudio.core.diagnosis import Doctor, Facts
from ganstudio.data import ImageSet
from ganstudio.engine.examining import EVERY, SHARE, Examiner
from ganstudio.engine.publisher import Publisher

NO_MATTER = ("steps",)
"""Settings whose change leaves the game as it is."""


class Diagnosis:
    """The diagnosis of one run while it trains."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher, self.trainer = publisher, publisher.trainer
        self.examiner = Examiner(self.trainer, publisher.run.held_out)
        self.doctor = Doctor(self._facts(), self.trainer.step_count)
        self._next = 0.0

    def _facts(self) -> Facts:
        data = self.publisher.run.data
        return facts_of(self.trainer.config, len(data) if isinstance(data, ImageSet) else 0)

    def signs(self) -> dict[str, float]:
        """Further values for a report, if they are due."""
        return self.examiner.glance()

    def consider(self, values: dict[str, float]) -> None:
        """Take a report's values, all finite, and tell what follows from them, if it is time."""
        self.doctor.take(self.trainer.step_count, values)
        start = time.perf_counter()
        if start < self._next:
            return
        opinion = self.doctor.examine()
        self._take_back(opinion.healed)
        for finding in opinion.raised:
            self.publisher.finding(finding)
        end = time.perf_counter()
        self._next = end + max(EVERY, (end - start) / SHARE)

    def changed(self, key: str) -> None:
        """A setting has another value: what was seen under the old one counts no more."""
        if key not in NO_MATTER:
            self._take_back(self.doctor.restart(self.trainer.step_count, self._facts()))

    def _take_back(self, kinds: tuple[str, ...]) -> None:
        for kind in kinds:
            self.publisher.healed(kind)
