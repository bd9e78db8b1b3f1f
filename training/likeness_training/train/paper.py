"""Command `train`: the paper's training on a frozen base, by accelerate: one GPU, several, or the CPU.

    accelerate launch -m likeness_training train configs/sd21/identity.yaml --base FOLDER

Trained weights are fp32, frozen ones as `precision` says. Every draw depends on seed, step and process alone, so that a
run that went on from a checkpoint is bit for bit the run that never stopped (on the CPU, where arithmetic is exact
too).
"""

from __future__ import annotations

import importlib.util
import signal
import sys
from contextlib import nullcontext
from itertools import product
from pathlib import Path

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from ..config import Config, ConfigError
from ..data.base_folder import BaseFolder, base_folder
from ..data.prepare_portraits import face_finder
from ..diffusion import Schedule
from ..models.idadapter import IdAdapter
from ..models.paper_checkpoint import KEEP, Checkpoints, save_trained
from ..models.recogniser import Recogniser
from ..models.size import build_model, build_vision, count_trained, freeze_base, shapes_only, trained
from ..models.vision import ClipVision
from ..progress import Progress
from ..room import require_disk, require_memory
from .face_gate import FaceGate
from .paper_sheet import Measured, Studio, measure, write_sheet
from .paper_step import Batch, IdentityLoss, Trainee, losses
from .prepared import Prepared

PRECISIONS = {"no": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def open_base(config: Config) -> BaseFolder:
    """The checked base folder; random weights are never trained on by mistake."""
    folder = base_folder(config)
    folder.check(config)
    return folder


def check_settings(config: Config, accelerator: Accelerator) -> int:
    """The batch of one process. Raises ConfigError for settings that cannot be."""
    if config["precision"] not in PRECISIONS:
        raise ConfigError(
            f"{config.path}: `precision` is {config['precision']!r}, expected one of {', '.join(PRECISIONS)}"
        )
    batch, micro, processes = config["batch"], config["micro"], accelerator.num_processes
    if batch % processes or (batch // processes) % min(micro, batch // processes):
        raise ConfigError(
            f"{config.path}: a batch of {batch} cannot be cut into {processes} processes and parts of {micro}"
        )
    if config["tensorboard"] and importlib.util.find_spec("tensorboard") is None:
        raise ConfigError(
            f"{config.path}: `tensorboard` is true, but the package is not installed; pip install "
            f"'likeness-training[tensorboard]'"
        )
    return batch // processes


def check_room(config: Config, device: torch.device) -> None:
    """What the weights alone need, before they are loaded; activations come on top (see `plan`)."""
    parts = shapes_only(config)
    moving = sum(count_trained(parts[0]).values())
    frozen = sum(p.numel() for part in parts for p in part.parameters()) - moving
    each = PRECISIONS[config["precision"]].itemsize
    require_memory(device, frozen * each + moving * (20 if config["ema"] else 16), "training, without its activations,")
    require_disk(config.work, (KEEP + 1) * moving * (16 if config["ema"] else 12), "checkpoints")


class PaperTraining:
    """One run: the networks, the step, and where it stands."""

    def __init__(self, config: Config, accelerator: Accelerator) -> None:
        self.config, self.accelerator, self.device = config, accelerator, accelerator.device
        self.size = check_settings(config, accelerator)
        folder = open_base(config)
        check_room(config, self.device)
        self.prompts, self.prepared = folder.prompts(config), Prepared(config)
        self.schedule = Schedule(config["diffusion"])
        self.model, self.vision, self.identity = self.networks(folder)
        self.optimizer = torch.optim.Adam([parameter for _, parameter in trained(self.model)], lr=config["lr"])
        self.trainee: nn.Module
        self.checkpoints = Checkpoints(config.work / "identity", config)
        self.step, self.average = 0, {}
        former = self.checkpoints.latest()
        if former is not None:
            self.restore(*former)
        elif config["ema"]:
            self.average = {name: value.detach().clone() for name, value in trained(self.model)}
        self.trainee, self.optimizer = accelerator.prepare(Trainee(self.model), self.optimizer)
        self.asked_to_stop = False

    def networks(self, folder: BaseFolder) -> tuple[IdAdapter, ClipVision, IdentityLoss]:
        """Everything on its device, frozen parts in the config's precision."""
        config, dtype = self.config, PRECISIONS[self.config["precision"]]
        torch.manual_seed(config["seed"])
        model, vision = build_model(config, self.prompts.sks_id, self.prompts.end_id), build_vision(config)
        folder.load(model)
        folder.load_vision(vision)
        freeze_base(model)
        for parameter in model.parameters():
            if not parameter.requires_grad:
                parameter.data = parameter.data.to(dtype)
        vae = folder.load_vae().to(self.device, dtype)
        if config["checkpointing"]:
            model.unet.enable_gradient_checkpointing()
            vae.enable_gradient_checkpointing()
        models = config.resolve(config["face_models"])
        recogniser = Recogniser(models / "fr_feature.onnx", self.config["recogniser"]).to(self.device)
        return model.to(self.device), vision.to(self.device, dtype), IdentityLoss(vae, recogniser, FaceGate(models))

    def restore(self, weights: dict[str, Tensor], state: dict) -> None:
        self.model.load_state_dict(weights, strict=False)
        self.optimizer.load_state_dict(state["optimizer"])
        self.average = {name: value.to(self.device) for name, value in state["average"].items()}
        self.step = state["step"]
        print(f"train: resumed at step {self.step}")

    def save(self) -> None:
        if self.accelerator.is_main_process:
            weights: dict[str, Tensor] = dict(trained(self.model))
            self.checkpoints.save(
                self.step, weights, {"optimizer": self.optimizer.state_dict(), "average": self.average}
            )
        self.accelerator.wait_for_everyone()

    def micro_losses(self, batch: Batch) -> dict[str, Tensor]:
        """Backward of one part of the batch; its terms."""
        terms = losses(self.trainee, self.vision, self.schedule, self.identity, batch, self.config["judge_below"])
        loss = torch.stack([weight * terms[name] for name, weight in self.config["weights"].items()]).sum()
        if not torch.isfinite(loss):
            raise ConfigError(
                f"train: the loss is {loss.item()} at step {self.step}; go on from the last "
                f"checkpoint with a smaller `lr` or in bf16"
            )
        self.accelerator.backward(loss * len(batch.latents) / self.size)
        return terms

    def advance(self) -> dict[str, float]:
        """One optimizer step; the mean of each term."""
        batch = self.prepared.draw(self.prompts, self.step, self.accelerator.process_index, self.size).to(self.device)
        parts, sums = batch.split(min(self.config["micro"], self.size)), {}
        for number, part in enumerate(parts):
            with self.accelerator.no_sync(self.trainee) if number < len(parts) - 1 else nullcontext():
                for name, value in self.micro_losses(part).items():
                    sums[name] = sums.get(name, 0.0) + value.detach() * len(part.latents) / self.size
        self.accelerator.clip_grad_norm_([parameter for _, parameter in trained(self.model)], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.follow()
        return {name: float(value) for name, value in sums.items()}

    @torch.no_grad()
    def follow(self) -> None:
        """The average follows what is trained."""
        if self.average:
            kept = min(self.config["ema"], (1 + self.step) / (10 + self.step))
            for name, value in trained(self.model):
                self.average[name].lerp_(value, 1 - kept)

    @torch.no_grad()
    def gates(self) -> float:
        """How far the adapters are open: the mean of |tanh(alpha)|, 0 before the first step."""
        return float(
            torch.stack(
                [
                    value.tanh().abs()
                    for name, value in trained(self.model)
                    if name.rpartition(".")[2].startswith("alpha")
                ]
            ).mean()
        )

    def watch(self, progress: Progress, folder: Path) -> None:
        """The sheet and the figures that are due at this step."""
        config, last = self.config, self.step == self.config["steps"]
        studio = Studio(config, self.model, self.vision, self.identity.vae, self.prompts, self.prepared, self.device)
        if last or self.step % config["sheet_every"] == 0:
            write_sheet(folder / f"sheet-{self.step:07d}.png", studio)
        if config["measure_people"] and (last or self.step % config["measure_every"] == 0):
            find = face_finder(config.resolve(config["face_models"]))
            for split, beta in product(("train", "val"), (0.0, 1.0)):
                found = measure(studio, find, self.identity.recogniser, Measured(split, beta))
                progress.write(samples=self.step * config["batch"], gates=self.gates(), **found)

    def run(self) -> None:
        config, main = self.config, self.accelerator.is_main_process
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "asked_to_stop", True))
        folder = self.checkpoints.folder
        folder.mkdir(parents=True, exist_ok=True)
        progress = (
            Progress("train", config["steps"] * config["batch"], folder / "log.jsonl", 15, self.step * config["batch"])
            if main
            else None
        )
        while self.step < config["steps"]:
            terms = self.advance()
            if progress is not None:
                progress.add(config["batch"], **terms, gates=self.gates())
            if config["tensorboard"] and self.step % config["log_every"] == 0:
                self.accelerator.log(terms, step=self.step)
            if self.step % config["save_every"] == 0 or self.step == config["steps"] or self.asked_to_stop:
                self.save()
            if progress is not None:
                self.watch(progress, folder)
            if self.asked_to_stop:
                sys.exit(f"train: stopped at step {self.step}, saved")
        if main:
            save_trained(config.work / "identity.safetensors", self.average or dict(trained(self.model)), config)
            print(f"train: {config.work / 'identity.safetensors'} holds what was trained, after {self.step} steps")


def run(config: Config) -> None:
    trackers = "tensorboard" if config["tensorboard"] else None
    accelerator = Accelerator(
        mixed_precision=config["precision"] if config["precision"] in PRECISIONS else "no",
        log_with=trackers,
        project_dir=Path(config.work) / "tensorboard",
    )
    training = PaperTraining(config, accelerator)
    if trackers:
        accelerator.init_trackers("identity")
    training.run()
    accelerator.end_training()
