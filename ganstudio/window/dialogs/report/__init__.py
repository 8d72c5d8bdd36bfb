"""The report of a run, its generator and its checkpoints: everything that leaves the program as files."""

from ganstudio.window.dialogs.report.dialog import ReportDialog

__all__ = ["ReportDialog"]
