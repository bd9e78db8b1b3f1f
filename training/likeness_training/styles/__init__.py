"""Styles at 512 px: each a small torch module without learnt weights, exported as a graph of its own.

`STYLES` is in the order of how well they come out, best first; a chooser may show them so.
"""

from __future__ import annotations

from .drawn import Charcoal, Pastel, PencilSketch
from .painted import Impressionist, OilPainting, Watercolour
from .photographed import BlackAndWhite, Neon, Sepia
from .pieces import LowPoly, PixelArt
from .printed import Blueprint, Cartoon, Comic, Engraving, PopArt
from .style import Style

STYLES: dict[str, type[Style]] = {
    "oil painting": OilPainting,
    "pencil sketch": PencilSketch,
    "watercolour": Watercolour,
    "pop art": PopArt,
    "black and white": BlackAndWhite,
    "comic": Comic,
    "engraving": Engraving,
    "sepia": Sepia,
    "cartoon": Cartoon,
    "impressionist": Impressionist,
    "charcoal": Charcoal,
    "pastel": Pastel,
    "pixel art": PixelArt,
    "low poly": LowPoly,
    "neon": Neon,
    "blueprint": Blueprint,
}


def file_name(label: str) -> str:
    return label.replace(" ", "-").replace("'", "") + ".onnx"


def make(label: str) -> Style:
    """The module of a style, ready to run. Raises KeyError for a label that is none."""
    return STYLES[label]().eval()
