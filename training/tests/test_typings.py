"""The types of other packages that `typings/` says: what they name is there in the pinned versions."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from conftest import ROOT

STUBS = sorted((ROOT / "typings").rglob("*.pyi"))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "typings").with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", STUBS, ids=module_of)
def test_every_class_and_method_that_is_typed_is_there(path: Path) -> None:
    module = importlib.import_module(module_of(path))
    bases: dict[str, list[ast.stmt]] = {}
    for item in ast.parse(path.read_text()).body:
        if isinstance(item, ast.FunctionDef):
            assert callable(getattr(module, item.name))
        if not isinstance(item, ast.ClassDef):
            continue
        inherited = [part for base in item.bases if isinstance(base, ast.Name) for part in bases.get(base.id, [])]
        bases[item.name] = [*item.body, *inherited]
        if item.name.startswith("_"):  # ours, for what several share or a call answers
            continue
        for part in bases[item.name]:
            if isinstance(part, ast.FunctionDef):
                assert hasattr(getattr(module, item.name), part.name), f"{item.name}.{part.name}"
