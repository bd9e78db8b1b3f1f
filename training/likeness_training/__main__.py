"""`python -m likeness_training STAGE CONFIG`: one command a stage, each resumable."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from .config import Config, ConfigError, load_config

PRECISIONS = ("fp32", "fp16-weights", "fp16")

STAGES = {
    "data": ".data.prepare",
    "autoencoder": ".train.autoencoder",
    "base": ".train.base",
    "identity": ".train.identity",
    "distil": ".train.distil",
    "decoder": ".train.decoder",
    "upscaler": ".train.upscaler",
    "evaluate": ".evaluate",
    "styles": ".style_classifier",
    "added": ".added_classifier",
    "trials": ".trials",
    "small_base": ".train.small_base",
}

FULL_SIZE = {
    "check": (".check", "is everything there that prepare and train need"),
    "prepare": (".data.prepare_portraits", "pictures -> latents, references, embeddings; resumable"),
    "train": (".train.paper", "the paper's training on a frozen base; resumable"),
    "export": (".export", "trained parts -> a bundle of ONNX graphs, of either size"),
}
"""Commands that may be given a base folder (configs/sd21)."""

PATHS = ("base", "vision_folder", "photos", "out")


def arguments_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="likeness_training", description=__doc__)
    commands = parser.add_subparsers(dest="stage", required=True)
    for name in STAGES:
        commands.add_parser(name).add_argument("config", help="a YAML file of configs/")
    for name, (_, what) in FULL_SIZE.items():
        command = commands.add_parser(name, help=what)
        command.add_argument("config", help="a YAML file of configs/sd21")
        command.add_argument("--base", help="a local diffusers folder of the base model")
        command.add_argument("--vision", dest="vision_folder", help="a local folder of CLIP's vision encoder; else BASE/image_encoder")
        if name == "prepare":
            command.add_argument("--photos", help="the folder of the pictures")
        if name == "export":
            command.add_argument("--out", help="the folder of the bundle")
            command.add_argument("--precision", choices=PRECISIONS, help="of weights and arithmetic")
        if name == "check":
            command.add_argument("--sums", action="store_true", default=None, help="compare every file with SHA256SUMS")
    plan = commands.add_parser("plan", help="memory and time of `train` on a named GPU")
    plan.add_argument("config", help="configs/sd21/identity.yaml")
    plan.add_argument("--gpu", default="A100-80G")
    plan.add_argument("--share", type=float, default=0.4, help="the part of the GPU's peak that is reached")
    plan.add_argument("--out", help="write the plan to this file instead of printing it")
    return parser


def with_options(config: Config, options: dict[str, object]) -> Config:
    """What the command line sets wins over the file. Paths on it are relative to where the command runs."""
    given = {key: value for key, value in options.items() if key not in ("stage", "config") and value is not None}
    return Config(config.path, {**config.values, **{key: str(Path(str(value)).absolute()) if key in PATHS else value for key, value in given.items()}})


def plan(config: Config, options: argparse.Namespace) -> None:
    from .plan import run

    text = run(config, options.gpu, options.share)
    if options.out:
        Path(options.out).write_text(text)
    else:
        print(text, end="")


def main() -> int:
    arguments = arguments_parser().parse_args()
    stage = arguments.stage
    try:
        config = load_config(arguments.config)
        if stage == "plan":
            plan(config, arguments)
        elif stage in FULL_SIZE:
            importlib.import_module(FULL_SIZE[stage][0], __package__).run(with_options(config, vars(arguments)))
        else:
            importlib.import_module(STAGES[stage], __package__).run(config)
    except ConfigError as error:
        print(f"likeness_training: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
