"""What is said of samples: collapse with its classes, missing kinds, copies, values at their ends, dead units."""

from __future__ import annotations

import math

from ganstudio.core.diagnosis import Doctor, Facts, Record
from ganstudio.core.diagnosis.samples import (
    dead_units,
    kinds_missing,
    memorisation,
    mode_collapse,
    saturation,
)
from ganstudio.core.messages import Change

FACTS = Facts(
    finite=50,
    settings={"optimizer.generator.lr": 2e-4, "optimizer.discriminator.lr": 2e-4, "batch_size": 64},
    ready={"adaptive-augment": "Adaptive augmentation"},
)


def record_of(steps: int, **values: float) -> Record:
    """A report in every tenth step, always the same; the last ``_`` of a name stands for ``/``."""
    record = Record()
    for step in range(10, steps + 1, 10):
        record.add(step, {"/".join(name.rsplit("_", 1)): value for name, value in values.items()})
    return record


def shares(*values: float) -> dict[str, float]:
    return {f"share_{index}": value for index, value in enumerate(values)}


def test_a_collapse_names_the_class_it_fell_on_and_counts_those_that_are_missing():
    record = record_of(1000, diversity_kinds=0.15, distance_data=0.6, **shares(0.05, 0.9, 0.05, *[0.0] * 7))
    found = mode_collapse(record, FACTS, 1.0)
    assert (
        found is not None and found.series == ("diversity/samples", "diversity/kinds") and found.since == 10
    )
    assert "90 % are of class 1, and 7 of the 10 are hardly ever made" in found.text.replace("\u00a0", " ")


def test_even_classes_are_not_worth_a_word():
    record = record_of(1000, diversity_samples=0.1, distance_data=0.6, **shares(*[0.1] * 10))
    found = mode_collapse(record, FACTS, 1.0)
    assert found is not None and "class" not in found.text and "hardly" not in found.text


def test_modes_are_called_modes():
    record = record_of(
        1000, diversity_kinds=0.15, distance_data=0.6, **{"share_mode 1": 1.0, "share_mode 2": 0.0}
    )
    found = mode_collapse(record, FACTS, 1.0)
    assert found is not None and "mode 1, and 1 of the 2 is" in found.text


def test_samples_that_still_come_nearer_or_begin_to_differ_are_given_time():
    nearer, wider = Record(), Record()
    for step in range(10, 1001, 10):
        nearer.add(step, {"diversity/samples": 0.1, "distance/data": math.exp(-step / 1000)})
        wider.add(step, {"diversity/samples": 0.02 * math.exp(step / 500), "distance/data": 0.6})
    assert mode_collapse(nearer, FACTS, 1.0) is None and mode_collapse(wider, FACTS, 1.0) is None


def test_a_loss_that_takes_long_to_begin_is_given_longer():
    record = record_of(1000, diversity_samples=0.1, distance_data=0.6)
    assert mode_collapse(record, FACTS, 1.0) is not None
    assert mode_collapse(record, Facts(begins=2500), 1.0) is None


def test_samples_that_do_not_differ_at_all_are_told_early():
    found = mode_collapse(record_of(320, diversity_samples=0.001, distance_data=0.6), Facts(begins=2500), 1.0)
    assert found is not None and found.text.startswith("All samples are the same")
    assert mode_collapse(record_of(320, diversity_samples=0.03, distance_data=0.6), FACTS, 1.0) is None


def test_a_hopping_generator_is_not_taken_for_a_growing_one():
    doctor = Doctor(FACTS)
    for step in range(
        10, 1501, 10
    ):  # from mode to mode: the distance swings, the number of kinds does not grow
        swing = 1 + 0.3 * math.sin(step / 60)
        doctor.take(step, {"diversity/kinds": 0.12 * swing, "distance/data": 0.7 * swing})
        doctor.examine()
    assert "mode-collapse" in doctor.standing


def test_kinds_that_stay_away_are_told_in_the_long_run_only():
    rare = shares(*[0.25] * 4, *[0.0] * 4)
    assert kinds_missing(record_of(1500, diversity_kinds=0.5, distance_data=0.1, **rare), FACTS, 1.0) is None
    found = kinds_missing(record_of(2000, diversity_kinds=0.5, distance_data=0.1, **rare), FACTS, 1.0)
    assert found is not None and "4 of the 8 are hardly ever made" in found.text
    assert kinds_missing(record_of(2000, diversity_kinds=0.7, distance_data=0.1), FACTS, 1.0) is None


def test_copies_of_training_pictures_are_told_and_new_samples_are_not():
    copies = memorisation(record_of(600, distance_nearest=0.2), FACTS, 1.0)
    assert copies is not None and "0.20 times" in copies.text and "50 pictures" in copies.text
    assert copies.advice[0].commands == (Change("stabilizers.adaptive-augment", True),)
    assert memorisation(record_of(600, distance_nearest=0.9), FACTS, 1.0) is None
    assert memorisation(record_of(200, distance_nearest=0.2), FACTS, 1.0) is None, "too early"


def test_values_at_their_ends_count_beyond_those_of_real_pictures():
    full = saturation(record_of(600, saturation_generated=0.95, saturation_real=0.4), FACTS, 1.0)
    assert full is not None and full.series == ("saturation/generated", "saturation/real")
    assert saturation(record_of(600, saturation_generated=0.6, saturation_real=0.4), FACTS, 1.0) is None
    points = Facts(kind="points")
    assert saturation(record_of(600, saturation_generated=0.95, saturation_real=0.4), points, 1.0) is None


def test_dead_units_are_told_only_where_others_live():
    one, none = (
        {"dead_generator": 0.8, "grad_norm_generator": 1.0},
        {"dead_generator": 1.0, "grad_norm_generator": 0.0},
    )
    found = dead_units(record_of(600, **one), FACTS, 1.0)
    assert found is not None and found.series == ("dead/generator",) and "80" in found.text
    assert dead_units(record_of(600, **none), FACTS, 1.0) is None
