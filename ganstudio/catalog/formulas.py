"""The formulas of losses, penalties and ways of conditioning, in a small subset of TeX, for the cards.

C is the discriminator's score (its logit), D(x) = sigmoid(C(x)) the probability of "real", G the generator, z its
latent, p the data. Each is as the paper named in its class has it, written in these letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ganstudio.catalog.recipe import Variant
from ganstudio.core.schema import Options


@dataclass(frozen=True)
class Formula:
    """A formula and what it gives: ``"Discriminator"``, ``"Generator"`` or another name for people."""

    name: str
    tex: str


def _game(discriminator: str, generator: str, *more: Formula) -> tuple[Formula, ...]:
    own = Formula("Discriminator", f"L_D = {discriminator}"), Formula("Generator", f"L_G = {generator}")
    return (*own, *more)


_ENTROPY = r"-\E_{x \sim p}[\log D(x)] - \E_z[\log(1 - D(G(z)))]"
_SCORE = r"-\E_z[C(G(z))]"

OBJECTIVES: Mapping[str, tuple[Formula, ...]] = {
    "non-saturating": _game(_ENTROPY, r"-\E_z[\log D(G(z))]"),
    "saturating": _game(_ENTROPY, r"\E_z[\log(1 - D(G(z)))]"),
    "least-squares": _game(
        r"\frac{1}{2} \E_{x \sim p}\left[(C(x) - 1)^2\right] + \frac{1}{2} \E_z\left[C(G(z))^2\right]",
        r"\frac{1}{2} \E_z\left[(C(G(z)) - 1)^2\right]",
    ),
    "wasserstein": _game(r"\E_z[C(G(z))] - \E_{x \sim p}[C(x)]", _SCORE),
    "hinge": _game(r"\E_{x \sim p}[\max(0, 1 - C(x))] + \E_z[\max(0, 1 + C(G(z)))]", _SCORE),
    "f-divergence": (
        Formula("Discriminator", r"L_D = -\E_{x \sim p}[g_f(C(x))] + \E_z[f^\ast(g_f(C(G(z))))]"),
        Formula("Generator, heuristic", r"L_G = -\E_z[g_f(C(G(z)))]"),
        Formula("Generator, minimax", r"L_G = -\E_z[f^\ast(g_f(C(G(z))))]"),
    ),
    "relativistic": _game(
        r"\E_{x, z}[\softplus(C(G(z)) - C(x))]",
        r"\E_{x, z}[\softplus(C(x) - C(G(z)))]",
    ),
    "relativistic-average": _game(
        r"\E_x[\softplus(\bar C_G - C(x))] + \E_z[\softplus(C(G(z)) - \bar C_p)]",
        r"\E_z[\softplus(\bar C_p - C(G(z)))] + \E_x[\softplus(C(x) - \bar C_G)]",
        Formula("Averages", r"\bar C_p = \E_{x \sim p}[C(x)], \quad \bar C_G = \E_z[C(G(z))]"),
    ),
    "energy-margin": _game(
        r"\E_{x \sim p}[\ell(x)] + \E_z[\max(0, m - \ell(G(z)))]",
        r"\E_z[\ell(G(z))]",
        Formula("Energy", r"\ell(x) = \text{error of the autoencoder at } x"),
    ),
    "boundary-equilibrium": _game(
        r"\E_{x \sim p}[\ell(x)] - k_t \E_z[\ell(G(z))]",
        r"\E_z[\ell(G(z))]",
        Formula("Balance", r"k_{t+1} = k_t + \lambda_k(\gamma \ell(x) - \ell(G(z)))"),
        Formula("Convergence", r"M = \ell(x) + \abs{\gamma \ell(x) - \ell(G(z))}"),
    ),
}

STABILIZERS: Mapping[str, tuple[Formula, ...]] = {
    "label-smoothing": (Formula("Target", r"-t \log D(x) - (1 - t) \log(1 - D(x)), \quad t < 1"),),
    "instance-noise": (Formula("Seen", r"\tilde x = x + \sigma \epsilon, \quad \epsilon \sim N(0, 1)"),),
    "fading-blur": (
        Formula("Seen", r"\tilde x = x \ast N(0, \sigma^2), \quad \sigma = \sigma_0 \max(0, 1 - \frac{n}{n_0})"),
    ),
    "packing": (Formula("Asked", r"C(x_1, x_2, \dots, x_m)"),),
    "r1": (Formula("Penalty", r"\frac{\gamma}{2} \E_{x \sim p}\left[\norm{\nabla C(x)}^2\right]"),),
    "r2": (Formula("Penalty", r"\frac{\gamma}{2} \E_z\left[\norm{\nabla C(G(z))}^2\right]"),),
    "gradient-penalty": (
        Formula("Penalty", r"\lambda \E_{\hat x}\left[(\norm{\nabla C(\hat x)}_2 - 1)^2\right]"),
        Formula("Between", r"\hat x = \alpha x + (1 - \alpha) G(z), \quad \alpha \sim U(0, 1)"),
    ),
    "drift": (Formula("Penalty", r"\epsilon \E_{x \sim p}\left[C(x)^2\right]"),),
    "growing": (
        Formula("Generated", r"x = (1 - \alpha) \text{up}(x_{k - 1}) + \alpha x_k"),
        Formula("Real", r"\tilde x = (1 - \alpha) \text{up}(\text{down}(x)) + \alpha x"),
    ),
    "path-length": (
        Formula(
            "Penalty",
            r"\lambda \E_{w, y}\left[(\norm{J_w^\top y}_2 - a)^2\right], \quad y \sim N(0, 1)",
        ),
    ),
    "orthogonal": (Formula("Penalty", r"\beta \sum_{i \ne j} \left(W W^\top\right)_{ij}^2"),),
    "pulling-away": (
        Formula(
            "Penalty",
            r"\frac{1}{N (N - 1)} \sum_{i \ne j} \left(\frac{s_i^\top s_j}{\norm{s_i} \norm{s_j}}\right)^2",
        ),
    ),
    "weight-clip": (Formula("Weights", r"w \gets \max(-c, \min(w, c))"),),
    "spectral-norm": (
        Formula("Weights", r"\bar W = \frac{W}{\sigma(W)}, \quad \sigma(W) = \max_{\norm{v} = 1} \norm{W v}"),
    ),
    "self-attention": (
        Formula("Layer", r"y_j = x_j + \gamma \sum_i \beta_{j i} g(x_i)"),
        Formula("Attention", r"\beta_{j i} \propto \exp(\theta(x_j)^\top \phi(x_i))"),
    ),
    "minibatch-std": (
        Formula("Feature", r"s = \frac{1}{C H W} \sum_{c, h, w} \sqrt{\text{Var}_n(x_{n c h w}) + \epsilon}"),
    ),
    "minibatch-discrimination": (Formula("Feature", r"o_{i b} = \sum_{j \ne i} \exp(-\norm{M_{i b} - M_{j b}}_1)"),),
    "feature-matching": (Formula("Distance", r"\norm{\E_{x \sim p}[f(x)] - \E_z[f(G(z))]}_2^2"),),
    "unrolling": (
        Formula("Foreseen", r"\theta_{k+1} = \theta_k - \eta \nabla_\theta L_D(\theta_k)"),
        Formula("Generator", r"\min_G L_G(\theta_K)"),
    ),
    "gradient-clipping": (Formula("Gradient", r"g \gets g \min\left(1, \frac{c}{\norm{g}}\right)"),),
    "adaptive-augment": (
        Formula("Measure", r"r = \E_{x \sim p}[\sign(C(x))]"),
        Formula("Probability", r"p \gets p + \Delta \sign(r - r_{\text{target}})"),
    ),
}  # fmt: skip

CONDITIONINGS: Mapping[str, tuple[Formula, ...]] = {
    "nothing": (),
    "concatenation": (Formula("Asked", r"C(x, y), \quad G(z, y)"),),
    "projection": (Formula("Score", r"C(x, y) = f(\phi(x)) + \langle e_y, \phi(x) \rangle"),),
    "classifier": (Formula("Both add", r"-\E_{x, y}[\log Q(y \mid x)] - \E_{z, y}[\log Q(y \mid G(z, y))]"),),
    "codes": (
        Formula("Both add", r"-\lambda \E_{z, c}[\log Q(c \mid G(z, c))]"),
        Formula("Bound", r"I(c, G(z, c)) \ge H(c) + \E_{z, c}[\log Q(c \mid G(z, c))]"),
    ),
    "crowd": (Formula("Generators add", r"-\beta \E_{k, z}[\log Q(k \mid G_k(z))]"),),
}

DIVERGENCES: Mapping[str, tuple[str, str]] = {
    "kl": (r"v", r"e^{t - 1}"),
    "reverse-kl": (r"-e^{-v}", r"-1 - \log(-t)"),
    "pearson": (r"v", r"\frac{t^2}{4} + t"),
    "squared-hellinger": (r"1 - e^{-v}", r"\frac{t}{1 - t}"),
    "jensen-shannon": (r"\log 2 - \softplus(-v)", r"-\log(2 - e^t)"),
    "gan": (r"-\softplus(-v)", r"-\log(1 - e^t)"),
    "total-variation": (r"\frac{1}{2} \tanh(v)", r"t"),
}
"""Output activation and conjugate of each divergence (Nowozin 2016, tables 2 and 6)."""

_TABLES = {"loss": OBJECTIVES, "kind": STABILIZERS, "by": CONDITIONINGS}


def formulas_of(options: Options) -> tuple[Formula, ...]:
    """The formulas of a loss, a stabilizer or a way of conditioning, under its settings; often none."""
    found = _TABLES.get(options.tag, {}).get(options.kind, ())
    chosen = getattr(options, "divergence", "")
    if chosen in DIVERGENCES:
        activation, conjugate = DIVERGENCES[chosen]
        found += (
            Formula("Activation", f"g_f(v) = {activation}"),
            Formula("Conjugate", rf"f^\ast(t) = {conjugate}"),
        )
    return found


def formulas_of_variant(variant: Variant) -> tuple[tuple[str, Formula], ...]:
    """The formulas of a variant's parts, each with the name of the part."""
    parts = (variant.objective, variant.conditioning, *variant.stabilizers)
    return tuple((part.title, formula) for part in parts for formula in formulas_of(part))
