"""Write the validation people of the shards as a folder `person/photo.jpg`, for `likeness evaluate`.

    python -m likeness_training.data.val_folder configs/tiny/data.yaml work/val

People are numbered as they come in the shards, whose order is random: any first N of them are a fair sample. The photos stay on the machine that trains: the folder lies in `work/`, which git ignores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from ..config import load_config
from .source import photos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="the data config")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    people: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for photo in photos(load_config(arguments.config)):
        if photo.split != "val":
            continue
        number = people[photo.person] = people.get(photo.person, 0) + 1
        folder = arguments.out / f"{numbers.setdefault(photo.person, len(numbers)):04d}-{photo.person}"
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{number:03d}.jpg"), cv2.cvtColor(photo.image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 96])
    print(f"{arguments.out}: {len(people)} people, {sum(people.values())} photos")


if __name__ == "__main__":
    main()
