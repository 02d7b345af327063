"""What the services can do, read from their code: which functions the front doors call, and which of them write."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.shared_run import REPOSITORY

DOORS = ("blueprints", "bots", "jobs", "cli")
SURROUNDINGS = ("Ctx", "Unit", "Outside", "Lintuan")
ROWS_CHANGE = {"add", "add_all", "delete", "insert", "update", "upsert", "changed", "insert_all", "insert_ignoring"}
OUTSIDE = {"gateway", "mini_program", "files", "chats"}


@dataclass
class Code:
    """One function: its name, what it refers to by full name, and whether its own lines write or call out."""

    name: str
    public: bool
    refers_to: set[str] = field(default_factory=set)
    writes: bool = False


def writing_use_cases(root: Path = REPOSITORY) -> list[str]:
    """The public functions of `services` that a front door calls with its surroundings, and that may write."""
    code = functions(root / "services", root)
    writers = _writers(code)
    called = {name for door in DOORS for file in sorted((root / door).rglob("*.py")) for name in _named(file)}
    return sorted(name for name in called if name in writers and code[name].public)


def functions(folder: Path, root: Path) -> dict[str, Code]:
    """Every function of a package at module level, and every method as part of its class, by full name."""
    found = {}
    for file in sorted(folder.rglob("*.py")):
        module = _module(file, root)
        tree = ast.parse(file.read_text())
        names = _imported(tree) | {node.name: f"{module}.{node.name}" for node in tree.body
                                           if isinstance(node, ast.FunctionDef | ast.ClassDef)}  # fmt: skip
        names |= {target.id: f"{module}.{target.id}" for node in tree.body for target in _assigned(node)}
        for node in tree.body:
            for name in _defines(node):
                found[f"{module}.{name}"] = _read(node, f"{module}.{name}", names)
    return found


def _writers(code: Mapping[str, Code]) -> set[str]:
    found = {name for name, one in code.items() if one.writes}
    while more := {name for name, one in code.items() if name not in found and one.refers_to & found}:
        found |= more
    return found


def _defines(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    for target in _assigned(node):
        yield target.id


def _assigned(node: ast.stmt) -> list[ast.Name]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target for target in targets if isinstance(target, ast.Name)]


def _read(node: ast.stmt, name: str, names: Mapping[str, str]) -> Code:
    first = node.args.args[0].annotation if isinstance(node, ast.FunctionDef) and node.args.args else None
    surrounded = first is not None and ast.unparse(first) in SURROUNDINGS
    code = Code(name, surrounded and not name.rpartition(".")[2].startswith("_"))
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in names:
            code.refers_to.add(names[part.id])
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
            code.refers_to.add(f"{names[part.value.id]}.{part.attr}")
        code.writes |= _writes(part)
    code.refers_to.discard(name)
    return code


def _writes(part: ast.AST) -> bool:
    """A row is made or changed, or the outside is called."""
    if isinstance(part, ast.Call):
        called = part.func
        word = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        owner = ast.unparse(called.value) if isinstance(called, ast.Attribute) else "ctx.session"
        return word in ROWS_CHANGE and (owner.endswith("session") or not isinstance(called, ast.Attribute))
    if not isinstance(part, ast.Attribute):
        return False
    stores = isinstance(part.ctx, ast.Store) and ast.unparse(part.value) != "self"
    return stores or (part.attr in OUTSIDE and ast.unparse(part.value).endswith("outside"))


def _named(file: Path) -> Iterator[str]:
    """Every name of the services that a file refers to."""
    tree = ast.parse(file.read_text())
    names = _imported(tree)
    for part in ast.walk(tree):
        if isinstance(part, ast.Name) and part.id in names:
            yield names[part.id]
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
            yield f"{names[part.value.id]}.{part.attr}"


def _imported(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "services"
        for alias in node.names
    }


def _module(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
