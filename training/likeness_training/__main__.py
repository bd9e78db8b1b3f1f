"""`python -m likeness_training COMMAND CONFIG`: `tiny` makes the shipped bundle, the others the paper's size.
Resumable."""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import replace
from pathlib import Path

from .config import Config, ConfigError, load_config

PRECISIONS = ("fp32", "fp16-weights", "fp16")

TINY_STAGES = ("prepare", "appearance", "finisher", "mouths", "mouth_refiner", "styles", "export")
FULL_SIZE = {
    "check": (".check", "is everything there that prepare and train need"),
    "prepare": (".data.prepare_portraits", "pictures -> latents, references, embeddings; resumable"),
    "train": (".train.paper", "the paper's training on a frozen base; resumable"),
    "export": (".bundle.export", "trained parts -> a bundle of ONNX graphs"),
}
"""Commands that may be given a base folder (configs/sd21)."""

PATHS = ("base", "vision_folder", "adapter_file", "lora_file", "photos", "out")
TINY_PATHS = {
    "portraits": "the folder of portraits.jsonl",
    "work": "the folder of what the stages make",
    "out": "the folder of the bundle",
    "weights": "the file of the committed weights",
}
"""Paths of the config that the command line may set."""


def arguments_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="likeness_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_tiny(commands)
    small = commands.add_parser("small_base", help="a small base model trained here, to prove `train` on")
    small.add_argument("config", help="configs/sd21-proof/base.yaml")
    for name, (_, what) in FULL_SIZE.items():
        command = commands.add_parser(name, help=what)
        command.add_argument("config", help="a YAML file of configs/sd21")
        command.add_argument("--base", help="a local diffusers folder of the base model")
        command.add_argument(
            "--vision", dest="vision_folder", help="a local folder of CLIP's vision encoder; else BASE/image_encoder"
        )
        if name == "prepare":
            command.add_argument("--photos", help="the folder of the pictures")
        if name == "export":
            command.add_argument(
                "--adapter", dest="adapter_file", help="the file of IP-Adapter-Plus-Face (configs/sd15-face)"
            )
            command.add_argument(
                "--lora", dest="lora_file", help="a LoRA that is merged into the U-Net, such as LCM-LoRA"
            )
            command.add_argument("--out", help="the folder of the bundle")
            command.add_argument("--precision", choices=PRECISIONS, help="of weights and arithmetic")
        if name == "check":
            command.add_argument("--sums", action="store_true", default=None, help="compare every file with SHA256SUMS")
    plan = commands.add_parser("plan", help="memory and time of `train` on a named GPU")
    plan.add_argument("config", help="configs/sd21/identity.yaml")
    plan.add_argument("--gpu", default="A100-80G")
    share = (
        "the part of the GPU's peak that is reached: .4 until your log shows another, an A100's in diffusion training"
    )
    plan.add_argument("--share", type=float, default=0.4, help=share)
    plan.add_argument("--out", help="write the plan to this file instead of printing it")
    return parser


def add_tiny(commands: argparse._SubParsersAction) -> None:
    tiny = commands.add_parser("tiny", help="portraits -> the bundle that the bot ships")
    tiny.add_argument("config", help="configs/tiny.yaml")
    tiny.add_argument(
        "--stage", action="append", choices=TINY_STAGES, help="only this one, done before or not; may be given again"
    )
    tiny.add_argument(
        "--minutes",
        type=float,
        help="train so long, the finisher or what `--stage` names, instead of to the config's samples",
    )
    tiny.add_argument("--device", help="cpu, cuda or cuda:1, instead of the config's")
    for name, what in TINY_PATHS.items():
        tiny.add_argument(f"--{name}", type=Path, help=what)


def run_tiny(options: argparse.Namespace) -> None:
    """Paths on the command line are relative to where it runs."""
    from .draft.config import load_tiny
    from .draft.stages import run

    config = load_tiny(options.config)
    given = {name: getattr(options, name).absolute() for name in TINY_PATHS if getattr(options, name)}
    config = replace(config, paths=replace(config.paths, **given), device=options.device or config.device)
    run(config, options.stage or (), options.minutes)


def with_options(config: Config, options: dict[str, object]) -> Config:
    """What the command line sets wins over the file. Paths on it are relative to where the command runs."""
    given = {key: value for key, value in options.items() if key not in ("command", "config") and value is not None}
    return Config(
        config.path,
        {
            **config.values,
            **{key: str(Path(str(value)).absolute()) if key in PATHS else value for key, value in given.items()},
        },
    )


def plan(config: Config, options: argparse.Namespace) -> None:
    from .measure.plan import run

    text = run(config, options.gpu, options.share)
    if options.out:
        Path(options.out).write_text(text)
    else:
        print(text, end="")


def main() -> int:
    arguments = arguments_parser().parse_args()
    command = arguments.command
    try:
        if command == "tiny":
            run_tiny(arguments)
        elif command == "plan":
            plan(load_config(arguments.config), arguments)
        elif command == "small_base":
            importlib.import_module(".train.small_base", __package__).run(load_config(arguments.config))
        else:
            config = with_options(load_config(arguments.config), vars(arguments))
            importlib.import_module(FULL_SIZE[command][0], __package__).run(config)
    except ConfigError as error:
        print(f"likeness_training: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
