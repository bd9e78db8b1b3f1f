"""Write the validation people of the shards as a folder `person/photo.jpg`, for `likeness evaluate`.

    python -m likeness_training.data.val_folder configs/tiny/data.yaml work/val

People are numbered as they come in the shards, whose order is random: any first N of them are a fair sample. `groups.json` beside them says of each the gender label, the
age group (of the first photo's age) and the data set, by which `likeness evaluate` splits its figures. The photos stay on the machine that trains: the folder lies in `work/`, which git ignores.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2

from ..config import load_config
from .captions import age_group
from .source import Photo, photos


def groups_of(photo: Photo) -> dict[str, str]:
    """The groups a person belongs to, by kind; a kind that is not known is left out."""
    found = {"gender": photo.gender, "age": age_group(photo.age), "set": photo.set}
    return {kind: name for kind, name in found.items() if name is not None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="the data config")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    people: dict[str, int] = {}
    folders: dict[str, str] = {}
    groups: dict[str, dict[str, str]] = {}
    for photo in photos(load_config(arguments.config)):
        if photo.split != "val":
            continue
        number = people[photo.person] = people.get(photo.person, 0) + 1
        folder = arguments.out / folders.setdefault(photo.person, f"{len(folders):04d}-{photo.person}")
        groups.setdefault(folder.name, groups_of(photo))
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{number:03d}.jpg"), cv2.cvtColor(photo.image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 96])
    (arguments.out / "groups.json").write_text(json.dumps(groups, indent=1) + "\n")
    print(f"{arguments.out}: {len(people)} people, {sum(people.values())} photos")


if __name__ == "__main__":
    main()
