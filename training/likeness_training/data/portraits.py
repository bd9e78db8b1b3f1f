"""Where the full size's pictures come from: MM-CelebA-HQ, or any folder `person/photo.jpg` with captions beside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..config import Config, ConfigError

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
VAL_EVERY = 20
"""One person in so many is kept for validation."""
PLAIN = "a photo"
"""The caption of a picture without one."""


@dataclass(frozen=True)
class Portrait:
    """One picture: its file, whose it is, what is said of it, and `train` or `val` by person."""

    file: Path
    person: str
    captions: tuple[str, ...]
    split: str

    @property
    def word(self) -> str:
        """The class word of the sks clause, as the captions tell it."""
        words = re.findall(r"[a-z]+", " ".join(self.captions).lower())
        female = sum(word in ("she", "her", "woman", "lady", "girl") for word in words)
        male = sum(word in ("he", "his", "man", "guy", "boy") for word in words)
        return "woman" if female > male else "man" if male > female else "person"


def captions_of(path: Path) -> tuple[str, ...]:
    """One caption a line; none where there is no such file."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return tuple(line.strip() for line in lines if line.strip())


def split_of(number: int) -> str:
    return "val" if number % VAL_EVERY == VAL_EVERY - 1 else "train"


def read_identities(path: Path) -> dict[str, str]:
    """Picture name -> person, from lines `0.jpg 1390`."""
    if not path.is_file():
        raise ConfigError(f"{path}: the identity file is missing; each of its lines names a picture and a person")
    people = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) != 2:
            raise ConfigError(f"{path}:{number}: expected a picture and a person, got {line.strip()!r}")
        people[Path(parts[0]).stem] = parts[1]
    return people


def mm_celeba_hq(folder: Path, identities: str) -> list[Portrait]:
    """`images/0.jpg`, `text/0.txt` or `text/celeba-caption/0.txt`, and the identity file. Raises ConfigError for what
    is missing."""
    files = sorted(
        (path for path in (folder / "images").glob("*") if path.suffix.lower() in PICTURES),
        key=lambda path: (len(path.stem), path.stem),
    )
    if not files:
        raise ConfigError(
            f"{folder / 'images'}: no pictures; expected the layout of MM-CelebA-HQ: images/, text/, {identities}"
        )
    texts = next((place for place in (folder / "text" / "celeba-caption", folder / "text") if place.is_dir()), None)
    if texts is None:
        raise ConfigError(f"{folder / 'text'}: the captions are missing")
    people = read_identities(folder / identities)
    unknown = [path.name for path in files if path.stem not in people]
    if unknown:
        raise ConfigError(
            f"{folder / identities}: names no person for {len(unknown)} pictures, the first of them {unknown[0]}"
        )
    numbers = {person: number for number, person in enumerate(dict.fromkeys(people[path.stem] for path in files))}
    return [
        Portrait(path, people[path.stem], captions_of(texts / f"{path.stem}.txt"), split_of(numbers[people[path.stem]]))
        for path in files
    ]


def people_folder(folder: Path) -> list[Portrait]:
    """`person/photo.jpg`, captions in `person/photo.txt` where there are any."""
    people = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    found = [
        Portrait(path, person.name, captions_of(path.with_suffix(".txt")), split_of(number))
        for number, person in enumerate(people)
        for path in sorted(person.iterdir())
        if path.suffix.lower() in PICTURES
    ]
    if not found:
        raise ConfigError(f"{folder}: expected one folder a person, with pictures in it")
    return found


def portraits(config: Config) -> list[Portrait]:
    """The pictures a `data.yaml` names: `layout` mm-celeba-hq or people, in `photos`."""
    if config["photos"] is None:
        raise ConfigError(f"{config.path}: set `photos` (or --photos) to the folder of the pictures")
    folder, layout = config.resolve(config["photos"]), config["layout"]
    if layout == "mm-celeba-hq":
        return mm_celeba_hq(folder, config["identities"])
    if layout == "people":
        return people_folder(folder)
    raise ConfigError(f"{config.path}: `layout` is {layout!r}, expected mm-celeba-hq or people")
