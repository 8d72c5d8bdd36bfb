"""Labels and mixtures of classes: interpolated embeddings wherever a network looks one up."""

from __future__ import annotations

import pytest
import torch

from ganstudio.core.explore.recipe import Blend, Recipe, Seed
from ganstudio.latent.classes import MixedLabels, blended, labels_from
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.rendering import said, values

CPU = torch.device("cpu")
MIXABLE = ["dcgan-classes", "embedded", "biggan", "sngan-classes", "stylegan2", "crowd"]


@pytest.mark.parametrize("name", MIXABLE)
def test_a_mixture_of_one_class_is_that_class(families, name: str):
    model = families(name)
    z = model.z([1])
    whole = torch.zeros(1, model.kinds)
    whole[0, 1] = 1.0
    mixed = model.synthesize(z, MixedLabels.of(whole))
    assert torch.allclose(mixed, model.synthesize(z, torch.tensor([1])), atol=1e-5)


@pytest.mark.parametrize("name", MIXABLE)
def test_between_two_classes_lie_other_pictures_and_judgements(families, name: str):
    model = families(name)
    recipes = [Recipe(Seed(1), labels=labels) for labels in (((0, 1.0),), ((0, 0.5), (1, 0.5)), ((1, 1.0),))]
    one, middle, two = (values(model, recipe) for recipe in recipes)
    assert not torch.equal(one, two)
    assert not torch.equal(middle, one) and not torch.equal(middle, two)
    assert said(model, recipes[1], middle).logits.isfinite().all()


def test_the_embedding_is_interpolated(families):
    net = families("embedded").net
    z, weights = torch.zeros(1, 8), torch.zeros(1, 10)
    weights[0, 2], weights[0, 5] = 0.25, 0.75
    beside = net.label_input(z, MixedLabels.of(weights))
    table = net.label_input.embedding.weight
    assert torch.allclose(beside[0, 8:], 0.25 * table[2] + 0.75 * table[5])


def test_a_network_that_chooses_by_number_has_no_mixtures(families):
    model = families("apart")
    with pytest.raises(ExploreError, match="one at a time"):
        values(model, Recipe(labels=((0, 0.5), (1, 0.5))))
    assert "one at a time" in model.mixture_problem
    labels = [int(model.labels([s])[0]) for s in range(20)]
    a = labels.index(0)
    b = next(s for s in range(20) if labels[s] != 0)
    near = values(model, Recipe(Blend(Seed(a), Seed(b), 0.4)))
    chosen = values(model, Recipe(Blend(Seed(a), Seed(b), 0.4), labels=((labels[a], 1.0),)))
    assert torch.equal(near, chosen)


def test_a_seed_has_its_own_class_and_a_way_a_mixture(families):
    model = families("dcgan-classes")
    own = int(model.labels([1])[0])
    assert torch.equal(values(model, Recipe(Seed(1))), values(model, Recipe(Seed(1), labels=((own, 1.0),))))
    assert blended((0.25, 0.75), ({1: 1.0}, {2: 0.5, 1: 0.5})) == {1: 0.625, 2: 0.375}
    assert blended((-0.5, 1.5), ({1: 1.0}, {2: 1.0})) == {2: 1.0}
    assert blended((0.5, 0.5), ({}, {2: 1.0})) == {2: 0.5}
    assert blended((1.0, 0.0), ({}, {2: 1.0})) == {2: 1.0}


def test_labels_are_made_of_weights():
    assert labels_from([{3: 1.0}], 0, CPU) is None
    assert labels_from([{3: 2.0}, {}], 5, CPU).tolist() == [3, 0]
    mixed = labels_from([{0: 1.0, 1: 3.0}], 2, CPU)
    assert isinstance(mixed, MixedLabels) and mixed.weights.tolist() == [[0.25, 0.75]]
    for classes, words in (({5: 1.0}, "no class 6"), ({0: -1.0}, "negative"), ({0: 0.0}, "above zero")):
        with pytest.raises(ExploreError, match=words):
            labels_from([classes], 5, CPU)


def test_anything_else_with_a_mixture_is_refused():
    mixed = MixedLabels.of(torch.ones(1, 2) / 2)
    for use in (lambda: mixed + 1, lambda: torch.zeros(2)[mixed], lambda: torch.arange(2)[mixed]):
        with pytest.raises(ExploreError, match="nothing between"):
            use()
