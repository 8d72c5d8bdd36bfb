"""The metrics of pictures by the names of the catalogue: each takes a :class:`Bench` and gives what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.rendered.stacked import CHANNELS
from ganstudio.metrics.bench import DOMAIN, INCEPTION, Bench, Found, Pictures
from ganstudio.metrics.diversity import diversity_figure, scales_of
from ganstudio.metrics.domain import LABEL, DomainFeatures
from ganstudio.metrics.factors import FactorCoverage, Scale, dci_figure, factor_coverage, mig
from ganstudio.metrics.figures import Figure, MetricError, Numbers
from ganstudio.metrics.frechet import frechet, frechet_figure
from ganstudio.metrics.inception import SPLITS, inception_score
from ganstudio.metrics.kernel import SUBSET_SIZE, SUBSETS, kernel_figure
from ganstudio.metrics.labels import accuracy, balance
from ganstudio.metrics.modes import stacked_modes
from ganstudio.metrics.pairs import PAIRS, sheet
from ganstudio.metrics.walks import LPIPS, OWN, between_latents, between_styles, generator_of

SMALL = 256
"""Features so few that the distance of real from real costs next to nothing."""
SHOWN = 16
"""Nearest neighbours that are told, the most suspicious first."""
SURE = 0.8
"""Share of held-out real pictures that a classifier must name for its words on classes to count."""


def _frechet(which: str) -> Callable[[Bench], Found]:
    def measured(bench: Bench) -> Found:
        made, real = bench.features(which)
        figure = frechet_figure(made, real)
        details = (
            {"real_halves": frechet(real[::2], real[1::2])}
            if real.shape[1] <= SMALL and len(real) > 3
            else {}
        )
        return Found(figure, "unbiased covariance in float64", bench.net(which), details)

    return measured


def _kernel(which: str) -> Callable[[Bench], Found]:
    def measured(bench: Bench) -> Found:
        made, real = bench.features(which)
        size = min(SUBSET_SIZE, len(made), len(real))
        figure = kernel_figure(made, real, size=size, progress=bench.progress, cancelled=bench.cancelled)
        few = () if size == SUBSET_SIZE else (f"Subsets have {size} samples instead of {SUBSET_SIZE:,}.",)
        rules = f"{SUBSETS} subsets of {size:,}, polynomial kernel of degree 3, gamma 1/d, coefficient 1, unbiased"
        return Found(figure, rules, bench.net(which), warnings=few)

    return measured


def _score(which: str) -> Callable[[Bench], Found]:
    def measured(bench: Bench) -> Found:
        figure = inception_score(bench.looked(which, "made").seen.logits)
        bias = "logits without bias" if which == INCEPTION else "logits as they are"
        unsure = () if which == INCEPTION else _unsure(bench.domain)
        return Found(figure, f"{SPLITS} splits, shuffled, {bias}", bench.net(which), warnings=unsure)

    return measured


def _in_balls(which: str, name: str, rules: str) -> Callable[[Bench], Found]:
    def measured(bench: Bench) -> Found:
        return Found(getattr(bench.manifold(which), name), rules, bench.net(which))

    return measured


# ---------------------------------------------------------------- pixels and copies


def _similarity(bench: Bench) -> Found:
    """Pairs of one class where both sides have classes, of all pictures otherwise."""
    made, real = bench.pictures, bench.real_pictures
    known = made.labels is not None and real.labels is not None

    def of(part: Pictures) -> Figure:
        return diversity_figure(
            part.images, part.labels if known else None,
            seed=bench.seed, progress=bench.progress, cancelled=bench.cancelled,
        )  # fmt: skip

    figure, data = of(made), of(real)
    scales = scales_of(min(made.images.shape[-2:]))
    few = [f"{len(p.images):,} of the {what}" for p, side, what in (
        (made, bench.made, "samples"), (real, bench.real, "reference"),
    ) if len(p.images) < len(side)]  # fmt: skip
    among = f" among {' and '.join(few)}" if few else ""
    rules = f"1,000 pairs{' of one class' if known else ''}{among}, {scales} scale{'s' if scales > 1 else ''}"
    return Found(figure, rules, details={"real": data.value})


def _copied(bench: Bench) -> Found:
    found = bench.memory
    near = found.made.distance[:, 0].argsort()[:SHOWN]
    index = getattr(bench.real, "index", torch.arange(len(bench.real)))
    details = {
        "nearer_than_held_out": found.nearer.value,
        "rank_score": found.score,
        "nearest": [
            {
                "sample": int(i),
                "training": index[found.made.index[i]].tolist(),
                "distance": found.made.distance[i].tolist(),
            }
            for i in near
        ],
    }
    rules = "nearest training pictures, each of which is left out in turn"
    few = near[:PAIRS].tolist()
    others = [bench.real.pick(found.made.index[i].tolist()) for i in few]
    shown = sheet(bench.made.pick(few), torch.stack(others))
    return Found(found.copied, rules, bench.domain, details, picture=shown)


# ---------------------------------------------------------------- classes


def _class_balance(bench: Bench) -> Found:
    kinds = bench.shape.classes
    assert bench.real.labels is not None
    wanted = np.bincount(bench.real.labels.numpy(), minlength=kinds) / len(bench.real)
    found = balance(bench.looked(DOMAIN, "made").answers[LABEL], wanted, bench.seed)
    details = {
        "shares": found.shares.tolist(), "wanted": found.wanted.tolist(), "real": found.floor,
        "classes": list(bench.data.class_names),
    }  # fmt: skip
    return Found(found.distance, "total variation", bench.domain, details, _unsure(bench.domain))


def _class_accuracy(bench: Bench) -> Found:
    assert bench.made.labels is not None
    figure, each = accuracy(
        bench.looked(DOMAIN, "made").answers[LABEL], bench.made.labels, bench.shape.classes
    )
    details = {
        "each": [None if np.isnan(v) else float(v) for v in each],
        "classifier": bench.domain.accuracies[0],
        "classes": list(bench.data.class_names),
    }
    return Found(figure, "recognised as asked for", bench.domain, details, _unsure(bench.domain))


def _unsure(judge: DomainFeatures) -> tuple[str, ...]:
    """A warning where the classifier names real pictures too seldom for what it says of generated ones to count."""
    right = judge.accuracies[0]
    if right >= SURE:
        return ()
    return (
        f"The classifier is right on only {right:.0%} of held-out real pictures: this number says little.",
    )


# ---------------------------------------------------------------- factors and codes


def _coverage_of_factors(bench: Bench) -> FactorCoverage:
    if not bench.readable:
        raise MetricError(
            "None of the factors can be read from the pictures.", "Take simpler or larger pictures."
        )
    scales = [Scale(head.name, head.kinds, head.low, head.high) for head in bench.readable]
    return factor_coverage(bench.factors("made"), bench.factors("real"), scales, bench.seed)


def _unread(bench: Bench) -> tuple[str, ...]:
    names = ", ".join(bench.unreadable)
    return (f"Left out, because they cannot be read from the pictures: {names}.",) if names else ()


def _factor_range(bench: Bench) -> Found:
    found = _coverage_of_factors(bench)
    details = {"reached": dict(found.reached), "distance": dict(found.distance)}
    return Found(found.range, "mean over factors", bench.domain, details, _unread(bench))


def _factor_pairs(bench: Bench) -> Found:
    return Found(
        _coverage_of_factors(bench).combinations,
        "mean over pairs of factors",
        bench.domain,
        {},
        _unread(bench),
    )


def _codes_and_factors(bench: Bench) -> tuple[Numbers, Numbers]:
    read = bench.factors("made")
    if not read:
        raise MetricError(
            "None of the factors can be read from the pictures.", "Take simpler or larger pictures."
        )
    return generator_of(bench).codes().double().numpy(), np.stack(list(read.values()), 1)


def _gap(bench: Bench) -> Found:
    return Found(mig(*_codes_and_factors(bench), bench.seed), "20 parts", bench.domain, {}, _unread(bench))


def _dci(bench: Bench) -> Found:
    codes, factors = _codes_and_factors(bench)
    figure, found = dci_figure(
        codes, factors, [head.kinds > 0 for head in bench.readable], bench.seed,
        progress=bench.progress, cancelled=bench.cancelled,
    )  # fmt: skip
    details = {"completeness": found.completeness, "informativeness": found.informativeness}
    return Found(figure, "20 trees of depth 8, a quarter held out", bench.domain, details, _unread(bench))


# ---------------------------------------------------------------- stacked digits


def _stacked(place: int) -> Callable[[Bench], Found]:
    def measured(bench: Bench) -> Found:
        parts: list[Tensor] = []
        for images in bench.made.batches():
            single = images.reshape(-1, 1, *images.shape[-2:])
            _, told = bench.digits.see_with_answers(single)
            parts.append(told[LABEL].view(len(images), len(CHANNELS)))
        found = stacked_modes(torch.cat(parts), seed=bench.seed)
        warnings = _unsure(bench.digits)
        return Found(found[place], "each channel recognised by itself", bench.digits, warnings=warnings)

    return measured


PRECISE, DENSE = "k = 3, edge included (Kynkäänniemi)", "k = 5, edge left out (Naeem)"
MEASURERS: Mapping[str, Callable[[Bench], Found]] = {
    "fid": _frechet(INCEPTION),
    "fd-domain": _frechet(DOMAIN),
    "kid": _kernel(INCEPTION),
    "kd-domain": _kernel(DOMAIN),
    "is": _score(INCEPTION),
    "is-domain": _score(DOMAIN),
    "precision": _in_balls(INCEPTION, "precision", PRECISE),
    "precision-domain": _in_balls(DOMAIN, "precision", PRECISE),
    "recall": _in_balls(INCEPTION, "recall", PRECISE),
    "recall-domain": _in_balls(DOMAIN, "recall", PRECISE),
    "density": _in_balls(INCEPTION, "density", DENSE),
    "density-domain": _in_balls(DOMAIN, "density", DENSE),
    "coverage": _in_balls(INCEPTION, "coverage", DENSE),
    "coverage-domain": _in_balls(DOMAIN, "coverage", DENSE),
    "ppl": between_latents(LPIPS),
    "path-domain": between_latents(OWN),
    "ppl-w": between_styles(LPIPS),
    "path-w-domain": between_styles(OWN),
    "ms-ssim": _similarity,
    "copied-domain": _copied,
    "class-balance": _class_balance,
    "class-accuracy": _class_accuracy,
    "factor-range": _factor_range,
    "factor-pairs": _factor_pairs,
    "mig": _gap,
    "dci": _dci,
    "stacked-modes": _stacked(0),
    "stacked-kl": _stacked(1),
}
"""Name in the catalogue -> what measures it."""
