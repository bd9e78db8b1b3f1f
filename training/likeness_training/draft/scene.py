"""Words for what the program itself draws around a person and on them: `pipeline/scene/` has a drawing for each label.

No network is trained on them. Labels come in the order in which they are offered, each with its phrases, the preferred
one first.
"""

ACCESSORIES: dict[str, tuple[str, ...]] = {
    "crown": ("wearing a crown", "crown", "with a crown", "golden crown", "tiara", "king", "queen"),
    "sunglasses": ("wearing sunglasses", "sunglasses", "with sunglasses", "shades"),
    "santa hat": ("wearing a santa hat", "santa hat", "christmas hat", "santa", "christmas"),
    "wizard hat": ("wearing a wizard hat", "wizard hat", "wizard's hat", "witch hat", "wizard"),
    "pirate hat": ("wearing a pirate hat", "pirate hat", "tricorn", "pirate"),
    "flower crown": ("wearing a flower crown", "flower crown", "flowers in the hair", "flower wreath", "flowers"),
    "party hat": ("wearing a party hat", "party hat", "birthday hat", "birthday"),
    "top hat": ("wearing a top hat", "top hat", "with a top hat"),
    "cowboy hat": ("wearing a cowboy hat", "cowboy hat", "stetson", "cowboy", "cowgirl"),
    "beanie": ("wearing a beanie", "beanie", "woolly hat", "knitted hat", "winter hat"),
    "graduation cap": ("wearing a graduation cap", "graduation cap", "mortarboard", "graduation"),
    "headphones": ("wearing headphones", "headphones", "with headphones", "headset"),
    "cat ears": ("with cat ears", "cat ears", "wearing cat ears", "cat"),
    "bunny ears": ("with bunny ears", "bunny ears", "wearing bunny ears", "rabbit ears", "bunny"),
    "horns": ("with horns", "horns", "devil horns", "devil"),
    "halo": ("with a halo", "halo", "angel"),
    "glasses": ("wearing glasses", "glasses", "with glasses", "eyeglasses", "spectacles"),
    "eye patch": ("wearing an eye patch", "eye patch", "with an eye patch", "eyepatch"),
    "moustache": ("with a moustache", "moustache", "mustache"),
    "red nose": ("with a red nose", "red nose", "clown nose", "clown"),
}

PAPERS = ("white", "black", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")
"""Colours of plain backdrops."""


def paper(colour: str) -> tuple[str, ...]:
    article = "an" if colour[0] in "aeiou" else "a"
    return (f"{colour} background", f"{colour} backdrop", f"{colour} wall", f"in front of {article} {colour} wall")


BACKDROPS: dict[str, tuple[str, ...]] = {
    "sunset": ("at sunset", "sunset", "in front of a sunset", "evening sky"),
    "beach": ("on the beach", "beach", "at the beach", "at the seaside", "palm trees"),
    "forest": ("in a forest", "forest", "woods", "trees"),
    "autumn": ("in an autumn forest", "autumn", "autumn leaves", "autumn forest", "in autumn"),
    "mountains": ("in the mountains", "mountains", "mountain", "alps"),
    "snow": ("in the snow", "snow", "snowfall", "snowy"),
    "cherry blossom": ("under cherry blossom", "cherry blossom", "cherry blossoms", "sakura"),
    "sky": ("under a cloudy sky", "clouds", "blue sky", "cloudy sky", "sky"),
    "starry night": ("under a starry night", "starry night", "stars", "starry sky", "night sky"),
    "northern lights": ("under the northern lights", "northern lights", "aurora", "aurora borealis", "polar lights"),
    "space": ("in space", "space", "outer space", "galaxy", "universe"),
    "fireworks": ("in front of fireworks", "fireworks", "firework"),
    "city at night": ("in a city at night", "city at night", "night city", "city lights", "city"),
    "party lights": ("in front of party lights", "party lights", "bokeh", "bokeh lights"),
    "stage": ("on a stage", "stage", "on stage", "theatre", "theater"),
    "library": ("in a library", "library", "books", "bookshelf", "bookshelves"),
    "underwater": ("under water", "underwater", "under the sea"),
    "gradient": ("in front of a gradient", "gradient", "colour gradient", "color gradient"),
    "studio backdrop": ("studio backdrop", "studio background", "in a studio", "studio"),
    **{f"{colour} background": paper(colour) for colour in PAPERS},
}

LIGHTS: dict[str, tuple[str, ...]] = {
    "golden hour": ("at golden hour", "golden hour", "evening sun", "low sun"),
    "neon light": ("in neon light", "neon light", "lit by neon", "neon lighting"),
    "rim light": ("with a rim light", "rim light", "backlight", "backlit", "lit from behind"),
    "studio light": ("in studio light", "studio light", "studio lighting"),
    "side light": ("lit from the side", "side light", "dramatic light", "half in shadow"),
    "light from the left": ("light from the left", "lit from the left", "left light"),
    "light from the right": ("light from the right", "lit from the right", "right light"),
    "warm light": ("in warm light", "warm light", "golden light"),
    "cold light": ("in cold light", "cold light", "moonlight"),
    "candlelight": ("by candlelight", "candlelight", "candles", "firelight"),
    "noir light": ("in noir light", "noir light", "light through blinds", "venetian blinds", "blinds"),
    "dim light": ("in dim light", "dim light", "in the dark", "low light"),
    "red light": ("in red light", "red light", "lit in red"),
    "green light": ("in green light", "green light", "lit in green"),
    "blue light": ("in blue light", "blue light", "lit in blue"),
    "purple light": ("in purple light", "purple light", "lit in purple", "violet light"),
}

COLOURS: dict[str, tuple[str, ...]] = {
    "white": ("white",),
    "grey": ("grey", "gray"),
    "black": ("black",),
    "red": ("red", "crimson", "scarlet"),
    "orange": ("orange",),
    "yellow": ("yellow",),
    "green": ("green",),
    "turquoise": ("turquoise", "teal", "cyan"),
    "blue": ("blue", "navy"),
    "purple": ("purple", "violet", "lilac"),
    "pink": ("pink", "magenta"),
    "brown": ("brown",),
    "gold": ("gold", "golden"),
    "silver": ("silver",),
}
