"""Write the golden numbers that the TypeScript samplers are held to.

    python -m likeness_training.golden.schedulers ../test/golden/schedulers.json

Each case runs a scheduler of diffusers over a closed-form model, prediction = c1 * latents + c2 * sin(timestep), so
that the other side needs nothing but these few numbers. All latents are in the variance-preserving frame (alpha^2 +
sigma^2 = 1), the Euler scheduler's too, whose own frame is that of exploding variance.
"""

import argparse
import json
import math
from itertools import product
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, EulerDiscreteScheduler, LCMScheduler
from diffusers.schedulers import scheduling_lcm

SCHEDULES = {
    "tiny": {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.0225},
    "sd21": {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
    "linear": {"beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02},
    "cosine": {"beta_schedule": "squaredcos_cap_v2", "beta_start": 0.0001, "beta_end": 0.02},
}
SAMPLERS = {
    "ddim": (DDIMScheduler, {"clip_sample": False, "set_alpha_to_one": True}),
    "euler": (EulerDiscreteScheduler, {"final_sigmas_type": "zero"}),
    "dpmpp-2m": (
        DPMSolverMultistepScheduler,
        {"algorithm_type": "dpmsolver++", "solver_order": 2, "solver_type": "midpoint",
         "lower_order_final": True, "final_sigmas_type": "zero"},
    ),
    "lcm": (LCMScheduler, {"clip_sample": False, "original_inference_steps": 1000}),
}  # fmt: skip
DISTILLED = [999, 700, 500, 250, 100]
"""The timesteps of a student on the first schedule; fewer steps take some of them, evenly."""
Scheduler = DDIMScheduler | DPMSolverMultistepScheduler | EulerDiscreteScheduler | LCMScheduler
PREDICTIONS = ("epsilon", "v_prediction")
STEPS = {"tiny": (1, 2, 7, 16, 20, 50), "sd21": (20, 24), "linear": (20,), "cosine": (20,)}
MODEL = {"c1": 0.35, "c2": 0.2}
TRAIN_TIMESTEPS = 1000
VALUES = 6


def predict(latents: torch.Tensor, timestep: float) -> torch.Tensor:
    """The closed-form model."""
    return MODEL["c1"] * latents + MODEL["c2"] * torch.sin(torch.tensor(float(timestep), dtype=torch.float64)).float()


def make_scheduler(name: str, schedule: str, prediction: str) -> Scheduler:
    """One scheduler of diffusers, configured as the TypeScript sampler of that name says it is."""
    cls, options = SAMPLERS[name]
    return cls(num_train_timesteps=TRAIN_TIMESTEPS, prediction_type=prediction, timestep_spacing="trailing",
               **SCHEDULES[schedule], **options)  # fmt: skip


def preserving_scale(name: str, scheduler: Scheduler, index: int) -> float:
    """What brings the latents before step `index` into the variance-preserving frame."""
    return 1.0 if name != "euler" else float(1 / (scheduler.sigmas[index] ** 2 + 1) ** 0.5)


def set_timesteps(name: str, scheduler: Scheduler, steps: int, known: list[int] | None = None) -> None:
    """ "trailing" spacing for every scheduler; LCM's own is another, so it is told. `known`: the timesteps of a
    student."""
    if known:
        scheduler.set_timesteps(timesteps=[known[place * len(known) // steps] for place in range(steps)])
        return
    if name != "lcm":
        scheduler.set_timesteps(steps)
        return
    trailing = np.round(np.arange(TRAIN_TIMESTEPS, 0, -TRAIN_TIMESTEPS / steps)).astype(int) - 1
    scheduler.set_timesteps(timesteps=trailing.tolist())


class FreshNoise:
    """Hands a scheduler that adds noise what `of(step)` gives, step 1 first, in place of random draws."""

    def __init__(self, of) -> None:
        self.of, self.step = of, 0

    def __enter__(self) -> None:
        self.real = scheduling_lcm.randn_tensor
        scheduling_lcm.randn_tensor = self.draw

    def __exit__(self, *_: object) -> None:
        scheduling_lcm.randn_tensor = self.real

    def draw(self, shape, **_: object) -> torch.Tensor:
        self.step += 1
        return self.of(self.step).reshape(shape)


def run(
    name: str, schedule: str, prediction: str, steps: int, noise: torch.Tensor, known: list[int] | None = None
) -> dict:
    """One sampling loop: the timesteps asked and the latents after every step."""
    scheduler = make_scheduler(name, schedule, prediction)
    set_timesteps(name, scheduler, steps, known)
    latents = noise * scheduler.init_noise_sigma
    trajectory = []
    with FreshNoise(lambda step: noise * math.cos(step)):
        for index, timestep in enumerate(scheduler.timesteps):
            model_output = predict(scheduler.scale_model_input(latents, timestep), float(timestep))
            latents = scheduler.step(model_output, timestep, latents).prev_sample
            trajectory.append((latents * preserving_scale(name, scheduler, index + 1)).tolist())
    return {
        "sampler": name, "schedule": schedule, "prediction": prediction, "steps": steps,
        "timesteps": [int(timestep) for timestep in scheduler.timesteps], "trajectory": trajectory,
    }  # fmt: skip


def round_floats(value):
    """Nine significant digits: exact for float32."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [round_floats(item) for item in value]
    return value


def main() -> None:
    """Run every case and write one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    noise = torch.randn(1, VALUES, generator=torch.Generator().manual_seed(0))
    cases = [
        run(name, schedule, prediction, steps, noise)
        for name, prediction, schedule in product(SAMPLERS, PREDICTIONS, SCHEDULES)
        for steps in STEPS[schedule]
    ]
    first = next(iter(SCHEDULES))
    for prediction, steps in product(PREDICTIONS, (1, 2, 3, 5)):
        cases.append({**run("lcm", first, prediction, steps, noise, DISTILLED), "schedule": "distilled"})
    schedules = {
        name: {"schedule": s["beta_schedule"], "betaStart": s["beta_start"], "betaEnd": s["beta_end"]}
        for name, s in SCHEDULES.items()
    }
    golden = {
        "madeBy": f"likeness_training.golden.schedulers, diffusers {diffusers.__version__}",
        "trainTimesteps": TRAIN_TIMESTEPS,
        "schedules": {**schedules, "distilled": {**schedules[first], "timesteps": DISTILLED}},
        "model": MODEL,
        "noise": round_floats(noise[0].tolist()),
    }
    lines = ",\n".join(json.dumps({k: round_floats([r[0] for r in v]) if k == "trajectory" else v
                                   for k, v in case.items()}) for case in cases)  # fmt: skip
    head = json.dumps(golden, indent=1).removesuffix("\n}")
    file.write_text(f'{head},\n "cases": [\n{lines}\n]\n}}\n')


if __name__ == "__main__":
    main()
