"""Command `plan`: the memory and the time that a training of the full size takes on a named GPU, with the arithmetic.

FLOPs and memory are counted by running one real step (forward and backward, 16-bit, at the config's shapes) on tensors
without data; nothing of it is typed in by hand but the GPU's data sheet and the share of its peak.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from diffusers import AutoencoderKL
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

from ..config import Config, ConfigError
from ..models.size import build_model, build_vae, build_vision, count_trained, freeze_base
from ..models.vae import decode
from ..train.paper_step import SHARES, Trainee, look
from .hardware import GPUS, Gpu, PeakMemory

SHARE = 0.4
"""Of the data sheet's peak: what diffusion training in PyTorch reaches on an A100, to be replaced by what yours
shows."""
PAPER_HOURS = 10.0
CONTEXT = 2**30
"""CUDA's own context and library workspaces."""
GIB = 2**30
ROOMY = 0.9
"""The share of a GPU's memory up to which a training fits with room to spare."""
FITS = {"yes": "fits", "tight": "fits, but only just: make `micro` smaller", "no": "does NOT fit: make `micro` smaller"}
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


def fitting(counts: Counts, gpu: Gpu) -> tuple[bool, int]:
    """(is checkpointing needed, bytes in all with it or without). Checkpointing is used where the config asks for
    it."""
    fixed = sum(counts.weights().values()) + CONTEXT
    plain = fixed + counts.activations(False)
    needed = counts.config["checkpointing"] or plain > gpu.memory * GIB
    return needed, fixed + counts.activations(True) if needed else plain


def seconds_a_step(counts: Counts, gpu: Gpu, checkpointing: bool, share: float) -> tuple[float, float]:
    """(matrix work, the optimizer's memory traffic): 28 bytes a trained value are read or written by Adam."""
    return counts.flops(checkpointing) / (gpu.tflops * 1e12 * share), 28 * counts.trained_values / (gpu.bandwidth * 1e9)


def hours(counts: Counts, gpu: Gpu, checkpointing: bool, share: float) -> float:
    return sum(seconds_a_step(counts, gpu, checkpointing, share)) * counts.config["steps"] / 3600


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(head: tuple, lines: list[tuple]) -> list[str]:
    return [row(*head), row(*("---" for _ in head)), *(row(*line) for line in lines), ""]


def work_tables(counts: Counts) -> list[str]:
    """What one micro batch costs, in both ways."""
    lines = [
        "## One step",
        "",
        f"{counts.micro} samples at once, {counts.config['batch']} a step, "
        f"{counts.config['references']} references each. FLOPs count a multiply and an add as two.",
        "",
    ]
    shown = [
        (
            name,
            f"{work.forward / 1e12:.2f}",
            f"{work.total / 1e12:.2f}",
            f"{counts.checkpointed[name].total / 1e12:.2f}",
            f"{work.peak / GIB:.2f}",
            f"{counts.checkpointed[name].peak / GIB:.2f}",
        )
        for name, work in counts.parts.items()
    ]
    lines += table(
        (
            "part",
            "TFLOP forward",
            "TFLOP with backward",
            "with checkpointing",
            "activations, GiB",
            "with checkpointing",
        ),
        shown,
    )
    return [
        *lines,
        f"A step of {counts.config['batch']}: {counts.flops(False) / 1e12:.2f} TFLOP, with "
        f"checkpointing {counts.flops(True) / 1e12:.2f} TFLOP.",
        "",
    ]


def memory_table(counts: Counts) -> list[str]:
    trained = ", ".join(f"{part} {values / 1e6:.1f} M" for part, values in counts.trained.items())
    lines = [
        "## Memory",
        "",
        f"Trained: {trained}, together {counts.trained_values / 1e6:.1f} M (paper: 262 M). Frozen: "
        f"{counts.frozen / 1e6:.1f} M.",
        "",
    ]
    fixed = [(name, f"{size / GIB:.2f}") for name, size in counts.weights().items()]
    fixed += [
        ("CUDA context", f"{CONTEXT / GIB:.2f}"),
        ("activations, plain", f"{counts.activations(False) / GIB:.2f}"),
        ("activations, checkpointing", f"{counts.activations(True) / GIB:.2f}"),
    ]
    return [*lines, *table(("purpose", "GiB"), fixed)]


def fit(needed: int, gpu: Gpu) -> str:
    """`yes`, `tight` or `no`: the allocator's slack, cuDNN's workspace and a desktop come on top of what is counted."""
    return "no" if needed > gpu.memory * GIB else "tight" if needed > ROOMY * gpu.memory * GIB else "yes"


def arithmetic(counts: Counts, name: str, share: float) -> list[str]:
    """The named GPU: every number of the sum."""
    gpu, steps = GPUS[name], counts.config["steps"]
    checkpointing, needed = fitting(counts, gpu)
    matrix, traffic = seconds_a_step(counts, gpu, checkpointing, share)
    fits = FITS[fit(needed, gpu)]
    total = hours(counts, gpu, checkpointing, share)
    lines = [
        f"## {name}",
        "",
        f"Memory: {needed / GIB:.1f} GiB of {gpu.memory} GiB, checkpointing "
        f"{'on' if checkpointing else 'off'}: {fits}.",
        "",
    ]
    lines += [
        f"    {counts.flops(checkpointing) / 1e12:.2f} TFLOP / ({gpu.tflops:g} TFLOP/s x "
        f"{share:.2f}) = {matrix:.3f} s of matrix work",
        f"    28 B x {counts.trained_values / 1e6:.1f} M / {gpu.bandwidth:g} GB/s = {traffic:.3f} s of Adam",
        f"    {matrix + traffic:.3f} s x {steps:,} steps / 3600 = {total:.1f} h (paper, one A100: "
        f"under {PAPER_HOURS:g} h)",
        "",
    ]
    if not gpu.bf16:
        lines += [f"{name} has no bf16: set `precision: fp16`.", ""]
    shares = [(f"{other:.0%}", f"{hours(counts, gpu, checkpointing, other):.1f}") for other in (0.2, 0.3, 0.4, 0.5)]
    lines += [
        "The share of peak is an assumption until the run's own log shows it:",
        "",
        *table(("share of peak", "hours"), shares),
    ]
    least = counts.flops(checkpointing) * steps / (PAPER_HOURS * 3600) / (gpu.tflops * 1e12)
    return [*lines, f"Within the paper's {PAPER_HOURS:g} h from {least:.0%} of peak on.", ""]


def others(counts: Counts, share: float) -> list[str]:
    shown = []
    for name, gpu in GPUS.items():
        checkpointing, needed = fitting(counts, gpu)
        shown.append(
            (
                name,
                gpu.memory,
                gpu.tflops,
                f"{needed / GIB:.1f}",
                fit(needed, gpu),
                f"{hours(counts, gpu, checkpointing, share):.1f}",
            )
        )
    return [
        "## Every GPU the command knows",
        "",
        *table(("GPU", "GiB", "TFLOP/s", "needed, GiB", "fits", f"hours at {share:.0%}"), shown),
    ]


def report(counts: Counts, gpu: str, share: float) -> str:
    """The whole plan as Markdown."""
    title = [f"# Plan: {counts.config['steps']:,} steps of batch {counts.config['batch']} on {gpu}", ""]
    return (
        "\n".join(
            [
                *title,
                *work_tables(counts),
                *memory_table(counts),
                *arithmetic(counts, gpu, share),
                *others(counts, share),
            ]
        ).rstrip()
        + "\n"
    )


def run(config: Config, gpu: str, share: float) -> str:
    """Raises ConfigError for a GPU that is not in the table, or a share that is none."""
    if gpu not in GPUS:
        raise ConfigError(f"{gpu}: not a GPU this command knows; one of {', '.join(GPUS)}")
    if not 0 < share <= 1:
        raise ConfigError(f"--share {share:g}: expected a part of the peak, above 0 and at most 1")
    return report(count(config), gpu, share)
