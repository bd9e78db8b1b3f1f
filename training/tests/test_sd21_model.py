"""The model of the paper's size: its shapes without its memory, and its behaviour shrunk in width."""

from __future__ import annotations

import pytest
import torch
from conftest import ROOT
from diffusers import UNet2DConditionModel

from likeness_training.config import Config, load_config
from likeness_training.models import attention
from likeness_training.models.attention import Context, IdentityAdapter
from likeness_training.models.idadapter import IdAdapter, Identity, References
from likeness_training.models.size import build_model, build_vision, count_trained, freeze_base, shapes_only, trained

IDS = torch.tensor([[1, 5, 6, 637, 639, 0, 0, 0]])


@pytest.fixture(scope="module")
def small() -> Config:
    return load_config(ROOT / "configs/sd21-smoke/model.yaml")


@pytest.fixture(scope="module")
def model(small: Config) -> IdAdapter:
    torch.manual_seed(0)
    return build_model(small, 637, 639).eval()


@pytest.fixture(scope="module")
def full() -> tuple:
    """The real size, on the meta device."""
    return shapes_only(load_config(ROOT / "configs/sd21/model.yaml"))


def person(model: IdAdapter, seed: int) -> Identity:
    source = torch.Generator().manual_seed(seed)
    draw = lambda *shape: torch.randn(shape, generator=source)  # noqa: E731
    return model.identity(References(draw(1, 4 * 16, 32), draw(1, 32), draw(1, 512)))


def test_the_trainable_count_is_the_papers(full: tuple) -> None:
    model, vae, vision = full
    counts = count_trained(model)
    total = sum(counts.values())
    print(
        ", ".join(f"{part} {count / 1e6:.1f} M" for part, count in counts.items()),
        f"= {total / 1e6:.1f} M (paper: 262 M)",
    )
    assert abs(total / 264.6e6 - 1) < 0.005
    assert {part: round(count / 1e6, 1) for part, count in counts.items()} == {
        "adapters": 211.2,
        "keys and values": 25.6,
        "MFF": 25.7,
        "sks MLP": 2.1,
    }
    assert next(model.parameters()).device.type == "meta"
    base = sum(p.numel() for name, p in model.unet.named_parameters() if ".fuser." not in name)
    assert round(base / 1e6, 1) == 865.9, "the U-Net of SD 2.1"
    assert round(sum(p.numel() for p in model.text.parameters()) / 1e6, 1) == 340.4, (
        "OpenCLIP-H's text encoder less its last layer"
    )
    assert round(sum(p.numel() for p in vae.parameters()) / 1e6, 1) == 83.7
    assert round(sum(p.numel() for p in vision.parameters()) / 1e6, 1) == 303.2, "CLIP ViT-L/14"


def test_every_one_of_the_16_blocks_has_a_closed_adapter(model: IdAdapter, full: tuple) -> None:
    for made in (model, full[0]):
        assert sum(isinstance(module, IdentityAdapter) for module in made.modules()) == 16
    gates = [value.item() for name, value in model.named_parameters() if "alpha" in name]
    assert gates == [0.0] * 32


def test_only_the_papers_parts_get_gradients(model: IdAdapter) -> None:
    freeze_base(model)
    assert {name for name, value in model.named_parameters() if value.requires_grad} == {
        name for name, _ in trained(model)
    }
    assert not any(value.requires_grad for value in model.text.parameters())


def denoise(model: IdAdapter, identity: Identity, beta: float, latents: torch.Tensor) -> torch.Tensor:
    hidden = model.text(IDS, identity.sks * 0)
    context = Context(tokens=identity.tokens, beta=torch.full((1, 1, 1), beta))
    with torch.inference_mode():
        return model.denoise(latents, torch.tensor([500]), Context(tokens=hidden), context)


def open_gates(model: IdAdapter) -> None:
    for name, value in model.named_parameters():
        if "alpha" in name:
            value.data.fill_(0.7)


@pytest.mark.parametrize("beta", [0.0, 1.0])
def test_without_beta_or_with_closed_gates_it_is_the_base_model_bit_for_bit(
    small: Config, monkeypatch: pytest.MonkeyPatch, beta: float
) -> None:
    """Against diffusers' own U-Net and attention, on the same weights. `beta` 0: gates wide open; 1: gates at 0."""
    monkeypatch.setattr(attention, "FUSED_FROM", 0)
    torch.manual_seed(1)
    model = build_model(small, 637, 639).eval()
    if beta == 0:
        open_gates(model)
    plain = UNet2DConditionModel(**small["unet"], cross_attention_dim=32).eval()
    plain.load_state_dict({name: value for name, value in model.unet.state_dict().items() if ".fuser." not in name})
    latents = torch.randn(1, 4, 8, 8)
    hidden = model.text(IDS, torch.zeros(1, 32))
    with torch.inference_mode():
        expected = plain(latents, torch.tensor([500]), hidden).sample
    assert torch.equal(denoise(model, person(model, 1), beta, latents), expected)


def test_open_gates_show_the_person_more_with_beta(small: Config) -> None:
    torch.manual_seed(1)
    model = build_model(small, 637, 639).eval()
    open_gates(model)
    latents = torch.randn(1, 4, 8, 8)
    at = {beta: denoise(model, person(model, 1), beta, latents) for beta in (0.0, 0.5, 1.0)}
    assert 0 < (at[0.5] - at[0.0]).abs().mean() < (at[1.0] - at[0.0]).abs().mean()
    assert not torch.equal(at[1.0], denoise(model, person(model, 2), 1.0, latents))


def test_the_person_reaches_the_text_at_sks_alone(model: IdAdapter) -> None:
    one, other = (model.text(IDS, torch.full((1, 32), value)) for value in (0.0, 1.0))
    differ = (one != other).any(-1)[0].tolist()
    assert differ == [False, False, False, True, True, True, True, True], "the encoder is causal"


def test_fused_and_plain_attention_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    query, key, value = (torch.randn(2, length, 64) for length in (10, 7, 7))
    plain = attention.attend(query, key, value, 4)
    monkeypatch.setattr(attention, "FUSED_FROM", 0)
    assert torch.allclose(attention.attend(query, key, value, 4), plain, atol=1e-6)


def test_the_vision_encoder_gives_patches_and_a_class_embedding(small: Config) -> None:
    patches, classes = build_vision(small)(torch.randint(0, 256, (2, 3, 56, 56)))
    assert patches.shape == (2, 16, 32)
    assert classes.shape == (2, 32)


def test_the_sks_embedding_begins_as_the_word_person_as_loud_as_other_words(small: Config) -> None:
    torch.manual_seed(0)
    model = build_model(small, 637, 639)
    model.begin_as(40)
    words = model.text.clip.embeddings.token_embedding.embedding.weight
    people = torch.randn(16, 32)
    sks = model.sks(people)
    assert sks.norm(dim=1).max() < 2 * words[40].norm()
    assert torch.nn.functional.cosine_similarity(sks, words[40][None]).min() > 0.6
    assert (sks[0] - sks[1]).norm() > 0, "and tells people apart"


def test_patch_tokens_are_seen_through_the_final_layer_norm(small: Config) -> None:
    """Its last layer's states hold a few values a hundred times the others', which MFF would hand on."""
    torch.manual_seed(0)
    vision = build_vision(small)
    with torch.no_grad():
        vision.clip.post_layernorm.weight.fill_(2.0)
        patches, classes = vision(torch.rand(2, 3, 56, 56) * 255)
    assert patches.shape == (2, 16, 32) and classes.shape == (2, 32)
    assert torch.allclose(patches.std(-1, unbiased=False), torch.full((2, 16), 2.0), atol=1e-2)
    assert torch.allclose(patches.mean(-1), torch.zeros(2, 16), atol=1e-5)


def test_without_mff_the_tokens_are_what_clip_and_the_recogniser_say(small: Config) -> None:
    values = {**small.values, "identity": {**small["identity"], "blocks": 0}}
    model = build_model(Config(small.path, values), 637, 639)
    patches, faces = torch.randn(1, 64, 32), torch.nn.functional.normalize(torch.randn(1, 512), dim=1)
    tokens = model.mff(patches, faces)
    assert torch.equal(tokens[:, :-1], patches) and tokens.shape == (1, 65, 32)
    assert count_trained(model)["MFF"] == 32 * 513
