"""Captions from labels: many templates, synonyms, orders, with and without commas.

`left` and `right` are those of the picture as its viewer sees it. What is dropped from a caption is left to chance in
the picture. A style that was made of a photo is always named, and a caption without one means a plain photograph.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

SIDE_DEGREES = 12.0
UP_DEGREES, DOWN_DEGREES = 10.0, -14.0
SURE = 0.55
"""An expression is captioned from this predicted probability on."""

CLASS_WORDS = ("person", "man", "woman", "boy", "girl")
"""`person` stands for any of them in the sks clause."""

EXPRESSIONS: dict[str, tuple[str, ...]] = {
    "happy": (
        "smiling",
        "happy",
        "a happy face",
        "with a smile",
        "laughing",
        "cheerful",
        "joyful",
        "smile",
        "a happy expression",
    ),
    "neutral": (
        "neutral",
        "serious",
        "calm",
        "a neutral face",
        "a serious look",
        "not smiling",
        "a neutral expression",
        "relaxed",
    ),
    "surprised": (
        "surprised",
        "amazed",
        "a surprised face",
        "astonished",
        "with an open mouth",
        "a surprised expression",
        "shocked",
    ),
    "sad": ("sad", "unhappy", "a sad face", "sorrowful", "gloomy", "a sad expression", "melancholy"),
    "disgusted": ("disgusted", "a disgusted face", "grimacing", "a disgusted expression"),
}
SIDES: dict[str, tuple[str, ...]] = {
    "left": (
        "looking left",
        "looking to the left",
        "facing left",
        "turned to the left",
        "head turned left",
        "turned left",
        "from the left",
        "gaze left",
    ),
    "right": (
        "looking right",
        "looking to the right",
        "facing right",
        "turned to the right",
        "head turned right",
        "turned right",
        "from the right",
        "gaze right",
    ),
    "front": (
        "looking at the camera",
        "facing the camera",
        "frontal view",
        "looking straight ahead",
        "front view",
        "facing forward",
        "from the front",
        "looking ahead",
    ),
}
HEIGHTS: dict[str, tuple[str, ...]] = {
    "up": ("looking up", "head raised", "chin up", "looking upwards"),
    "down": ("looking down", "head lowered", "chin down", "looking downwards"),
}
TILTS: dict[str, tuple[str, ...]] = {
    "left": ("head tilted left", "tilted to the left", "leaning left"),
    "right": ("head tilted right", "tilted to the right", "leaning right"),
}
AGES: dict[str, tuple[str, ...]] = {
    "child": ("child", "young child", "little kid"),
    "teenager": ("teenager", "teenage", "adolescent"),
    "young": ("young", "young adult", "youthful"),
    "middle-aged": ("middle-aged", "middle aged", "adult"),
    "old": ("old", "elderly", "senior", "aged"),
}
STYLE_WORDS: dict[str, tuple[str, ...]] = {
    "photo": ("photo", "photograph", "portrait photo", "a photo", "picture", "realistic photo", "colour photo"),
    "pencil sketch": ("pencil sketch", "pencil drawing", "sketch", "drawn in pencil", "graphite drawing"),
    "charcoal": ("charcoal", "charcoal drawing", "drawn in charcoal"),
    "watercolour": ("watercolour", "watercolor", "watercolour painting", "watercolor painting", "aquarelle"),
    "oil painting": ("oil painting", "oil", "painted in oil", "oil on canvas", "painting"),
    "cartoon": ("cartoon", "cartoon style", "toon", "animated"),
    "pop art": ("pop art", "pop-art", "screen print", "poster"),
    "pixel art": ("pixel art", "pixels", "pixelated", "8-bit", "pixel"),
    "black and white": ("black and white", "monochrome", "greyscale", "grayscale", "black and white photo"),
    "sepia": ("sepia", "sepia photo", "sepia tone", "sepia toned"),
    "engraving": ("engraving", "engraved", "etching", "copperplate"),
    "neon": ("neon", "neon lights", "neon glow", "glowing"),
    "low poly": ("low poly", "low-poly", "polygons", "polygonal", "geometric"),
    "comic": ("comic", "comic book", "comic style", "halftone"),
    "blueprint": ("blueprint", "technical drawing", "cyanotype"),
    "pastel": ("pastel", "pastel drawing", "soft pastel", "pastels"),
    "ballpoint pen": ("ballpoint pen", "ballpoint", "ballpoint drawing", "biro", "pen drawing"),
    "impressionist": ("impressionist", "impressionism", "impressionist painting", "impressionistic"),
    "woodcut": ("woodcut", "woodcut print", "wood engraving", "linocut"),
    "vaporwave": ("vaporwave", "vapourwave", "synthwave", "retrowave"),
    "film noir": ("film noir", "noir", "noir film", "detective film"),
    "stained glass": ("stained glass", "stained-glass window", "stained glass window", "church window", "leaded glass"),
    "ink wash": ("ink wash", "ink wash painting", "ink painting", "brush and ink", "sumi-e"),
    "bronze statue": ("bronze statue", "bronze", "bronze sculpture", "bronze bust", "statue"),
    "paper cut": ("paper cut", "papercut", "paper-cut", "cut paper", "layered paper"),
    "cyberpunk": ("cyberpunk", "cyberpunk style", "cyber punk", "cyber-punk"),
    "manga": ("manga", "manga style", "manga drawing", "japanese comic"),
    "mosaic": ("mosaic", "mosaic tiles", "roman mosaic", "tiles"),
    "chalk on slate": ("chalk on slate", "chalk", "chalk drawing", "chalkboard", "blackboard"),
    "ukiyo-e": ("ukiyo-e", "ukiyoe", "japanese woodblock print", "woodblock print", "japanese print"),
    "cross stitch": ("cross stitch", "cross-stitch", "cross stitched", "cross-stitched"),
    "vintage photo": ("vintage photo", "vintage", "vintage photograph", "old photograph", "old photo"),
    "coloured pencil": (
        "coloured pencil",
        "colored pencil",
        "coloured pencils",
        "colored pencils",
        "coloured pencil drawing",
        "colored pencil drawing",
    ),
    "pointillism": ("pointillism", "pointillist", "pointillist painting", "stippled"),
    "stencil": ("stencil", "stencilled", "stenciled", "stencil graffiti", "graffiti"),
    "embroidery": ("embroidery", "embroidered", "satin stitch", "needlework"),
    "marble": ("marble", "marble statue", "marble sculpture", "marble bust", "sculpture"),
}
SUBJECTS = (
    "portrait",
    "a portrait",
    "face",
    "headshot",
    "portrait of a {class}",
    "a {class}",
    "picture of a {class}",
    "close portrait of a {class}",
)
STYLE_FORMS = (
    "{style}",
    "{style} style",
    "as a {style}",
    "in the style of {style}",
    "a {style} portrait",
    "{style} of a {class}",
    "in {style}",
)


def class_of(row: dict) -> str:
    """`man`, `woman`, `boy`, `girl`, or `person` where the gender is unknown."""
    gender, age = row.get("gender"), row.get("age")
    if gender not in ("male", "female"):
        return "person"
    young = age is not None and age < 13
    return ("boy" if young else "man") if gender == "male" else ("girl" if young else "woman")


def age_of(labels: Mapping[str, str]) -> int | None:
    """Years, of a portrait's labels; None where they say none, or a range."""
    age = str(labels.get("age", ""))
    return int(age) if age.isdigit() else None


def age_group(age: int | None) -> str | None:
    if age is None:
        return None
    for limit, name in ((13, "child"), (20, "teenager"), (36, "young"), (58, "middle-aged")):
        if age < limit:
            return name
    return "old"


def side_of(yaw: float) -> str:
    return "right" if yaw > SIDE_DEGREES else "left" if yaw < -SIDE_DEGREES else "front"


def facts(row: dict, mirrored: bool, made: Mapping[str, str]) -> dict[str, str]:
    """What can be said of a crop, before wording: kind of fact -> its class. `made`: its `style`, where it has one."""
    sign = -1 if mirrored else 1
    found: dict[str, str] = {"side": side_of(sign * row["yaw"]), "style": "photo", **made}
    if row.get("expression") in EXPRESSIONS and row["expression_p"] >= SURE:
        found["expression"] = row["expression"]
    if row["pitch"] > UP_DEGREES or row["pitch"] < DOWN_DEGREES:
        found["height"] = "up" if row["pitch"] > 0 else "down"
    if row["tilt"]:
        found["tilt"] = "right" if sign * row["tilt"] > 0 else "left"
    group = age_group(row.get("age"))
    if group:
        found["age"] = group
    return found


PLAIN: Mapping[str, str] = {}
"""Of a photograph as it was taken."""

KEEP = {"expression": 0.85, "side": 0.8, "height": 0.8, "tilt": 0.9, "age": 0.3}
"""How often a fact is said. Style always is when it is none of a plain photo, and 35 % of the time when it is."""


def pick(choices: Sequence[str], source: random.Random) -> str:
    """The first, plainest word half of the time."""
    return choices[0] if source.random() < 0.4 else source.choice(choices)


def made_up_word(source: random.Random) -> str:
    """A word no caption explains, so that the model learns to pass over what it does not know."""
    return "".join(source.choice("bcdfghjklmnpqrstvwz") + source.choice("aeiou") for _ in range(source.randint(2, 3)))


def prompt(found: dict[str, str], word: str, source: random.Random) -> str:
    """The words a member might write for such a picture."""
    parts: list[str] = []
    for kind, table in (
        ("expression", EXPRESSIONS),
        ("side", SIDES),
        ("height", HEIGHTS),
        ("tilt", TILTS),
        ("age", AGES),
    ):
        if kind in found and source.random() < KEEP[kind]:
            parts.append(pick(table[found[kind]], source))
    style = found["style"]
    if style != "photo" or source.random() < 0.35:
        form = "{style}" if source.random() < 0.5 else source.choice(STYLE_FORMS)
        parts.append(form.replace("{style}", pick(STYLE_WORDS[style], source)))
    if source.random() < 0.35:
        parts.append(source.choice(SUBJECTS))
    if source.random() < 0.06:
        parts.append(made_up_word(source))
    source.shuffle(parts)
    joined = (", " if source.random() < 0.6 else " ").join(parts)
    return joined.replace("{class}", word)


def caption(
    row: dict, source: random.Random, mirrored: bool = False, made: Mapping[str, str] = PLAIN, sks: bool = True
) -> str:
    """A full caption; with `sks` it ends in the clause that carries the identity (`..., woman is sks`)."""
    word = class_of(row)
    if source.random() < 0.3:
        word = "person"
    text = prompt(facts(row, mirrored, made), word, source)
    return f"{text}, {word} is sks".removeprefix(", ") if sks else text or "portrait"


def words_of(tables: Iterable[Mapping[str, Sequence[str]]]) -> list[str]:
    """Every word that a caption of these phrases can hold."""
    phrases = [phrase for table in tables for words in table.values() for phrase in words]
    phrases += [form.replace("{style}", "").replace("{class}", "") for form in (*SUBJECTS, *STYLE_FORMS)]
    words = {word for phrase in phrases for word in phrase.replace(",", " ").split()}
    return sorted(words | set(CLASS_WORDS) | {"is", "sks", "and", "the", "with", "of"})


def vocabulary() -> dict:
    """The manifest's `vocabulary`: every word a caption can hold, and the phrases that ask for something."""
    tables = {
        "expressions": EXPRESSIONS,
        "sides": SIDES,
        "heights": HEIGHTS,
        "tilts": TILTS,
        "ages": AGES,
        "styles": STYLE_WORDS,
    }
    return {"words": words_of(tables.values()), **{name: listed(table) for name, table in tables.items()}}


def listed(table: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {key: list(value) for key, value in table.items()}
