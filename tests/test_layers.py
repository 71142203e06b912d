"""The folder tree is the architecture: imports point downward only."""

from __future__ import annotations

import ast
from pathlib import Path

LAYERS = ["cli", "results", "pipeline", "models", "files", "text", "schema"]
ANYONE = {"errors", "settings", "__init__"}


def _imports(file: Path) -> set[str]:
    """The layers that a module imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file}: relative imports hide the layer"
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "extractor" else [node.module]
            )
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("extractor.")}
    return found


def test_imports_point_downward(root: Path) -> None:
    """No module imports from a layer above its own, and every folder is a layer."""
    package = root / "extractor"
    folders = {path.name for path in package.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders == set(LAYERS)
    wrong = []
    for number, layer in enumerate(LAYERS):
        for file in (package / layer).rglob("*.py"):
            above = (_imports(file) & set(LAYERS[:number])) - {layer}
            wrong += [f"{file.relative_to(root)} imports {name}" for name in sorted(above)]
    assert wrong == []


def test_settings_and_errors_import_no_layer(root: Path) -> None:
    """What everyone may use depends on nobody."""
    for name in ("errors", "settings"):
        assert _imports(root / "extractor" / f"{name}.py") <= {"errors"}


def test_the_text_layer_and_the_schema_are_pure(root: Path) -> None:
    """No network, no clock, no model, no environment in text/ and schema/."""
    banned = {
        "openai",
        "instructor",
        "httpx2",
        "socket",
        "time",
        "random",
        "os",
        "subprocess",
        "diskcache",
        "vcr",
        "asyncio",
    }
    for layer in ("text", "schema"):
        for file in (root / "extractor" / layer).rglob("*.py"):
            tree = ast.parse(file.read_text("utf-8"))
            imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
            imported |= {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
            assert imported & banned == set(), file
            calls = {
                n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
            }
            assert calls & {"now", "today", "utcnow"} == set(), file


def test_only_the_command_line_prints(root: Path) -> None:
    """Renderers return text."""
    for layer in LAYERS[1:]:
        for file in (root / "extractor" / layer).rglob("*.py"):
            calls = [n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Call)]
            assert not any(isinstance(c.func, ast.Name) and c.func.id == "print" for c in calls), file
