"""What every style is: portrait, matte and face in, styled portrait out."""

from __future__ import annotations

from torch import Tensor, nn

from .operations import Places


class Style(nn.Module):
    """A style as a graph. Inputs, all float32 in 0..1: `image` [1, 3, 512, 512] RGB, `matte` [1, 1, 512, 512] (1 is the
    person), `face` [1, 4, 512, 512] (oval, lips, inner mouth, eyes). Output: RGB [1, 3, 512, 512] in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        self.places = Places()

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        raise NotImplementedError

    def forward(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        painted = self.paint(image, matte, face)
        kept = (matte[:, :, :1, :1] + face[:, :1, :1, :1]) * 0
        """An input that a style does not look at stays an input of its graph."""
        return (painted + kept).clamp(0, 1)
