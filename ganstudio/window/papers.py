"""Where a paper can be read. Knows no Qt."""

from __future__ import annotations


def address(paper: str) -> str:
    """The web address of a paper by its catalogue name, such as ``"arXiv:1406.2661"``; empty where it has none."""
    paper = paper.strip()
    for prefix, place in (("arXiv:", "https://arxiv.org/abs/"), ("doi:", "https://doi.org/")):
        if paper.startswith(prefix):
            return place + paper.removeprefix(prefix)
    if paper.startswith("OpenReview "):
        return "https://openreview.net/forum?id=" + paper.removeprefix("OpenReview ")
    if paper.startswith(("https://", "http://")):
        return paper
    host, slash, _ = paper.partition("/")
    return f"https://{paper}" if slash and "." in host and " " not in paper else ""
