"""Write the golden numbers that the TypeScript samplers are held to.

    python -m likeness_training.golden_schedulers ../test/golden/schedulers.json

Each case runs a scheduler of diffusers over a closed-form model, prediction = c1 * latents + c2 * sin(timestep), so that
the other side needs nothing but these few numbers. All latents are in the variance-preserving frame
(alpha^2 + sigma^2 = 1), the Euler scheduler's too, whose own frame is that of exploding variance. Where a scheduler adds
noise before step n, it is the first noise moved on by n places.
"""

import argparse
import json
from itertools import product
from pathlib import Path
from unittest.mock import patch

import diffusers
import numpy as np
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, EulerDiscreteScheduler, LCMScheduler

SCHEDULES = {
    "tiny": {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.0225},
    "sd21": {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
    "linear": {"beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02},
    "cosine": {"beta_schedule": "squaredcos_cap_v2", "beta_start": 0.0001, "beta_end": 0.02},
}
DISTILLED = {"schedule": "tiny", "timesteps": [999, 700, 500, 250, 100]}
"""The schedule of a student that knows these timesteps alone."""
SAMPLERS = {
    "ddim": (DDIMScheduler, {"clip_sample": False, "set_alpha_to_one": True}),
    "euler": (EulerDiscreteScheduler, {"final_sigmas_type": "zero"}),
    "dpmpp-2m": (
        DPMSolverMultistepScheduler,
        {"algorithm_type": "dpmsolver++", "solver_order": 2, "solver_type": "midpoint",
         "lower_order_final": True, "final_sigmas_type": "zero"},
    ),
    "lcm": (LCMScheduler, {"clip_sample": False, "set_alpha_to_one": True}),
}  # fmt: skip
PREDICTIONS = ("epsilon", "v_prediction")
STEPS = {"tiny": (1, 2, 7, 16, 20, 50), "sd21": (20, 24), "linear": (20,), "cosine": (20,)}
MODEL = {"c1": 0.35, "c2": 0.2}
TRAIN_TIMESTEPS = 1000
VALUES = 6


def predict(latents: torch.Tensor, timestep: float) -> torch.Tensor:
    """The closed-form model."""
    return MODEL["c1"] * latents + MODEL["c2"] * torch.sin(torch.tensor(float(timestep), dtype=torch.float64)).float()


def make_scheduler(name: str, schedule: str, prediction: str):
    """One scheduler of diffusers, configured as the TypeScript sampler of that name says it is."""
    cls, options = SAMPLERS[name]
    return cls(num_train_timesteps=TRAIN_TIMESTEPS, prediction_type=prediction, timestep_spacing="trailing",
               **SCHEDULES[schedule], **options)  # fmt: skip


def preserving_scale(name: str, scheduler, index: int) -> float:
    """What brings the latents before step `index` into the variance-preserving frame."""
    return 1.0 if name != "euler" else float(1 / (scheduler.sigmas[index] ** 2 + 1) ** 0.5)


def trailing(steps: int) -> list[int]:
    """The timesteps of the other schedulers, for one whose own are spaced otherwise."""
    scheduler = make_scheduler("ddim", "tiny", "epsilon")
    scheduler.set_timesteps(steps)
    return scheduler.timesteps.tolist()


def added_noise(noise: torch.Tensor, steps: int):
    """A stand-in for what draws the noise that LCMScheduler adds: step by step, the first noise moved on by one more place."""
    numbers = iter(range(1, steps + 1))
    return patch("diffusers.schedulers.scheduling_lcm.randn_tensor", lambda *_, **__: noise.flatten().roll(next(numbers)).reshape(noise.shape))


def run(name: str, schedule: str, prediction: str, timesteps: list[int] | int, noise: torch.Tensor) -> dict:
    """One sampling loop of so many steps, or of these timesteps: the timesteps asked and the latents after every step."""
    steps = timesteps if isinstance(timesteps, int) else len(timesteps)
    scheduler = make_scheduler(name, schedule, prediction)
    if name == "lcm":
        scheduler.set_timesteps(timesteps=trailing(steps) if isinstance(timesteps, int) else timesteps, original_inference_steps=TRAIN_TIMESTEPS)
    else:
        scheduler.set_timesteps(steps)
    with added_noise(noise, steps):
        return follow(scheduler, noise, {"sampler": name, "schedule": schedule, "prediction": prediction, "steps": steps})


def follow(scheduler, noise: torch.Tensor, case: dict) -> dict:
    """The loop itself."""
    name = case["sampler"]
    latents = noise * scheduler.init_noise_sigma
    trajectory = []
    for index, timestep in enumerate(scheduler.timesteps):
        model_output = predict(scheduler.scale_model_input(latents, timestep), float(timestep))
        latents = scheduler.step(model_output, timestep, latents).prev_sample
        trajectory.append((latents * preserving_scale(name, scheduler, index + 1)).tolist())
    return {**case, "timesteps": [int(timestep) for timestep in scheduler.timesteps], "trajectory": trajectory}


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
    known = DISTILLED["timesteps"]
    for prediction, steps in product(PREDICTIONS, (1, 2, 3, 5)):
        taken = [known[index] for index in np.floor(np.linspace(0, len(known), steps, endpoint=False)).astype(int)]
        cases.append({**run("lcm", DISTILLED["schedule"], prediction, taken, noise), "schedule": "distilled"})
    golden = {
        "madeBy": f"likeness_training.golden_schedulers, diffusers {diffusers.__version__}",
        "trainTimesteps": TRAIN_TIMESTEPS,
        "schedules": {
            name: {"schedule": s["beta_schedule"], "betaStart": s["beta_start"], "betaEnd": s["beta_end"]}
            for name, s in SCHEDULES.items()
        }
        | {"distilled": {"schedule": SCHEDULES[DISTILLED["schedule"]]["beta_schedule"], "timesteps": known,
                         "betaStart": SCHEDULES[DISTILLED["schedule"]]["beta_start"], "betaEnd": SCHEDULES[DISTILLED["schedule"]]["beta_end"]}},  # fmt: skip
        "model": MODEL,
        "noise": round_floats(noise[0].tolist()),
    }
    lines = ",\n".join(json.dumps({k: round_floats([r[0] for r in v]) if k == "trajectory" else v
                                   for k, v in case.items()}) for case in cases)  # fmt: skip
    head = json.dumps(golden, indent=1).removesuffix("\n}")
    file.write_text(f"{head},\n \"cases\": [\n{lines}\n]\n}}\n")


if __name__ == "__main__":
    main()
