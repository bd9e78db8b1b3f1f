"""What a step of the full size's training costs: FLOPs and memory, counted by running one real step (forward and
backward, 16-bit, at the config's shapes) on tensors without data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from diffusers import AutoencoderKL
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

from ..config import Config
from ..models.size import build_model, build_vae, build_vision, count_trained, freeze_base
from ..models.vae import decode
from ..train.paper_step import SHARES, Trainee, look
from .hardware import PeakMemory

FACE_SHARE = SHARES[1]
"""The window that holds a face of CelebA-HQ."""


@dataclass
class Work:
    """One part of a step at the micro batch: FLOPs forward and in all, and the most bytes alive at once beside weights
    and gradients."""

    forward: int
    total: int
    peak: int


@dataclass
class Counts:
    """What a step is made of. `parts`: name -> Work with and without checkpointing (the same where there is none)."""

    config: Config
    frozen: int
    trained: dict[str, int]
    micro: int
    parts: dict[str, Work] = field(default_factory=dict)
    checkpointed: dict[str, Work] = field(default_factory=dict)

    @property
    def trained_values(self) -> int:
        return sum(self.trained.values())

    def flops(self, checkpointing: bool) -> int:
        """Of a whole batch of the config."""
        parts = self.checkpointed if checkpointing else self.parts
        return sum(work.total for work in parts.values()) * self.config["batch"] // self.micro

    def activations(self, checkpointing: bool) -> int:
        """The U-Net's graph lives while a window is decoded."""
        parts = self.checkpointed if checkpointing else self.parts
        return sum(work.peak for work in parts.values())

    def weights(self) -> dict[str, int]:
        """Bytes that do not depend on the batch, by purpose."""
        average = 4 * self.trained_values if self.config.get("ema", 0) else 0
        return {
            "frozen weights, 16 bit": 2 * self.frozen,
            "trained weights, fp32": 4 * self.trained_values,
            "gradients, fp32": 4 * self.trained_values,
            "Adam's two moments, fp32": 8 * self.trained_values,
            **({"averaged weights, fp32": average} if average else {}),
        }


def halved(module: nn.Module) -> nn.Module:
    """What is frozen, in 16 bit, as in training."""
    for parameter in module.parameters():
        if not parameter.requires_grad:
            parameter.data = parameter.data.to(torch.bfloat16)
    return module


def measure(module: nn.Module, inputs: list[Tensor], run: Callable[..., Tensor], backward: bool) -> Work:
    """Count one run of `run(*inputs)`. Gradients are there before it starts, as from the second step on."""
    moving = [parameter for parameter in module.parameters() if parameter.requires_grad]
    gradients = [torch.zeros_like(parameter) for parameter in moving]
    for parameter, gradient in zip(moving, gradients, strict=True):
        parameter.grad = gradient
    memory = PeakMemory()
    memory.know([*module.parameters(), *module.buffers(), *inputs, *gradients])
    with FlopCounterMode(display=False) as counter, memory, torch.autocast("cpu", torch.bfloat16):
        made = run(*inputs)
        forward = counter.get_total_flops()
        if backward:
            made.float().mean().backward()
    return Work(forward, counter.get_total_flops(), memory.peak)


def count(config: Config) -> Counts:
    """Build every part at its real shapes, without its memory, and count one micro batch."""
    micro, references, text, identity = config["micro"], config["references"], config["text"], config["identity"]
    side, vocabulary = config["unet"]["sample_size"], text["vocab_size"]
    with FakeTensorMode():
        model = build_model(config, vocabulary - 3, vocabulary - 1)
        freeze_base(model)
        trained = count_trained(model)
        vae, vision = build_vae(config), build_vision(config)
        frozen = sum(p.numel() for module in (model, vae, vision) for p in module.parameters()) - sum(trained.values())
        counts = Counts(config, frozen, trained, micro)
        for module in (model, vae, vision):
            halved(module)
        pictures = torch.zeros(micro, references, 3, vision.size, vision.size)
        patches = references * (vision.size // config["vision"]["patch_size"]) ** 2
        latents = torch.zeros(micro, config["unet"]["out_channels"], side, side)
        whole = torch.zeros(micro, dtype=torch.long)
        inputs = [latents, whole, torch.zeros(micro, text["max_position_embeddings"], dtype=torch.long)]
        inputs += [
            torch.zeros(micro, patches, identity["patch_width"]),
            torch.zeros(micro, identity["class_width"]),
            torch.zeros(micro, 512),
            torch.ones(micro),
        ]
        seen = measure(vision, [pictures], lambda x: look(vision, x)[0], backward=False)
        seen.peak = 0
        trainee = Trainee(model)
        for parts, checkpointing in ((counts.parts, False), (counts.checkpointed, True)):
            if checkpointing:
                model.unet.enable_gradient_checkpointing()
            parts["vision encoder, N references"] = seen
            parts["U-Net, adapters, MFF, text"] = measure(trainee, inputs, trainee, backward=True)
            if config["weights"]["identity"]:
                parts["decoder of the identity loss"] = decoder_work(config, vae)
    return counts


def decoder_work(config: Config, vae: AutoencoderKL) -> Work:
    """Windows around faces, one after the other, of the samples that are judged: those of the lower timesteps."""
    side = round(config["unet"]["sample_size"] * FACE_SHARE)
    window = torch.zeros(1, config["unet"]["out_channels"], side, side).requires_grad_()
    one = measure(vae, [window], lambda z: decode(vae, z), backward=True)
    judged = config["micro"] * min(1.0, config["judge_below"] / config["diffusion"]["trainTimesteps"])
    return Work(round(one.forward * judged), round(one.total * judged), one.peak)
