"""Portraits drawn from known factors: endless, deterministic, friendly."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ganstudio.catalog.rendered import FACE_LABELS, Faces
from ganstudio.data.rendered import face_hair, face_parts, face_wear
from ganstudio.data.rendered.canvas import blank
from ganstudio.data.rendered.face_model import GROUNDS, SKINS, factors, in_head_frame, make_face
from ganstudio.data.rendered.factors import Factor, Values
from ganstudio.data.rendered.source import RenderedSource, article, join

HAIR_WORDS = {"bald": "no hair", "bun": "{} hair in a bun"}
MOOD_WORDS = {"neutral": "calm"}
FACING = 0.4


@dataclass(frozen=True)
class FaceSource(RenderedSource):
    """One portrait in each picture; ``label`` names the factor that makes the classes."""

    label: str = "hair"
    simple: bool = False

    @property
    def factors(self) -> tuple[Factor, ...]:
        """See :func:`ganstudio.data.rendered.face_model.factors`."""
        return factors(self.simple)

    @property
    def class_names(self) -> tuple[str, ...]:
        """All choices of the labelling factor, also those that ``simple`` leaves out."""
        return FACE_LABELS[self.label]

    def labels(self, values: Values) -> Tensor:
        """The choice of the labelling factor."""
        return values[self.label]

    def paint(self, values: Values) -> Tensor:
        """From the wall behind to the brim of the hat."""
        canvas = blank(len(values["skin"]), self.channels, self.resolution, values["skin"].device)
        face = make_face(values, self.channels)
        face_parts.paint_ground(canvas, face, face.pick(GROUNDS, "background"))
        head = in_head_frame(canvas, face)
        face_hair.paint_back_hair(head, face)
        face_parts.paint_bust(canvas, face)
        for paint in (
            face_parts.paint_head, face_parts.paint_cheeks, face_parts.paint_eyes, face_parts.paint_nose,
            face_parts.paint_beard, face_parts.paint_mouth, face_hair.paint_hair, face_parts.paint_brows,
            face_wear.paint_glasses, face_wear.paint_hat,
        ):  # fmt: skip
            paint(head, face)
        canvas.tint(1 + 0.07 * face.light * canvas.x + 0.03 * canvas.y)
        return canvas.image.clamp_(0, 1)

    def captions(self, values: Values) -> list[str]:
        """Such as "a smiling person with long red hair, tan skin and round glasses, before a sky background"."""
        names = ("expression", "hair", "hair colour", "beard", "glasses", "hat", "hat colour", "background")
        rows = zip(*(self.words(name, values) for name in names), strict=True)
        words: list[dict[str, str]] = [dict(zip(names, row, strict=True)) for row in rows]
        return [
            _sentence(word, skin, turn)
            for word, skin, turn in zip(words, values["skin"].tolist(), values["turn"].tolist(), strict=True)
        ]


def skin_word(skin: float) -> str:
    """The name of the nearest skin of the palette; ``skin`` from 0 to 1."""
    return SKINS.names[round(skin * (len(SKINS.names) - 1))]


def _sentence(word: dict[str, str], skin: float, turn: float) -> str:
    hair = HAIR_WORDS.get(word["hair"], f"{word['hair']} {{}} hair").format(word["hair colour"])
    features = [hair, f"{skin_word(skin)} skin"]
    features += [] if word["beard"] == "none" else [_with_article(word["beard"])]
    features += [] if word["glasses"] == "none" else [word["glasses"]]
    features += [] if word["hat"] == "none" else [article(f"{word['hat colour']} {word['hat']}")]
    mood = article(MOOD_WORDS.get(word["expression"], word["expression"]))
    looking = "" if abs(turn) < FACING else f", looking to the {'right' if turn > 0 else 'left'}"
    return f"{mood} person with {join(features)}{looking}, on {article(word['background'])} background"


def _with_article(beard: str) -> str:
    return beard if beard == "stubble" else article(beard)


def load_faces(options: Faces) -> FaceSource:
    """The source that the settings ask for."""
    return FaceSource(options.kind, options.resolution, options.channels, options.label, options.simple)
