"""Stage `identity`, in four phases: readers of latents (`teacher` for the person, `attributes` for yaw and expression),
MFF and mean face (`path`), and `adapters`.

The last is the paper's training: N references, MFF, the sks token, gated adapters, K and V of cross-attention, noise
loss and identity loss. `train` in the config says which weights move: the paper's, or all ("").
"""

from __future__ import annotations

import torch

from ..config import Config, ConfigError
from ..data.arrays import open_arrays
from ..data.latents import open_latents
from ..models.idadapter import IdAdapter
from .denoising import Denoising, Teachers, build, open_tokenizer
from .face_gate import FaceGate
from .identity_path import Judge, phase, train_attributes, train_path, train_teacher
from .loop import prepare_torch


def load_start(config: Config, model: IdAdapter) -> bool:
    """Load `start.pt`, weights of a former run (see weights.py), or else `base.pt`. True when it was the former."""
    start, path = config.work / "start.pt", config.work / "base.pt"
    if start.is_file():
        model.load_state_dict(torch.load(start, weights_only=True))
        return True
    if not path.is_file():
        raise ConfigError(f"{path}: not trained yet; run the stage `base` first")
    model.load_state_dict(torch.load(path, weights_only=True))
    return False


def run(config: Config) -> None:
    generator = prepare_torch(config)
    arrays, latents = open_arrays(config), open_latents(config)
    tokenizer = open_tokenizer(config, arrays)
    teacher = train_teacher(phase(config, "teacher"), arrays, latents, generator)
    attributes = train_attributes(phase(config, "attributes"), arrays, latents)
    model = build(config, tokenizer)
    if not load_start(config, model) and model.has_draft:
        train_path(phase(config, "path"), arrays, latents, model, tokenizer, (teacher, attributes))
    teachers = Teachers(teacher, attributes, Judge(config), FaceGate(config.resolve(config["face_models"])))
    Denoising(phase(config, "adapters"), model, arrays, latents, tokenizer, teachers).run("identity: adapters")
    torch.save(model.state_dict(), config.work / "identity.pt")
