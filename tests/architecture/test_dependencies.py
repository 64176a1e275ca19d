"""Arrows between the parts only point down, and the core does no I/O.

Imports are read from the source with `ast`, nothing is executed. Every module of
`parcels` and `screening` says in its docstring what it is: core, shell or service.
"""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = {"parcels": 0, "screening": 1, "app": 2}
"""A part may import itself and parts with a lower number."""

CORE_LIBRARIES = {"numpy", "orjson", "pyarrow", "pyproj", "shapely"}
"""What the core may import besides the standard library and itself.

Of pyarrow only columns in memory; its readers are I/O (`FORBIDDEN`).
"""

FORBIDDEN = {"pyarrow.csv", "pyarrow.fs", "pyarrow.parquet", "pyarrow.dataset"}

MARK = re.compile(r"\b(core|shell|service)\b", re.IGNORECASE)

NO_INPUT_OR_OUTPUT = {
    "asyncio",
    "glob",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
"""Standard modules that read the world, the clock or chance."""


def modules() -> dict[str, Path]:
    """Return every module of the program by its dotted name."""
    found = {}
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            names = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(names[:-1] if names[-1] == "__init__" else names)
            found[name] = path
    return found


MODULES = modules()


def imports(name: str) -> set[str]:
    """Return the modules this one imports, as dotted names."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: write imports in full"
            module = node.module or ""
            found |= {f"{module}.{a.name}" for a in node.names} & set(MODULES)
            if not found & {f"{module}.{a.name}" for a in node.names}:
                found.add(module)
    return found


def own_imports(name: str) -> set[str]:
    return {found for found in imports(name) if found in MODULES and found != name}


def kind_of(name: str) -> str | None:
    """Return what a module of `parcels` or `screening` says it is."""
    docstring = ast.get_docstring(ast.parse(MODULES[name].read_text(encoding="utf-8")))
    first, _, rest = (docstring or "").partition("\n")
    found = MARK.findall(first)[-1:] or MARK.findall(rest)
    return found[0].lower() if found else None


def is_core(name: str) -> bool:
    return name.split(".")[0] in {"parcels", "screening"} and kind_of(name) == "core"


def is_package(name: str) -> bool:
    return MODULES[name].name == "__init__.py"


@pytest.mark.parametrize("name", sorted(MODULES))
def test_module_says_what_it_is(name: str) -> None:
    if name.startswith("app") or is_package(name):
        return
    assert kind_of(name), f"say (core), (shell) or (service) in the docstring of {name}"


@pytest.mark.parametrize("name", sorted(MODULES))
def test_arrows_point_down(name: str) -> None:
    part = name.split(".")[0]
    upward = {
        found for found in own_imports(name) if PARTS[found.split(".")[0]] > PARTS[part]
    }
    assert not upward


@pytest.mark.parametrize("name", sorted(filter(is_core, MODULES)))
def test_core_imports_core_only(name: str) -> None:
    allowed = set(sys.stdlib_module_names) | CORE_LIBRARIES | set(PARTS)
    foreign = {found.split(".")[0] for found in imports(name)} - allowed
    assert not foreign
    assert not imports(name) & FORBIDDEN
    assert not {
        found
        for found in own_imports(name)
        if not is_core(found) and not is_package(found)
    }


@pytest.mark.parametrize("name", sorted(filter(is_core, MODULES)))
def test_core_does_no_input_or_output(name: str) -> None:
    tops = {found.split(".")[0] for found in imports(name)}
    assert not tops & NO_INPUT_OR_OUTPUT
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "input", "exec", "eval"}


@pytest.mark.parametrize("name", sorted(filter(is_core, MODULES)))
def test_core_does_not_ask_the_clock(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    asked = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"today", "now", "utcnow"}
    }
    assert not asked


def test_no_cycles() -> None:
    graph = {name: own_imports(name) for name in MODULES}
    done: set[str] = set()
    for start in graph:
        assert not find_cycle(graph, start, [], done)


def find_cycle(
    graph: dict[str, set[str]], name: str, path: list[str], done: set[str]
) -> list[str]:
    """Return the first cycle through a module, or nothing."""
    if name in path:
        return [*path[path.index(name) :], name]
    if name in done:
        return []
    for imported in sorted(graph[name]):
        cycle = find_cycle(graph, imported, [*path, name], done)
        if cycle:
            return cycle
    done.add(name)
    return []
