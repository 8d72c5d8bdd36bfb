"""All that can be done with a trained generator: samples, exported files, and exploring its latents.

:mod:`.model` opens a run, :mod:`.rendering` makes pictures of recipes, :mod:`.capabilities` says what a model can do.
Recipes are put together in :mod:`.places` (z and w, ways between them: :mod:`.blending`), :mod:`.classes`,
:mod:`.truncation`, :mod:`.mixing` and :mod:`.noise`. :mod:`.directions`, :mod:`.components` and :mod:`.learning` find
directions, :mod:`.library` keeps them; :mod:`.maps`, :mod:`.inversion`, :mod:`.inside`, :mod:`.nearest` and
:mod:`.speed` look closer. No network, and nothing that training uses, is changed by any of it.
"""
