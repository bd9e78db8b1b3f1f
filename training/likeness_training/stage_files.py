"""What the stage files of the full size may hold, and of which type each value is.

A file may hold the keys of other stages as well: it extends a model's.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Settings = dict[str, Any]
"""Handed as it is to the configuration of a model of diffusers, which knows its own keys."""


class TextShape(TypedDict, total=False):
    """Of transformers' CLIPTextConfig."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    max_position_embeddings: int
    hidden_act: str


class VisionShape(TypedDict, total=False):
    """Of transformers' CLIPVisionConfig."""

    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    image_size: int
    patch_size: int
    hidden_act: str


class IdentityShape(TypedDict, total=False):
    """Of IDAdapter: widths, heads of attention, blocks of MFF, where gates begin, whether there is an sks token."""

    patch_width: int
    class_width: int
    width: int
    heads: int
    gate: float
    sks: bool
    blocks: int


class AdapterShape(TypedDict, total=False):
    """Of IP-Adapter's resampler."""

    patch_width: int
    width: int
    depth: int
    tokens: int


class Diffusion(TypedDict, total=False):
    """As a manifest says it."""

    schedule: str
    betaStart: float
    betaEnd: float
    trainTimesteps: int
    prediction: str


class ModelFile(TypedDict, total=False):
    """A model: its shapes and where its published weights lie; paths are relative to `training/`."""

    family: Literal["idadapter", "ip-adapter"]
    work: str
    face_models: str
    recogniser: Literal["rgb", "bgr"]
    base: str | None
    vision_folder: str | None
    adapter_file: str | None
    lora_file: str | None
    image: int
    references: int
    framing: float
    text: TextShape
    vision: VisionShape
    identity: IdentityShape
    adapter: AdapterShape
    unet: Settings
    vae: Settings
    diffusion: Diffusion
    template: str
    negative_prompt: str


class PrepareFile(TypedDict, total=False):
    """Pictures to latents."""

    layout: Literal["mm-celeba-hq", "people"]
    photos: str | None
    identities: str | None
    shard: int
    encode_batch: int
    tokens: bool
    workers: int
    val_every: int
    seed: int
    train_people: int


class LossWeights(TypedDict, total=False):
    """Factors of the terms of the loss."""

    noise: float
    identity: float


class Dropout(TypedDict, total=False):
    """Shares of the samples that lack what the model is told."""

    text: float
    identity: float
    both: float


class TrainFile(TypedDict, total=False):
    """The paper's training."""

    lr: float
    clip: float
    batch: int
    micro: int
    steps: int
    weights: LossWeights
    judge_below: int
    dropout: Dropout
    own: float
    precision: str
    checkpointing: bool
    ema: float
    seed: int
    log_every: int
    save_every: int
    sheet_every: int
    sheet_steps: int
    sheet_guidance: float
    measure_every: int
    measure_people: int
    prompts: list[str]
    tensorboard: bool
    threads: int


class NetworkTraining(TypedDict, total=False):
    """How one network of a small base is trained."""

    weights: dict[str, float]
    noise: float
    judged: int
    dropout: float
    batch: int
    samples: int
    lr: float
    lr_end: float
    warmup: int
    ema: float


class SmallBaseFile(TypedDict, total=False):
    """A small base that stands for Stable Diffusion in proofs and tests."""

    name: str
    prepared: str
    pictures: int
    autoencoder: NetworkTraining
    vision_encoder: NetworkTraining
    words: NetworkTraining


class DraftStart(TypedDict, total=False):
    """Where denoising begins from a draft."""

    bundle: str
    strength: float


class Sampling(TypedDict, total=False):
    """As a manifest says it."""

    sampler: str
    steps: int
    guidanceScale: float
    timesteps: list[int]
    candidatesPerPortrait: int


class Upscale(TypedDict, total=False):
    """As a manifest says it."""

    factor: int
    filter: str


class ExportFile(TypedDict, total=False):
    """A bundle."""

    bundle: str
    version: str
    checkpoint: str | None
    draft: DraftStart | None
    attention: Literal["fused", "matmul"]
    cached: bool
    external_data: bool
    open_vocabulary: bool
    sampling: Sampling
    upscale: Upscale
    out: str


STAGE_FILES = (ModelFile, PrepareFile, TrainFile, SmallBaseFile, ExportFile)
