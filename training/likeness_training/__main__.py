"""`python -m likeness_training STAGE CONFIG`: one command a stage, each resumable."""

from __future__ import annotations

import argparse
import importlib
import sys

from .config import ConfigError, load_config

STAGES = {
    "data": ".data.prepare",
    "autoencoder": ".train.autoencoder",
    "base": ".train.base",
    "identity": ".train.identity",
    "export": ".export",
    "evaluate": ".evaluate",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="likeness_training", description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("config", help="a YAML file of configs/")
    arguments = parser.parse_args()
    try:
        importlib.import_module(STAGES[arguments.stage], __package__).run(load_config(arguments.config))
    except ConfigError as error:
        print(f"likeness_training: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
