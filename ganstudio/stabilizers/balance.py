"""The player that is ahead waits for the other."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ganstudio.catalog.stabilizers import learning as options
from ganstudio.stabilizers.base import Round, Rule, Site, Turn

LAG = 8
"""How many updates old the accuracy is that decides: old enough for a GPU to be done with it."""
WINDOW = 100
"""Decisions over which the share of skipped updates is told."""
PLAYERS = ("discriminator", "generator")


class Balance(Rule[options.Balance]):
    """Leaves updates out by the discriminator's accuracy of ``LAG`` updates ago.

    The accuracy is the mean of that on real and that on generated samples, the former from the last update of the
    discriminator. Each is written to its place on the device and, from a GPU, sent to the host at once: when it is
    read it has long arrived. After a resume the places on the device are read instead, with the same values.
    """

    def __init__(self, settings: options.Balance, site: Site) -> None:
        super().__init__(settings, site)
        self.state = {
            "accuracy": torch.full((LAG,), 0.5, device=site.device),
            "on_real": torch.full((), 0.5, device=site.device),
            "in_a_row": torch.zeros(2, dtype=torch.int64),
            "decisions": torch.zeros(2, dtype=torch.int64),
            "skipped": torch.zeros(2, WINDOW),
        }
        self._sent: dict[int, tuple[int, Tensor, torch.cuda.Event]] = {}

    def skips(self, turn: Turn) -> bool:
        """Whether the turn's player is ahead and has not yet waited too often in a row."""
        player = PLAYERS.index(turn.player)
        row = self.state["in_a_row"]
        skip = self._ahead(turn) and int(row[player]) < self.settings.most
        row[player] = row[player] + 1 if skip else 0
        decisions = self.state["decisions"]
        self.state["skipped"][player, int(decisions[player]) % WINDOW] = float(skip)
        decisions[player] += 1
        return skip

    def _ahead(self, turn: Turn) -> bool:
        now = turn.count + turn.rival
        if now < LAG:
            return False
        accuracy = self._accuracy(now - LAG)
        return accuracy > self.settings.high if turn.player == PLAYERS[0] else accuracy < self.settings.low

    def _accuracy(self, update: int) -> float:
        """The accuracy in the how many-th update of either player, from the host where it has arrived there."""
        number, value, event = self._sent.get(update % LAG, (-1, None, None))
        if number == update and value is not None and event is not None:
            event.synchronize()
            return float(value)
        return float(self.state["accuracy"][update % LAG])

    def settle(self, round: Round) -> None:
        """Notes the accuracy."""
        if round.turn.player == PLAYERS[0]:
            _, judged = round.reals
            self.state["on_real"].copy_((judged.logits > 0).float().mean())
        on_fake = (round.fake_judged.logits < 0).float().mean()
        update = round.turn.count + round.turn.rival
        place = self.state["accuracy"][update % LAG]
        place.copy_((self.state["on_real"] + on_fake) / 2)
        if place.is_cuda:
            self._send(update, place)

    def _send(self, update: int, place: Tensor) -> None:
        value = torch.empty((), pin_memory=True).copy_(place, non_blocking=True)
        event = torch.cuda.Event()
        event.record()
        self._sent[update % LAG] = (update, value, event)

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """The share of either player's last hundred updates that were left out."""
        found: dict[str, Tensor] = {}
        for player, name in enumerate(PLAYERS):
            known = min(int(self.state["decisions"][player]), WINDOW)
            share = float(self.state["skipped"][player, :known].mean()) if known else 0.0
            found[f"balance/skipped/{name}"] = torch.full((), share, device=self.site.device)
        return found
