"""Command `plan`: memory and time of a training of the full size on a named GPU, with the arithmetic. Nothing of it is
typed in by hand but the GPU's data sheet and the share of its peak.
"""

from __future__ import annotations

from ..config import Config, ConfigError
from .counts import Counts, count
from .hardware import GPUS, Gpu

PAPER_HOURS = 10.0
CONTEXT = 2**30
"""CUDA's own context and library workspaces."""
GIB = 2**30
ROOMY = 0.9
"""The share of a GPU's memory up to which a training fits with room to spare."""
FITS = {"yes": "fits", "tight": "fits, but only just: make `micro` smaller", "no": "does NOT fit: make `micro` smaller"}


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
