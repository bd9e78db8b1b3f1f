"""Write the validation people of the portraits as a folder `person/photo.jpg`, for `likeness evaluate`.

    python -m likeness_training.draft.val_folder ../../shared/portraits work/val

People are numbered as they come in the index, whose order is random: any first N of them are a fair sample. Drawings
are left out. `groups.json` beside them says of each the gender label, the age group (of the first photo's age) and the
data set, by which `likeness evaluate` splits its figures. The photos stay on the machine that trains: the folder lies
in `work/`, which git ignores.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2

from ..data.captions import age_group, age_of
from .prepare import Opener, read_rows


def groups_of(row: dict) -> dict[str, str]:
    """The groups a person belongs to, by kind; a kind that is not known is left out."""
    labels = row["labels"]
    found = {"gender": labels.get("sex"), "age": age_group(age_of(labels)), "set": row["set"]}
    return {kind: name for kind, name in found.items() if name is not None}


def write_val_folder(portraits: Path, out: Path) -> tuple[int, int]:
    """Answers how many people and photos there are."""
    opened = Opener(portraits)
    photos: dict[str, int] = {}
    groups: dict[str, dict[str, str]] = {}
    numbers: dict[tuple[str, int], int] = {}
    for row in read_rows(portraits):
        if row["split"] != "val" or row["kind"] == "art":
            continue
        number = numbers.setdefault((row["set"], row["person"]), len(numbers))
        name = f"{number:04d}-{row['set']}-{row['person']}"
        groups.setdefault(name, groups_of(row))
        photos[name] = photos.get(name, 0) + 1
        file = out / name / f"{photos[name]:03d}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        pixels = cv2.cvtColor(opened(row), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(file), pixels, [cv2.IMWRITE_JPEG_QUALITY, 96])
    (out / "groups.json").write_text(json.dumps(groups, indent=1) + "\n")
    return len(groups), sum(photos.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("portraits", type=Path, help="the folder of portraits.jsonl")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    people, count = write_val_folder(arguments.portraits, arguments.out)
    print(f"{arguments.out}: {people} people, {count} photos")


if __name__ == "__main__":
    main()
