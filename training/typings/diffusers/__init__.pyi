from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self, overload

import torch
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

__version__: str

class _Settings(Mapping[str, Any]):
    scaling_factor: float
    block_out_channels: list[int]
    def __getitem__(self, key: str) -> Any: ...
    def __iter__(self) -> Any: ...
    def __len__(self) -> int: ...

class _Saved:
    config: _Settings
    @classmethod
    def from_pretrained(
        cls, folder: str | Path, *, subfolder: str = ..., local_files_only: bool = ..., **settings: object
    ) -> Self: ...
    @classmethod
    def from_config(cls, config: Mapping[str, Any], **settings: object) -> Self: ...
    def save_pretrained(self, folder: str | Path) -> None: ...

class DiagonalGaussianDistribution:
    mean: Tensor

class _Encoded:
    latent_dist: DiagonalGaussianDistribution

class _Decoded:
    sample: Tensor

class AutoencoderKL(_Saved, nn.Module):
    encoder: nn.Module
    decoder: nn.Module
    quant_conv: nn.Conv2d
    post_quant_conv: nn.Conv2d
    dtype: torch.dtype
    def __init__(self, **settings: Any) -> None: ...
    def encode(self, x: Tensor) -> _Encoded: ...
    def decode(self, z: Tensor) -> _Decoded: ...
    def enable_gradient_checkpointing(self) -> None: ...

class UNet2DConditionModel(_Saved, nn.Module):
    position_net: nn.Module
    def __init__(self, **settings: Any) -> None: ...
    def __call__(
        self,
        sample: Tensor,
        timestep: Tensor,
        encoder_hidden_states: object,
        *,
        cross_attention_kwargs: dict[str, Any] | None = ...,
    ) -> _Decoded: ...
    def enable_gradient_checkpointing(self) -> None: ...

class _Step:
    prev_sample: Tensor

class _Scheduler(_Saved):
    init_noise_sigma: float
    timesteps: Tensor
    alphas_cumprod: Tensor
    sigmas: Tensor
    def __init__(self, **settings: Any) -> None: ...
    def set_timesteps(self, count: int = ..., *, timesteps: list[int] = ...) -> None: ...
    def scale_model_input(self, sample: Tensor, timestep: Tensor) -> Tensor: ...
    @overload
    def step(self, prediction: Tensor, timestep: Tensor, sample: Tensor) -> _Step: ...
    @overload
    def step(
        self, prediction: Tensor, timestep: Tensor, sample: Tensor, *, return_dict: Literal[False]
    ) -> tuple[Tensor, ...]: ...
    def add_noise(self, clean: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor: ...

class DDIMScheduler(_Scheduler): ...
class DPMSolverMultistepScheduler(_Scheduler): ...
class EulerDiscreteScheduler(_Scheduler): ...
class LCMScheduler(_Scheduler): ...

class _Drawn:
    images: Any

class StableDiffusionPipeline:
    vae: AutoencoderKL
    unet: UNet2DConditionModel
    text_encoder: CLIPTextModel
    tokenizer: CLIPTokenizer
    scheduler: _Scheduler
    def __init__(self, **parts: object) -> None: ...
    def __call__(self, *arguments: Any, **settings: Any) -> _Drawn: ...
    def load_ip_adapter(self, *arguments: Any, **settings: Any) -> None: ...
    def set_ip_adapter_scale(self, scale: float) -> None: ...
    def set_progress_bar_config(self, *, disable: bool) -> None: ...
    def load_lora_weights(self, *arguments: Any, **settings: Any) -> None: ...
    def fuse_lora(self, **settings: Any) -> None: ...
