"""Measuring: features of samples -> statistics -> metric, each of use by itself."""
