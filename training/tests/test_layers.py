"""The package's folders from the ground floor up: a module imports its own folder and those below it."""

from __future__ import annotations

import ast
from pathlib import Path

from conftest import ROOT

PACKAGE = ROOT / "likeness_training"
FLOORS = ("", "styles", "models", "data", "bundle", "golden", "draft", "train", "measure")
"""Folders, the lowest first; "" are the modules beside them. `__main__` and `check` are commands, above all."""
COMMANDS = ("__main__", "check")


def folder_of(parts: list[str]) -> str:
    return parts[0] if (PACKAGE / parts[0]).is_dir() else ""


def imports_of(file: Path) -> set[str]:
    """The folders that a module imports by relative imports, as all in the package do."""
    package = list(file.relative_to(PACKAGE).parts[:-1])
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            names = [node.module.split(".")] if node.module else [[alias.name] for alias in node.names]
            found |= {folder_of(base + name) for name in names}
    return found


def test_no_module_imports_a_folder_above_its_own() -> None:
    files = [file for file in PACKAGE.rglob("*.py") if file.stem not in COMMANDS]
    assert {folder_of(list(file.relative_to(PACKAGE).parts)) for file in files} == set(FLOORS)
    for file in files:
        floor = FLOORS.index(folder_of(list(file.relative_to(PACKAGE).parts)))
        above = {folder for folder in imports_of(file) if FLOORS.index(folder) > floor}
        assert not above, f"{file.relative_to(PACKAGE)} imports {', '.join(sorted(above))}"
