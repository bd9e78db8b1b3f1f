"""Command `train`: the paper's training on a frozen base, by accelerate: one GPU, several, or the CPU.

    accelerate launch -m likeness_training train configs/sd21/identity.yaml --base FOLDER

Trained weights are fp32, frozen ones as `precision` says. Every draw depends on seed, step and process alone, so that a
run that went on from a checkpoint is bit for bit the run that never stopped (on the CPU, where arithmetic is exact
too).
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from itertools import product
from pathlib import Path

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from ..average import Average
from ..config import Config, ConfigError
from ..data.base_folder import BaseFolder, base_folder
from ..data.prepare_portraits import FaceFinder
from ..diffusion import Schedule
from ..fit import Course, Task, fit
from ..models.idadapter import IdAdapter
from ..models.paper_checkpoint import KEEP, Checkpoints, save_trained
from ..models.recogniser import Recogniser
from ..models.size import build_model, build_vision, count_trained, freeze_base, shapes_only, trained
from ..models.vision import ClipVision
from ..progress import Progress
from ..room import require_disk, require_memory
from .face_gate import FaceGate
from .paper_sheet import Measured, Studio, measure, write_sheet
from .paper_step import Batch, IdentityLoss, Trainee, Window, face_window, losses
from .prefetch import Prefetch
from .prepared import Prepared, knows_sks

BEGINNING = "person"
"""What the sks embedding means before anything is learnt."""
REMEDY = "go on from the last checkpoint with a smaller `lr` or in bf16"
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
    advice = "switch `checkpointing` on, or make `micro` smaller (see `likeness_training plan`)"
    needed = frozen * each + moving * (20 if config["ema"] else 16)
    require_memory(device, needed, "training, without its activations,", advice)
    require_disk(config.work, (KEEP + 1) * moving * (16 if config["ema"] else 12), "checkpoints")


class PaperTraining:
    """One run: the networks, the step, and where it stands. `samples`: of all processes together."""

    def __init__(self, config: Config, accelerator: Accelerator) -> None:
        self.config, self.accelerator, self.device = config, accelerator, accelerator.device
        self.size = check_settings(config, accelerator)
        self.folder = open_base(config)
        check_room(config, self.device)
        self.prompts, self.prepared = self.folder.prompts(config), Prepared(config)
        self.schedule = Schedule(config["diffusion"]).to(self.device)
        self.model, self.vision, self.identity = self.networks()
        self.weights: dict[str, Tensor] = dict(trained(self.model))
        self.optimizer = torch.optim.Adam(self.weights.values(), lr=config["lr"])
        self.checkpoints = Checkpoints(config.work / "identity", config)
        self.steps = 0
        self.average = Average(self.weights, config["ema"]) if config["ema"] else None
        former = self.checkpoints.latest()
        if former is not None:
            self.restore(*former)
        self.trainee: nn.Module
        self.trainee, self.optimizer = accelerator.prepare(Trainee(self.model), self.optimizer)
        self.batches = Prefetch(self.drawing(), self.steps)

    @property
    def samples(self) -> int:
        return self.steps * self.config["batch"]

    def drawing(self) -> Callable[[int], Batch]:
        """What draws the batch of a step, on a thread of its own: so is its tokenizer."""
        prompts, rank = self.folder.prompts(self.config), self.accelerator.process_index

        def draw(step: int) -> Batch:
            batch = self.prepared.draw(prompts, step, rank, self.size)
            return batch.map(Tensor.pin_memory) if self.device.type == "cuda" else batch

        return draw

    def networks(self) -> tuple[IdAdapter, ClipVision, IdentityLoss]:
        """Everything on its device, frozen parts in the config's precision."""
        config, dtype = self.config, PRECISIONS[self.config["precision"]]
        torch.manual_seed(config["seed"])
        model, vision = build_model(config, self.prompts.sks_id, self.prompts.end_id), build_vision(config)
        self.folder.load(model)
        self.folder.load_vision(vision)
        model.begin_as(self.prompts.word_id(BEGINNING))
        freeze_base(model)
        if not knows_sks(config):
            model.sks.requires_grad_(False)
        for parameter in model.parameters():
            if not parameter.requires_grad:
                parameter.data = parameter.data.to(dtype)
        vae = self.folder.load_vae().to(self.device, dtype)
        if config["checkpointing"]:
            model.unet.enable_gradient_checkpointing()
        models = config.resolve(config["face_models"])
        recogniser = Recogniser(models / "fr_feature.onnx", config["recogniser"]).to(self.device)
        identity = IdentityLoss(vae, recogniser, FaceGate(models).to(self.device))
        return model.to(self.device), vision.to(self.device, dtype), identity

    def restore(self, weights: dict[str, Tensor], state: dict) -> None:
        self.model.load_state_dict(weights, strict=False)
        self.optimizer.load_state_dict(state["optimizer"])
        if self.average is not None:
            self.average.values = {name: value.to(self.device) for name, value in state["average"].items()}
        if self.accelerator.scaler is not None and state.get("scaler") is not None:
            self.accelerator.scaler.load_state_dict(state["scaler"])
        self.steps = state["step"]
        print(f"train: resumed at step {self.steps}")

    def save(self) -> None:
        """The checkpoint. Raises ConfigError where a weight is no number any more, and keeps the former ones."""
        broken = next((name for name, value in self.weights.items() if not value.isfinite().all()), None)
        if broken is not None:
            raise ConfigError(f"train: {broken} is no number any more at step {self.steps}; {REMEDY}")
        if self.accelerator.is_main_process:
            scaler = self.accelerator.scaler
            state = {
                "optimizer": self.optimizer.state_dict(),
                "average": {} if self.average is None else self.average.values,
                "scaler": None if scaler is None else scaler.state_dict(),
            }
            self.checkpoints.save(self.steps, self.weights, state)
        self.accelerator.wait_for_everyone()

    def windows(self, batch: Batch) -> dict[int, Window]:
        """Of the samples whose likeness is judged, by their place in a batch on the CPU."""
        if not self.config["weights"]["identity"]:
            return {}
        judged = torch.nonzero((batch.beta > 0) & (batch.timesteps < self.config["judge_below"])).flatten().tolist()
        latents = batch.latents.shape[-1]
        pixels = self.config["image"] // latents
        return {sample: face_window(batch.matrices[sample], latents, pixels) for sample in judged}

    def micro_losses(self, batch: Batch) -> dict[str, Tensor]:
        """Backward of one part of the batch, given on the CPU; its terms."""
        windows, part = self.windows(batch), batch.to(self.device)
        terms = losses(self.trainee, self.vision, self.schedule, self.identity, part, windows)
        loss = torch.stack([weight * terms[name] for name, weight in self.config["weights"].items()]).sum()
        self.accelerator.backward(loss * len(batch.latents) / self.size)
        return {name: value.detach() for name, value in terms.items()}

    def step(self) -> dict[str, Tensor]:
        """One optimizer step; the mean of each term, and how far the gates are open."""
        parts, sums = self.batches.take().split(min(self.config["micro"], self.size)), {}
        for number, part in enumerate(parts):
            with self.accelerator.no_sync(self.trainee) if number < len(parts) - 1 else nullcontext():
                for name, value in self.micro_losses(part).items():
                    sums[name] = sums.get(name, 0.0) + value * (len(part.latents) / self.size)
        self.accelerator.clip_grad_norm_(list(self.weights.values()), self.config["clip"])
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        if self.average is not None:
            self.average.update(self.weights, self.steps)
        if self.steps % self.config["log_every"] == 0:
            self.look_at(sums)
        return {**sums, "gates": self.gates()}

    def look_at(self, terms: dict[str, Tensor]) -> None:
        """Reads the terms, for which a GPU is waited for. Raises ConfigError where they are no numbers any more."""
        for name, value in terms.items():
            if not torch.isfinite(value):
                raise ConfigError(f"train: `{name}` is {value.item()} at step {self.steps}; {REMEDY}")
        if self.config["tensorboard"]:
            self.accelerator.log({name: float(value) for name, value in terms.items()}, step=self.steps)

    @torch.no_grad()
    def gates(self) -> Tensor:
        """How far the adapters are open: the mean of |tanh(alpha)|, 0 before the first step."""
        alphas = [value for name, value in self.weights.items() if name.rpartition(".")[2].startswith("alpha")]
        return torch.stack(alphas).tanh().abs().mean()

    def studio(self) -> Studio:
        vae = self.identity.vae
        return Studio(self.config, self.model, self.vision, vae, self.prompts, self.prepared, self.device)

    def write_sheet(self) -> None:
        if self.accelerator.is_main_process:
            write_sheet(self.checkpoints.folder / f"sheet-{self.steps:07d}.png", self.studio())

    def measure(self, progress: Progress) -> None:
        """ID-Sim of people trained on and of validation people, without the person and with."""
        find = FaceFinder(self.config.resolve(self.config["face_models"]))
        for split, beta in product(("train", "val"), (0.0, 1.0)):
            found = measure(self.studio(), find, self.identity.recogniser, Measured(split, beta))
            progress.write(samples=self.samples, gates=float(self.gates()), **found)

    def run(self) -> None:
        config, folder = self.config, self.checkpoints.folder
        folder.mkdir(parents=True, exist_ok=True)
        total, batch = config["steps"] * config["batch"], config["batch"]
        watch, progress = [Task(self.write_sheet, config["sheet_every"] * batch)], None
        if self.accelerator.is_main_process:
            progress = Progress("train", total, folder / "log.jsonl", 15, self.samples)
            if config["measure_people"]:
                watch.append(Task(partial(self.measure, progress), config["measure_every"] * batch))
        try:
            stopped = fit(self, Course(total, Task(self.save, config["save_every"] * batch), tuple(watch)), progress)
        finally:
            self.batches.close()
        if stopped:
            sys.exit(f"train: stopped at step {self.steps}, saved")
        if self.accelerator.is_main_process:
            values = self.weights if self.average is None else self.average.values
            save_trained(config.work / "identity.safetensors", values, config)
            print(f"train: {config.work / 'identity.safetensors'} holds what was trained, after {self.steps} steps")


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
