"""The folder tree is the architecture: imports point downward only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

LAYERS = ["cli", "results", "pipeline", "models", "files", "text", "schema"]
ANYONE = {"errors", "settings", "__init__"}
MUTUAL = {
    # a grammar's constructions nest: a part of a period is a period
    frozenset(
        f"extractor.text.dates.grammar.{name}"
        for name in ("counted", "follows", "parts", "periods", "relative", "weekdays")
    ),
}
"""The modules that import each other: each group with its reason."""


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
    assert {path.stem for path in package.glob("*.py")} == {*ANYONE, "__main__"}
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


def _at_module_level(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Import statements outside of functions, those under TYPE_CHECKING too: they show who has to know whom."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _at_module_level(child)


def _graph(root: Path) -> dict[str, set[str]]:
    """Each module with those that it names in its imports. A package's own __init__ counts where it is named, but not
    the front door, extractor/__init__.py: it names the public functions for type checkers, and loads them when asked.
    """
    files = {
        ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
        for file in (root / "extractor").rglob("*.py")
    }
    graph: dict[str, set[str]] = {}
    for module, file in files.items():
        names: list[str] = []
        for node in _at_module_level(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif node.module:
                below = [f"{node.module}.{alias.name}" for alias in node.names]
                names += [name if name in files else node.module for name in below]
        graph[module] = {name for name in names if name in files and name != module}
    del graph["extractor"]
    return {module: named - {"extractor"} for module, named in graph.items()}


def _cycles(graph: dict[str, set[str]]) -> set[frozenset[str]]:
    """The groups of modules that all reach each other."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [*graph[start]]
        while waiting:
            if (module := waiting.pop()) not in found:
                found.add(module)
                waiting += graph[module]
        return found

    closure = {module: reached(module) for module in graph}
    return {
        frozenset(other for other in closure[module] if module in closure[other])
        for module in graph
        if module in closure[module]
    }


def test_cycles_are_found() -> None:
    """Two modules that need each other, over a third or directly; one that is only needed is in no cycle."""
    assert _cycles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == {frozenset("abc")}
    assert _cycles({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}) == {frozenset("ab"), frozenset("cd")}
    assert _cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == set()


def test_no_modules_import_each_other(root: Path) -> None:
    """Also inside a layer the imports have one direction, but for the groups that are named above."""
    graph = _graph(root)
    assert "extractor.schema.record" in graph["extractor.files.output"]
    assert _cycles(graph) == MUTUAL
