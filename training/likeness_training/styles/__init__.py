"""Styles at 512 px: each a small torch module without learnt weights, exported as a graph of its own.

`STYLES` is in the order of how well they come out, best first; a chooser may show them so.
"""

from __future__ import annotations

from .drawn import BallpointPen, ChalkOnSlate, Charcoal, ColouredPencil, Pastel, PencilSketch
from .painted import Impressionist, InkWash, OilPainting, Watercolour
from .photographed import BlackAndWhite, Cyberpunk, FilmNoir, Neon, Sepia, Vaporwave, VintagePhoto
from .pieces import CrossStitch, Embroidery, LowPoly, Mosaic, PaperCut, PixelArt, Pointillism, StainedGlass
from .printed import Blueprint, Cartoon, Comic, Engraving, Manga, PopArt, Stencil, UkiyoE, Woodcut
from .sculpted import BronzeStatue, Marble
from .style import Style

STYLES: dict[str, type[Style]] = {
    "oil painting": OilPainting,
    "watercolour": Watercolour,
    "pop art": PopArt,
    "pencil sketch": PencilSketch,
    "ballpoint pen": BallpointPen,
    "comic": Comic,
    "impressionist": Impressionist,
    "engraving": Engraving,
    "woodcut": Woodcut,
    "vaporwave": Vaporwave,
    "film noir": FilmNoir,
    "black and white": BlackAndWhite,
    "stained glass": StainedGlass,
    "low poly": LowPoly,
    "ink wash": InkWash,
    "bronze statue": BronzeStatue,
    "charcoal": Charcoal,
    "paper cut": PaperCut,
    "cyberpunk": Cyberpunk,
    "pixel art": PixelArt,
    "manga": Manga,
    "mosaic": Mosaic,
    "chalk on slate": ChalkOnSlate,
    "ukiyo-e": UkiyoE,
    "cartoon": Cartoon,
    "cross stitch": CrossStitch,
    "neon": Neon,
    "vintage photo": VintagePhoto,
    "sepia": Sepia,
    "coloured pencil": ColouredPencil,
    "pointillism": Pointillism,
    "stencil": Stencil,
    "blueprint": Blueprint,
    "embroidery": Embroidery,
    "pastel": Pastel,
    "marble": Marble,
}


def file_name(label: str) -> str:
    return label.replace(" ", "-") + ".onnx"


def make(label: str) -> Style:
    """The module of a style, ready to run. Raises KeyError for a label that is none."""
    return STYLES[label]().eval()
