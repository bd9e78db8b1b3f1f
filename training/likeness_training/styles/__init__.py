"""Styles at 512 px: each a small torch module without learnt weights, exported as a graph of its own.

`STYLES` is in the order of how well they come out, best first; a chooser may show them so.
"""

from __future__ import annotations

from .drawn import BallpointPen, ChalkOnSlate, Charcoal, ColouredPencil, Pastel, PencilSketch
from .painted import ChildrensBook, Impressionist, InkWash, OilPainting, Watercolour
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
    "film noir": FilmNoir,
    "black and white": BlackAndWhite,
    "vaporwave": Vaporwave,
    "manga": Manga,
    "ink wash": InkWash,
    "charcoal": Charcoal,
    "paper cut": PaperCut,
    "cyberpunk": Cyberpunk,
    "pixel art": PixelArt,
    "ukiyo-e": UkiyoE,
    "vintage photo": VintagePhoto,
    "cartoon": Cartoon,
    "pointillism": Pointillism,
    "sepia": Sepia,
    "chalk on slate": ChalkOnSlate,
    "children's book": ChildrensBook,
    "coloured pencil": ColouredPencil,
    "stencil": Stencil,
    "pastel": Pastel,
    "cross stitch": CrossStitch,
    "embroidery": Embroidery,
    "blueprint": Blueprint,
    "low poly": LowPoly,
    "mosaic": Mosaic,
    "stained glass": StainedGlass,
    "bronze statue": BronzeStatue,
    "marble": Marble,
    "neon": Neon,
}


def file_name(label: str) -> str:
    return label.replace(" ", "-").replace("'", "") + ".onnx"


def make(label: str) -> Style:
    """The module of a style, ready to run. Raises KeyError for a label that is none."""
    return STYLES[label]().eval()
