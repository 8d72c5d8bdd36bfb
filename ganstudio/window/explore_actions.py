"""The actions of the Explore workspace as a table, like those of the rest of the window. Knows no Qt."""

from __future__ import annotations

from ganstudio.window.actions import ActionSpec, Situation


def _in_front(now: Situation) -> str:
    return "" if now.workspace == "explore" else "This belongs to the Explore workspace (Ctrl+2)."


def _with_model(now: Situation) -> str:
    return _in_front(now) or ("" if now.has_model else "Open a model to explore first.")


def _with_keys(now: Situation) -> str:
    return _with_model(now) or ("" if now.has_timeline else "The timeline needs two keys.")


def _action(id: str, text: str, keys: str, tip: str, when: object = _with_model, **more: bool) -> ActionSpec:
    return ActionSpec(f"explore.{id}", text, keys, tip, "Explore", when, **more)  # type: ignore[arg-type]


EXPLORE_ACTIONS: tuple[ActionSpec, ...] = (
    _action("open", "Explore a run …", "Ctrl+Shift+R", "Choose the run whose generator is explored.", _in_front),
    _action("next", "Next seed", "]", "Show the next seed.", separator=True),
    _action("previous", "Previous seed", "[", "Show the seed before.",),
    _action("random", "Random seed", "Shift+R", "Show any seed."),
    _action("lock", "Lock the seed", "Shift+L", "Keep the seed whatever else is changed, or let it go."),
    _action("walk", "Walk", "W", "Wander from seed to seed at a constant speed, or stand still."),
    _action("plain", "The seed alone", "Shift+Backspace", "Take truncation, directions and mixtures away."),
    _action("pin", "Pin the time-lapse", "Shift+T",
            "Keep this picture's row through training, which grows with every checkpoint; or let it go."),
    _action("find-sefa", "Find directions by SeFa", "", "Directions that the first layer's weights stretch most.",
            separator=True),
    _action("find-pca", "Find directions by PCA", "", "Directions in which samples differ most."),
    _action("learn", "Learn a direction …", "", "Mark samples with + and − and learn what tells them apart."),
    _action("open-direction", "Open a saved direction …", "", "Read a direction from a file."),
    _action("noise-map", "Where the noise matters …", "", "A picture of how much each pixel depends on the noise."),
    _action("add-key", "Add key", "K", "Put the picture at the end of the timeline.", separator=True),
    _action("play", "Play the timeline", "P", "Play the timeline, or stop whatever moves."),
    _action("split", "Split the timeline", "", "The same way by lerp and by slerp, one below the other.", _with_keys),
    _action("view-one", "View: One", "Alt+1", "The picture, large.", separator=True),
    _action("view-variations", "View: Variations", "Alt+2", "The picture amid its neighbours."),
    _action("view-map", "View: Map", "Alt+3", "A thousand latents in the plane."),
    _action("view-compare", "View: A / B", "Alt+4", "Two checkpoints or runs with one latent."),
    _action("view-inside", "View: Inside", "Alt+5", "What the layers of both players do."),
    _action("view-invert", "View: Invert", "Alt+6", "Find the latent of a picture of your own."),
    _action("save-picture", "Save picture …", "Ctrl+Alt+P", "Write the picture as PNG with its recipe inside.",
            separator=True),
    _action("save-strip", "Save strip …", "", "Write the timeline as one row of pictures.", _with_keys),
    _action("save-matrix", "Save matrix …", "", "Write the mixing matrix as PNG with its recipe inside."),
    _action("save-film", "Export film …", "Ctrl+Alt+F", "Render the timeline, or this latent through training."),
    _action("save-latents", "Save latents …", "Ctrl+Alt+L", "Write recipe and timeline as JSON or safetensors."),
)  # fmt: skip
