"""Measuring: features of samples -> statistics -> metric, each of use by itself.

:func:`.measure.prepare` and :func:`.measure.measured` measure a run or two folders of pictures, with the whole
protocol, as ``ganstudio evaluate`` does. On arrays each metric is one function that gives the number with its interval;
features and logits may be numpy's or torch's:

=================================  ===========================================  =========================
metric                             function                                     of
=================================  ===========================================  =========================
fid, fd-domain                     :func:`.frechet.frechet_figure`              features
kid, kd-domain                     :func:`.kernel.kernel_figure`                features
is, is-domain                      :func:`.inception.inception_score`           class logits
precision, recall,                 :func:`.manifold.manifold`                   features
density, coverage
ppl, path-domain                   :func:`.path.path_lengths`, then             a function that renders
                                   :func:`.path.path_figure`
ms-ssim                            :func:`.diversity.diversity_figure`          pictures
copied-domain                      :func:`.neighbours.memory`                   features
class-balance                      :func:`.labels.balance`                      recognised classes
class-accuracy                     :func:`.labels.accuracy`                     recognised and asked
factor-range, factor-pairs         :func:`.factors.factor_coverage`             factors
mig                                :func:`.factors.mig`                         codes and factors
dci                                :func:`.factors.dci_figure`                  codes and factors
stacked-modes, stacked-kl          :func:`.modes.stacked_modes`                 recognised digits
modes, high-quality, reverse-kl    :func:`.modes.coverage_figures`              points
js                                 :func:`.toy.jensen_shannon_figure`           points
w1                                 :func:`.toy.wasserstein_figure`              points
=================================  ===========================================  =========================

Features come from :class:`.features.InceptionFeatures` or :func:`.domain.load_judge`.
"""
