"""IP-Adapter-Plus-Face as a bundle computes what diffusers' own pipeline does; what does not fit is one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from conftest import ROOT
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    LCMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from diffusers.schedulers import scheduling_lcm
from safetensors.torch import load_file, save_file
from served import portrait
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer, CLIPVisionModel

from likeness_training.bundle.export import run
from likeness_training.bundle.graphs import UnetGraph
from likeness_training.bundle.parts import open_parts
from likeness_training.config import Config, ConfigError, load_config
from likeness_training.data.random_base import ADAPTER, LORA, write_base
from likeness_training.models.lora import merge_lora
from likeness_training.models.vision import DEVIATION, MEAN

SMALL = load_config(ROOT / "configs/sd15-face-smoke/export.yaml")
PROMPT, NEGATIVE = "smiling, pencil sketch", "blurry"
PHOTOS, BATCH, SCALE = 4, 2, 0.8


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sd15")
    write_base(SMALL, folder)
    return folder


def settings(base: Path, **values: object) -> Config:
    own = {
        "base": str(base),
        "adapter_file": str(base / ADAPTER),
        "lora_file": str(base / LORA),
        "work": str(base.parent / "sd15-work"),
        "out": str(base.parent / "sd15-bundle"),
    }
    return Config(SMALL.path, {**SMALL.values, **own, **values})


@pytest.fixture(scope="module")
def bundle(base: Path) -> Path:
    config = settings(base)
    run(config)
    return Path(config["out"])


class Bundle:
    """The graphs of a bundle, run by onnxruntime."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text())

    def run(self, name: str, **inputs: Tensor) -> dict[str, Tensor]:
        session = onnxruntime.InferenceSession(str(self.folder / f"{name}.onnx"))
        wanted = {port.name for port in session.get_inputs()}
        given = {key: value.numpy() for key, value in inputs.items() if key in wanted}
        outputs = [port.name for port in session.get_outputs()]
        made = [torch.from_numpy(np.asarray(value)) for value in session.run(None, given)]
        return dict(zip(outputs, made, strict=True))

    def see(self, faces: Tensor) -> Tensor:
        """(N, 17, 48): the patch tokens of pictures (N, 3, S, S), one at a time."""
        return torch.cat([self.run("vision_encoder", images=face)["patch_tokens"] for face in faces.split(1)])


def with_lora(unet: nn.Module, file: Path) -> None:
    """The branches of a LoRA beside the layers they change, by hooks: no weight is touched."""
    state, layers = load_file(str(file)), {name.replace(".", "_"): layer for name, layer in unet.named_modules()}
    for key in [key for key in state if key.endswith("lora_down.weight")]:
        stem = key.removesuffix(".lora_down.weight")
        down, up = state[key], state[f"{stem}.lora_up.weight"]
        part = float(state[f"{stem}.alpha"]) / len(down)
        layer = layers[stem.removeprefix("lora_unet_")]

        def branch(layer: nn.Module, inputs: tuple, made: Tensor, down=down, up=up, part=part) -> Tensor:
            (x,) = inputs
            if isinstance(layer, nn.Conv2d):
                low = nn.functional.conv2d(x, down, stride=layer.stride, padding=layer.padding)
                return made + part * nn.functional.conv2d(low, up)
            return made + part * (x @ down.T @ up.T)

        layer.register_forward_hook(branch)


@pytest.fixture(scope="module")
def pipeline(base: Path) -> StableDiffusionPipeline:
    """diffusers' own, with its own loader of adapters."""
    unet = UNet2DConditionModel.from_pretrained(base / "unet")
    made = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(base / "vae"),
        text_encoder=CLIPTextModel.from_pretrained(base / "text_encoder"),
        tokenizer=CLIPTokenizer.from_pretrained(base / "tokenizer"),
        unet=unet,
        scheduler=LCMScheduler.from_pretrained(base / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    made.set_progress_bar_config(disable=True)
    made.load_ip_adapter(str(base), subfolder="", weight_name=ADAPTER, image_encoder_folder=None)
    made.set_ip_adapter_scale(SCALE)
    with_lora(unet, base / LORA)
    return made


def pictures() -> Tensor:
    return torch.randint(0, 256, (PHOTOS, 3, 56, 56), generator=torch.Generator().manual_seed(3)).float()


def seen_by_clip(base: Path, faces: Tensor) -> Tensor:
    """(N, 17, 48): CLIP's last states but one, of pictures 0..255."""
    clip = CLIPVisionModel.from_pretrained(base / "image_encoder").eval()
    mean, deviation = (torch.tensor(values)[:, None, None] for values in (MEAN, DEVIATION))
    with torch.no_grad():
        return clip(pixel_values=(faces / 255 - mean) / deviation, output_hidden_states=True).hidden_states[-2]


def close(mine: Tensor, theirs: Tensor, most: float = 1e-4) -> None:
    """Within `most` of the largest value."""
    assert mine.shape == theirs.shape
    assert (mine - theirs).abs().max() <= most * max(1.0, float(theirs.abs().max()))


LCM_MOST = 5e-4
"""LCM's first step divides by the square root of alpha at t = 999, .068, and float32's errors with it (8e-5 here)."""


class FixedNoise:
    """The noise that LCM adds, the same at each run."""

    def __init__(self) -> None:
        self.source = torch.Generator().manual_seed(5)

    def __call__(self, shape: tuple, **_: object) -> Tensor:
        return torch.randn(shape, generator=self.source)


SCHEDULERS: dict[str, Callable[[Path], LCMScheduler | EulerDiscreteScheduler]] = {
    "lcm": lambda folder: LCMScheduler.from_pretrained(folder),
    "euler": lambda folder: EulerDiscreteScheduler.from_pretrained(folder, timestep_spacing="trailing"),
}


@pytest.mark.parametrize(("name", "guidance"), [("lcm", 1.0), ("euler", 1.0), ("euler", 5.0)])
@torch.no_grad()
def test_the_whole_loop_is_that_of_diffusers(
    base: Path,
    bundle: Path,
    pipeline: StableDiffusionPipeline,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    guidance: float,
) -> None:
    opened, steps = Bundle(bundle), 4
    noise = torch.randn(BATCH, 4, 8, 8, generator=torch.Generator().manual_seed(4))
    person = seen_by_clip(base, pictures())[None]
    mean = torch.tensor(MEAN)[:, None, None].expand(PHOTOS, 3, 56, 56) * 255
    embeds = torch.cat([seen_by_clip(base, mean)[None], person]) if guidance > 1 else person
    pipeline.scheduler = SCHEDULERS[name](base / "scheduler")
    monkeypatch.setattr(scheduling_lcm, "randn_tensor", FixedNoise())
    theirs = pipeline(
        prompt=PROMPT,
        negative_prompt=NEGATIVE if guidance > 1 else None,
        num_inference_steps=steps,
        guidance_scale=guidance,
        num_images_per_prompt=BATCH,
        latents=noise.clone(),
        ip_adapter_image_embeds=[embeds],
        output_type="latent",
    ).images

    tokenizer = CLIPTokenizer.from_pretrained(base / "tokenizer")

    def words(text: str) -> dict[str, Tensor]:
        ids = tokenizer(text, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
        return opened.run("text_encoder", input_ids=ids)

    patches = opened.see(pictures()).reshape(1, -1, 48)
    told = {**opened.run("identity", patch_tokens=patches, conditioned=torch.ones(1)), **words(PROMPT)}
    nobody = opened.run("identity", patch_tokens=torch.zeros_like(patches), conditioned=torch.zeros(1))
    untold = {**nobody, **words(NEGATIVE)}
    scheduler = SCHEDULERS[name](base / "scheduler")
    scheduler.set_timesteps(steps)
    monkeypatch.setattr(scheduling_lcm, "randn_tensor", FixedNoise())
    latents = noise * scheduler.init_noise_sigma
    for timestep in scheduler.timesteps:
        scaled = scheduler.scale_model_input(latents, timestep)
        common = {"latents": scaled, "timestep": timestep[None].float(), "beta": torch.tensor([SCALE])}
        prediction = opened.run("unet", **common, **told)["prediction"]
        if guidance > 1:
            without = opened.run("unet", **common, **untold)["prediction"]
            prediction = without + guidance * (prediction - without)
        latents = scheduler.step(prediction, timestep, latents, return_dict=False)[0]
    most = LCM_MOST if name == "lcm" else 1e-4
    close(latents, theirs, most)
    decoded = pipeline.vae.decode(theirs / pipeline.vae.config.scaling_factor).sample.clamp(-1, 1)
    close(opened.run("decoder", latents=latents)["image"], decoded, most)


def test_it_is_served(bundle: Path, tmp_path: Path) -> None:
    assert portrait(bundle, tmp_path) == (64, 64, 3)


def test_the_vision_graph_gives_the_last_states_but_one(base: Path, bundle: Path) -> None:
    close(Bundle(bundle).see(pictures()), seen_by_clip(base, pictures()))


def test_one_photo_in_every_place_is_that_photo_alone(bundle: Path) -> None:
    opened, noise = Bundle(bundle), torch.randn(BATCH, 4, 8, 8)
    patches = opened.see(pictures()[:1]).repeat(PHOTOS, 1, 1)
    person = opened.run("identity", patch_tokens=patches.reshape(1, -1, 48), conditioned=torch.ones(1))
    words = opened.run("text_encoder", input_ids=torch.full((1, 77), 639))
    common = {"latents": noise, "timestep": torch.tensor([500.0]), "beta": torch.ones(1), **words}
    whole = opened.run("unet", **common, **person)["prediction"]
    half = {key: torch.cat([value[:, :32], value[:, :32]], 1) for key, value in person.items()}
    close(opened.run("unet", **common, **half)["prediction"], whole)
    none = opened.run("unet", **{**common, "beta": torch.zeros(1)}, **person)["prediction"]
    assert not torch.allclose(none, whole, atol=1e-3)


def test_the_manifest_needs_no_sks_and_says_what_the_bundle_was_made_from(bundle: Path) -> None:
    manifest = Bundle(bundle).manifest
    assert not {"sksToken", "sksTokenId"} & manifest["text"].keys()
    assert manifest["text"]["template"] == "{prompt}, portrait of a {class}"
    assert manifest["recogniser"] == {"order": "bgr"}
    assert manifest["references"] == {"count": PHOTOS, "size": 56, "framing": 1.5}
    scheduler = LCMScheduler(num_train_timesteps=1000)
    for steps in (4, 8):
        scheduler.set_timesteps(steps)
        assert manifest["diffusion"]["timesteps"][:: 8 // steps] == scheduler.timesteps.tolist()
    assert all(len(str(value)) == 64 for value in manifest["provenance"]["sources"].values())


def test_without_a_lora_the_base_stays_as_it_is(base: Path, tmp_path: Path) -> None:
    run(settings(base, lora_file=None, out=str(tmp_path / "bundle")))
    assert Bundle(tmp_path / "bundle").manifest["provenance"]["sources"]["lora"] is None


def truncated(path: Path, folder: Path) -> Path:
    made = folder / f"truncated-{path.name}"
    made.write_bytes(path.read_bytes()[:-10])
    return made


def changed(path: Path, folder: Path, change: Callable[[dict[str, Tensor]], dict[str, Tensor]]) -> Path:
    made = folder / f"{change.__name__}-{path.name}"
    save_file({key: value.contiguous() for key, value in change(load_file(str(path))).items()}, str(made))
    return made


def test_what_does_not_fit_is_said_before_anything_is_written(base: Path, tmp_path: Path) -> None:
    def wider(state: dict[str, Tensor]) -> dict[str, Tensor]:
        return state | {"image_proj.proj_in.weight": torch.zeros(128, 64)}

    def of_sd2(state: dict[str, Tensor]) -> dict[str, Tensor]:
        return state | {"image_proj.proj_out.weight": torch.zeros(1024, 128)}

    def other(state: dict[str, Tensor]) -> dict[str, Tensor]:
        return {key.replace("down_blocks_0", "input_blocks_1"): value for key, value in state.items()}

    cases = [
        ({"adapter_file": None}, "give the file with --adapter"),
        ({"adapter_file": str(tmp_path / "nowhere")}, "no such file"),
        ({"adapter_file": str(truncated(base / ADAPTER, tmp_path))}, "the download is not whole"),
        ({"adapter_file": str(base / LORA)}, "no IP-Adapter-Plus"),
        ({"adapter_file": str(changed(base / ADAPTER, tmp_path, wider))}, "an adapter of an image encoder of width 64"),
        ({"adapter_file": str(changed(base / ADAPTER, tmp_path, of_sd2))}, "an adapter of Stable Diffusion 2"),
        ({"lora_file": str(base / ADAPTER)}, "no part of a LoRA of a U-Net"),
        ({"lora_file": str(changed(base / LORA, tmp_path, other))}, "a LoRA of another base"),
        ({"unet": {**SMALL["unet"], "attention_head_dim": 4}}, "`attention_head_dim` is 8"),
        ({"family": "photomaker"}, "expected one of idadapter, ip-adapter"),
    ]
    for change, sentence in cases:
        with pytest.raises(ConfigError) as caught:
            run(settings(base, **change, out=str(tmp_path / "bundle")))
        assert sentence in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "bundle").exists()


def test_a_lora_of_other_shapes_changes_nothing(base: Path, tmp_path: Path) -> None:
    unet = UNet2DConditionModel.from_pretrained(base / "unet")
    before = {name: value.clone() for name, value in unet.state_dict().items()}
    narrow = {**SMALL.values, "unet": {**SMALL["unet"], "block_out_channels": [32, 32, 64, 64]}}
    write_base(Config(SMALL.path, narrow), tmp_path)
    with pytest.raises(ConfigError, match="another base"):
        merge_lora(unet, tmp_path / LORA)
    assert all(torch.equal(value, before[name]) for name, value in unet.state_dict().items())


def test_keys_and_values_inside_the_unet_are_those_that_are_handed_to_it(base: Path) -> None:
    draw = torch.Generator().manual_seed(4)
    tokens = 1 + (SMALL["vision"]["image_size"] // SMALL["vision"]["patch_size"]) ** 2
    person, words, predictions = {}, {}, []
    for cached in (True, False):
        config = settings(base, cached=cached)
        parts = open_parts(config)
        draw.manual_seed(4)
        with torch.no_grad():
            patches = torch.randn(1, PHOTOS * tokens, SMALL["vision"]["hidden_size"], generator=draw)
            person = dict(zip(parts.identity.names, parts.identity(patches, torch.ones(1)), strict=True))
            words = dict(zip(parts.text.names, parts.text(torch.full((1, 77), 5)), strict=True))
            given = {**person, **words, "latents": torch.randn(BATCH, 4, 8, 8, generator=draw)}
            given |= {"timestep": torch.tensor([500.0]), "beta": torch.tensor([SCALE])}
            unet = UnetGraph(parts.model, cached)
            predictions.append(unet(*(given[name] for name in unet.names)))
    assert set(person) == {"identity_tokens"} and set(words) == {"text_tokens"}
    close(predictions[1], predictions[0])
