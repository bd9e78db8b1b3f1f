"""Stage `evaluate`: the metrics of IDAdapter on validation people, straight from PyTorch and without curation.

One photo in, `prompts` out; what the bot delivers (best of several candidates) is measured by `likeness evaluate`.
Writes `evaluation.json` and a sample sheet into the work folder.
"""

from __future__ import annotations

import json

import numpy as np
import torch

from .config import Config, ConfigError
from .data.arrays import open_arrays
from .data.captions import EXPRESSIONS, SIDE_DEGREES, SIDES
from .data.face_models import FaceModels, Measured
from .data.latents import open_latents
from .models.idadapter import Identity
from .train.denoising import Denoising, Teachers, build, open_tokenizer
from .train.face_gate import FaceGate
from .train.identity_path import Judge, val_references
from .train.loop import load_weights, prepare_torch, sheet, to_pixels


def asked(prompt: str, table: dict[str, tuple[str, ...]]) -> str | None:
    """Which class of a table a prompt asks for, by the table's own phrases."""
    return next((name for name, phrases in table.items() if any(phrase in prompt for phrase in phrases)), None)


def shown_side(yaw: float) -> str:
    return "right" if yaw > SIDE_DEGREES else "left" if yaw < -SIDE_DEGREES else "front"


def mean(values: list) -> float | None:
    return float(np.mean(values)) if values else None


def judge_prompt(prompt: str, faces: list[Measured | None], inputs: list[dict]) -> dict[str, list]:
    """Per-picture results of one prompt, by metric."""
    expression, side = asked(prompt, EXPRESSIONS), asked(prompt, SIDES)
    found = [(face, row) for face, row in zip(faces, inputs) if face is not None]
    results: dict[str, list] = {"face_found": [face is not None for face in faces]}
    if expression:
        results[f"expression_{expression}"] = [face.expression == expression for face, _ in found]
    if side:
        results[f"side_{side}"] = [shown_side(face.yaw) == side for face, _ in found]
    results["expr_div"] = [face.expression != row["expression"] for face, row in found]
    results["pose_div_yaw"] = [abs(face.yaw - row["yaw"]) for face, row in found]
    results["pose_div_pitch"] = [abs(face.pitch - row["pitch"]) for face, row in found]
    return results


@torch.no_grad()
def run(config: Config) -> None:
    prepare_torch(config)
    arrays, latents = open_arrays(config), open_latents(config)
    tokenizer = open_tokenizer(config, arrays)
    model = build(config, tokenizer)
    checkpoint = config.work / config["checkpoint"]
    if not checkpoint.is_file():
        raise ConfigError(f"{checkpoint}: not trained yet; run the stage that writes it first")
    load_weights(model, checkpoint)
    judge, models = Judge(config), config.resolve(config["face_models"])
    teachers = Teachers(torch.nn.Identity(), torch.nn.Identity(), judge, FaceGate(models))
    denoising = Denoising(config, model.eval(), arrays, latents, tokenizer, teachers)
    rows, references = val_references(arrays, latents, config["people"], config["references"])
    faces, inputs = FaceModels(models, threads=2), [arrays.rows[i] for i in rows]
    totals: dict[str, list] = {}
    lines = [judge.pictures(torch.from_numpy(latents.plain[rows[:12]]).float())]
    identity: Identity = model.identity(references)
    for number, prompt in enumerate(config["prompts"]):
        noise = torch.randn((len(rows), *latents.plain.shape[1:]), generator=torch.Generator().manual_seed(number))
        made = denoising.generate(prompt, identity, 1.0, noise, config["sampling"]["guidanceScale"])
        pictures = torch.cat([judge.pictures(batch) for batch in made.split(16)])
        lines.append(pictures[:12])
        results = judge_prompt(prompt, [faces.measure(picture) for picture in to_pixels(pictures)], inputs)
        if number in config["plain_prompts"]:
            results |= {name: [value] for name, value in judge.similarity(made, references.faces).items()}
        for name, values in results.items():
            totals.setdefault(name, []).extend(values)
        print(f"evaluate: {prompt}: " + ", ".join(f"{name} {mean(values):.3f}" for name, values in results.items() if values), flush=True)
    summary = {name: mean(values) for name, values in totals.items()}
    (config.work / "evaluation.json").write_text(json.dumps({"people": len(rows), **summary}, indent=1) + "\n")
    sheet(config.work / "evaluation.png", lines)
    print(json.dumps(summary))
