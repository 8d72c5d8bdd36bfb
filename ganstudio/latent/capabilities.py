"""What a model can do, for a window that greys out the rest."""

from __future__ import annotations

import torch

from ganstudio.core.explore.messages import Capabilities
from ganstudio.latent import inside, mixing, noise, truncation
from ganstudio.latent.directions import first_steps
from ganstudio.latent.model import Explorer


def capabilities(model: Explorer) -> Capabilities:
    """All that the window needs to know. ``refusals`` says of a tool why it is not there, or what it does instead.

    Tools: "w", "truncation", "cutoff", "noise", "mixing", "classes" (a choice of classes), "class-mixture", "codes",
    "score", "inversion", "sefa", "layers", "map", "nearest".
    """
    styled, latent = model.styled, model.latent
    rows = styled.style_rows if styled else tuple(stage.size for stage in mixing.stages(model.net))
    players: tuple[inside.Player, ...] = ("generator", "discriminator")
    looked = {player: inside.layers(model, player) for player in players}
    sphere = keeps_to_a_sphere(model)
    return Capabilities(
        shape=model.shape,
        prior=latent.prior,
        dimension=latent.dimension,
        width=len(styled.w_average) if styled else latent.width,
        styles=styled is not None,
        rows=rows,
        noise=bool(noise.noise_layers(model.net)),
        classes=model.classes,
        from_data=bool(model.generator.class_names),
        categorical=latent.categorical,
        categories=latent.categories,
        continuous=latent.continuous,
        probability=bool(getattr(model.generator.config.objective, "probability", False)),
        layers={
            player: tuple((one.name, one.height, one.width, one.channels) for one in known)
            for player, known in looked.items()
        },
        refusals=refusals(model, rows, sphere),
        sphere=sphere,
        mapped=what_is_mapped(model),
    )


@torch.no_grad()
def keeps_to_a_sphere(model: Explorer) -> bool:
    """Whether only the direction of z matters: ProGAN (Karras 2018, arXiv:1710.10196, section 4.2) and mapping networks
    bring it to one length first."""
    z, labels = model.z([0]), model.labels([0])
    shorter = truncation.truncated_latents(z, 0.5, model)
    if model.styled is not None:
        ways = model.styled.map(z, labels), model.styled.map(shorter, labels)
    else:
        ways = model.synthesize(z, labels), model.synthesize(shorter, labels)
    return torch.allclose(*ways, rtol=1e-3, atol=1e-4 * float(ways[0].abs().max()))


def what_is_mapped(model: Explorer) -> str:
    """What nearness on the map means, for a person."""
    if model.styled is not None:
        return "Pictures lie side by side whose styles w are alike."
    if model.judge is not None:
        return "Pictures lie side by side in which the discriminator sees the same."
    return "Pictures lie side by side whose pixels are alike."


def refusals(model: Explorer, rows: tuple[int, ...], sphere: bool) -> dict[str, str]:
    """Tool -> why this model, which may keep z to a ``sphere``, does not have it."""
    found: dict[str, str] = {}
    if model.styled is None:
        found["w"] = "This model has no mapping network: z goes straight into the picture."
        found["cutoff"] = truncation.PLAINLY
        if sphere:
            found["truncation"] = truncation.IN_VAIN
    if not noise.noise_layers(model.net):
        found["noise"] = noise.WHY_NOT
    if not rows:
        found["mixing"] = "This model has no layers between which one could mix."
    if not model.kinds:
        found["classes"] = "This model was trained without classes."
        found["class-mixture"] = found["classes"]
    elif problem := model.mixture_problem:
        found["class-mixture"] = f"{problem[:1].upper()}{problem[1:]}."
    if not model.latent.categorical and not model.latent.continuous:
        found["codes"] = "This model has no readable codes."
    if model.judge is None:
        found["score"] = "No discriminator is saved with this model; a checkpoint of the run has one."
    found.update(_picture_tools(model))
    if not first_steps(model):
        found["sefa"] = (
            "No layer of this model takes the latent linearly, so that its weights name no directions."
        )
    return found


def _picture_tools(model: Explorer) -> dict[str, str]:
    if model.shape.kind == "image":
        return {}
    return dict.fromkeys(("inversion", "nearest", "film"), "This model makes points, not pictures.")
