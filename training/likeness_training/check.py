"""Command `check`: everything that `prepare` and `train` will need, looked at in seconds."""

from __future__ import annotations

import torch

from .config import Config, ConfigError
from .train.paper import check_room, open_base
from .weight_files import check_sums


def run(config: Config) -> None:
    folder = open_base(config)
    print(f"check: {folder.base} and {folder.vision} hold the model of {config.path}; `sks` is one token")
    if config.get("sums", False):
        count = sum(
            check_sums(place)
            for place in dict.fromkeys((folder.base, folder.vision))
            if place == folder.base or place.parent != folder.base
        )
        print(f"check: the sha256 of {count} files is as listed")
    models = config.resolve(config["face_models"])
    if not (models / "fr_feature.onnx").is_file():
        raise ConfigError(f"{models}: the face models are missing; run `npm ci` in the repository first")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    check_room(config, device)
    print(f"check: memory on {device} and disk for {config.work} suffice for the weights and checkpoints")
