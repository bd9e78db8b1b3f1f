"""Write the golden numbers of the miniature bundle, in the format of `likeness_training.golden.bundle`.

    PYTHONPATH=training python test/golden/make_fixture.py test/fixtures/bundle test/golden/fixture.json

The graphs are run by onnxruntime and the loop by the schedulers of diffusers: it is the code around the graphs that the
TypeScript side is compared in.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

import likeness_training  # noqa: F401 (before onnxruntime: decision 026)
from likeness_training.golden.bundle import SOLVERS
from likeness_training.golden.schedulers import SAMPLERS

STEPS, SCALE, BETA, TIMESTEP = 20, 2.5, 0.8, 500
PROMPT = "smiling, looking left, pencil sketch, person is sks"
TEXTS = (PROMPT, "", "A happy man", "black-and-white, 2 people!", "(SKS) café, 日本", "masks and sks1")


class Bundle:
    """A bundle's manifest, tokenizer and sessions."""

    def __init__(self, folder: Path) -> None:
        self.bytes = (folder / "manifest.json").read_bytes()
        self.manifest = json.loads(self.bytes)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        graphs = self.manifest["graphs"]
        self.sessions = {name: onnxruntime.InferenceSession(folder / graphs[name]["file"]) for name in graphs}

    def run(self, graph: str, given: dict) -> dict:
        session = self.sessions[graph]
        inputs = {port.name: given[port.name] for port in session.get_inputs()}
        return dict(zip([port.name for port in session.get_outputs()], session.run(None, inputs), strict=True))

    def ids(self, text: str) -> list:
        settings = self.manifest["text"]
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        ids = [settings["startTokenId"], *ids, settings["endTokenId"]]
        return ids + [settings["padTokenId"]] * (settings["length"] - len(ids))

    def scheduler(self, name: str):
        cls, options = SAMPLERS[name]
        diffusion = self.manifest["diffusion"]
        return cls(num_train_timesteps=diffusion["trainTimesteps"], beta_schedule=diffusion["schedule"],
                   beta_start=diffusion["betaStart"], beta_end=diffusion["betaEnd"],
                   prediction_type=diffusion["prediction"], timestep_spacing="trailing", **options)  # fmt: skip


def encode_text(bundle: Bundle, text: str, sks: np.ndarray) -> dict:
    return bundle.run("text_encoder", {"input_ids": np.array([bundle.ids(text)]), "sks_embedding": sks})


def loop(scheduler, model, noise: np.ndarray) -> np.ndarray:
    scheduler.set_timesteps(STEPS)
    latents = torch.from_numpy(noise) * scheduler.init_noise_sigma
    for timestep in scheduler.timesteps:
        scaled = scheduler.scale_model_input(latents, timestep).numpy()
        latents = scheduler.step(torch.from_numpy(model(scaled, timestep)), timestep, latents).prev_sample
    return latents.numpy()


def main() -> None:
    folder, file = Path(sys.argv[1]), Path(sys.argv[2])
    bundle = Bundle(folder)
    source = np.random.default_rng(0)
    count, size = bundle.manifest["references"]["count"], bundle.manifest["references"]["size"]
    # Pixels come in blocks, so that the average of a face is its own.
    face = source.integers(0, 256, (1, 3, size // 8, size // 8)).repeat(8, 2).repeat(8, 3).astype(np.float32)
    features = bundle.run("vision_encoder", {"images": face.repeat(count, 0)})
    mean = features["face_embedding"].mean(0, keepdims=True)
    person = bundle.run("identity", {
        "patch_tokens": features["patch_tokens"].reshape(1, -1, features["patch_tokens"].shape[-1]),
        "class_embedding": features["class_embedding"].mean(0, keepdims=True),
        "face_embedding": mean / np.linalg.norm(mean),
    })  # fmt: skip
    words = encode_text(bundle, PROMPT, person["sks_embedding"])
    none = encode_text(bundle, "", np.zeros_like(person["sks_embedding"]))
    latents = bundle.manifest["latents"]
    shape = (bundle.manifest["diffusion"]["batch"], latents["channels"], latents["size"], latents["size"])
    noise = source.standard_normal(shape).astype(np.float32)

    def predict(z: np.ndarray, timestep: float, text: dict, beta: float) -> np.ndarray:
        numbers = {"timestep": np.array([timestep], np.float32), "beta": np.array([beta], np.float32)}
        return bundle.run("unet", {**person, **text, **numbers, "latents": z})["prediction"]

    def guided(z: np.ndarray, timestep: float) -> np.ndarray:
        away = predict(z, timestep, none, 0.0)
        return away + SCALE * (predict(z, timestep, words, BETA) - away)

    tensors = {"face": face, **{name: value[:1] for name, value in features.items()}, **person, **words, "noise": noise,
               "prediction": predict(noise, TIMESTEP, words, BETA)}  # fmt: skip
    for name in SOLVERS:
        tensors[f"latents_{name}"] = loop(bundle.scheduler(name), guided, noise)
    tensors["image"] = bundle.run("decoder", {"latents": tensors["latents_dpmpp-2m"]})["image"][:1]
    write(file, tensors, bundle)


def write(file: Path, tensors: dict, bundle: Bundle) -> None:
    data, index = bytearray(), {}
    for name, value in tensors.items():
        index[name] = {"shape": list(value.shape), "file": file.with_suffix(".bin").name, "offset": len(data),
                       "dtype": "float32"}  # fmt: skip
        data += value.astype("<f4").tobytes()
    golden = {
        "madeBy": "test/golden/make_fixture.py",
        "manifestSha256": hashlib.sha256(bundle.bytes).hexdigest(),
        "loop": {"prompt": PROMPT, "steps": STEPS, "guidanceScale": SCALE, "beta": BETA, "timestep": TIMESTEP},
        "texts": [{"text": text, "ids": bundle.ids(text)} for text in TEXTS],
        "tensors": index,
    }
    file.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
    file.with_suffix(".bin").write_bytes(data)


if __name__ == "__main__":
    main()
