"""Stage `upscaler`: a small network that doubles a picture's sides, for delivery (models/upscaler.py).

Learns from the training crops as they are and shrunk by half, from photographs and filtered ones: shrunk by averaging, softened by up to
`blur` pixels as the decoder's pictures are, with a little noise, and the picture as it was. L1 of pixels and edges alone, no critic: nothing is drawn that is
not there.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import Config
from ..data.arrays import open_arrays
from ..models.upscaler import FACTOR, Upscaler
from .autoencoder import edges
from .loop import Average, Run, Swapped, prepare_torch, sheet, to_pictures

BLUR_SIDE = 7


def blurred(pictures: Tensor, sigma: Tensor) -> Tensor:
    """Each by a Gaussian of its own `sigma` (B,) in pixels."""
    offsets = torch.arange(BLUR_SIDE) - BLUR_SIDE // 2
    line = torch.exp(-offsets.square() / (2 * sigma[:, None].square()))
    line = line / line.sum(1, keepdim=True)
    kernels = (line[:, :, None] * line[:, None, :])[:, None].repeat_interleave(3, 0)
    border, (count, _, height, width) = BLUR_SIDE // 2, pictures.shape
    padded = F.pad(pictures, (border, border, border, border), mode="replicate").reshape(1, 3 * count, height + 2 * border, width + 2 * border)
    return F.conv2d(padded, kernels, groups=3 * count).reshape(pictures.shape)


class Pairs:
    """(small, large) batches: squares of `crop` pixels of a large picture."""

    def __init__(self, config: Config, generator: torch.Generator) -> None:
        arrays = open_arrays(config)
        self.config, self.generator, self.arrays = config, generator, arrays
        self.styled = np.load(arrays.folder / "styled.npy", mmap_mode="r")
        self.train = arrays.indices("train")

    def pictures(self, count: int) -> Tensor:
        """Photographs, and `styled_share` filtered ones."""
        styled = round(count * self.config["styled_share"])
        numbers = [torch.randint(high, (part,), generator=self.generator).numpy() for high, part in ((len(self.train), count - styled), (len(self.styled), styled))]
        return to_pictures(np.concatenate([self.arrays.images[np.sort(self.train[numbers[0]])], self.styled[np.sort(numbers[1])]]))

    def next(self) -> tuple[Tensor, Tensor]:
        batch, crop = self.config["batch"], self.config["crop"]
        large = self.pictures(batch)
        if torch.rand(1, generator=self.generator) < self.config["shrunk_share"]:
            large = F.avg_pool2d(large, 2)
        top, left = (int(torch.randint(large.shape[2] - crop + 1, (1,), generator=self.generator)) for _ in range(2))
        large = large[:, :, top : top + crop, left : left + crop]
        if torch.rand(1, generator=self.generator) < 0.5:
            large = large.flip(3)
        small = F.avg_pool2d(large, FACTOR)
        small = blurred(small, 0.05 + self.config["blur"] * torch.rand(batch, generator=self.generator))
        noise = self.config["noise"] * torch.rand(batch, 1, 1, 1, generator=self.generator)
        return small + noise * torch.randn(small.shape, generator=self.generator), large


def psnr(made: Tensor, real: Tensor) -> float:
    return float((10 * torch.log10(4 / (made.clamp(-1, 1) - real).square().mean((1, 2, 3)))).mean())


@torch.inference_mode()
def evaluate(model: Upscaler, pictures: Tensor) -> dict[str, float]:
    """PSNR in dB of the network and of its filter alone, on pictures shrunk by 2 and by 4, as they are and softened by half a pixel."""
    plain, found = Upscaler(8, 0).eval(), {}
    for passes, name in ((1, "twice"), (2, "four_times")):
        small = F.avg_pool2d(pictures, FACTOR**passes)
        soft = blurred(small, torch.full((len(small),), 0.5))
        for key, given in ((name, small), (f"{name}_soft", soft)):
            found[key] = psnr(model(given, passes), pictures)
            found[f"{key}_lanczos"] = psnr(plain(given, passes), pictures)
    return found


def run(config: Config) -> None:
    generator = prepare_torch(config)
    pairs, model = Pairs(config, generator), Upscaler(**config["upscaler"]).to(memory_format=torch.channels_last)
    optimizer, average = torch.optim.AdamW(model.parameters(), lr=config["lr"], weight_decay=0.0, fused=True), Average(model, config["ema"])
    state = Run(config, "upscaler", {"model": model, "optimizer": optimizer, "average": average, "generator": generator})
    rows = pairs.arrays.indices("val", upright=True)[: config["val"]]
    val = to_pictures(pairs.arrays.images[rows])
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        small, large = pairs.next()
        made = model(small)
        terms = {"pixel": (made - large).abs().mean(), "edge": sum((a - b).abs().mean() for a, b in zip(edges(made), edges(large)))}
        optimizer.zero_grad(set_to_none=True)
        sum(config["weights"][name] * value for name, value in terms.items()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update(model)
        state.step(len(small), **{name: float(value.detach()) for name, value in terms.items()})
        if state.crossed(config["evaluate_every"], len(small)) or state.done >= config["samples"]:
            with Swapped(model, average), torch.inference_mode():
                state.log(**evaluate(model, val))
                small = F.avg_pool2d(val[:8], 4)
                sheet(state.folder / "sheet.png", [val[:8], Upscaler(8, 0)(small, 2), model(small, 2)])
    state.save()
    model.load_state_dict(average.values)
    torch.save(model.state_dict(), config.work / "upscaler.pt")
