"""Checkpoints that are sealed like real ones and hold bytes that nobody reads as tensors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ganstudio.core.runs import RunFolder
from ganstudio.core.sealed import seal_of

FILES = {"weights.safetensors": b"weights", "trainer.safetensors": b"optimizers" * 1000}


def seal(run: RunFolder, step: int) -> Path:
    """A whole checkpoint at a step."""
    folder = run.checkpoint_path(step)
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, dict[str, object]] = {}
    for name, data in FILES.items():
        content = data + str(step).encode()
        (folder / name).write_bytes(content)
        files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    record = {"schema": 2, "step": step, "files": files}
    (folder / "state.json").write_text(json.dumps(record | {"seal": seal_of(record)}))
    return folder
