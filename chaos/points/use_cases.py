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
CHANGES = ("INSERT ", "UPDATE ", "DELETE ")
OUTSIDE = {"gateway", "mini_program", "files", "chats"}


@dataclass
class Code:
    """One function: its name, what it refers to by full name, and whether its own lines write or call out."""

    name: str
    public: bool
    refers_to: set[str] = field(default_factory=set)
    writes: bool = False


def writing_use_cases(root: Path = REPOSITORY) -> list[str]:
    """The public functions of `services` that a front door calls with its surroundings, and that may write.

    So are the public methods of what `services.assembly.Lintuan` holds, where a door calls them by that name.
    """
    code = functions(root / "services", root)
    writers = _writers(code)
    held = _held(root / "services" / "assembly.py")
    called = {name for door in DOORS for file in sorted((root / door).rglob("*.py")) for name in _named(file, held)}
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
            if isinstance(node, ast.ClassDef):
                found |= _methods(node, f"{module}.{node.name}", names)
    return found


def _methods(of: ast.ClassDef, name: str, names: Mapping[str, str]) -> dict[str, Code]:
    """Each method by itself; what it refers to by `self` is another method, or what was kept under that name."""
    methods = [node for node in of.body if isinstance(node, ast.FunctionDef)]
    own = {f"self.{node.name}": {f"{name}.{node.name}"} for node in methods}
    for part in ast.walk(of):
        if isinstance(part, ast.Assign | ast.AnnAssign) and part.value is not None:
            words = {full for word in _words(part.value) if (full := _full(word, names))}
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            own |= {word: words for target in targets if (word := ast.unparse(target)).startswith("self.")}
    found = {}
    for node in methods:
        code = found[f"{name}.{node.name}"] = _read(node, f"{name}.{node.name}", names)
        code.public = not node.name.startswith("_")
        code.refers_to |= {more for word in _words(node) for more in own.get(word, ())} - {code.name}
    return found


def _held(assembly: Path) -> dict[str, str]:
    """Fields of the assembled product that are of a class of ours: its full name by theirs."""
    if not assembly.exists():
        return {}
    tree = ast.parse(assembly.read_text())
    names = _imported(tree)
    fields = [node for part in tree.body if isinstance(part, ast.ClassDef) and part.name == "Lintuan"
              for node in part.body if isinstance(node, ast.AnnAssign)]  # fmt: skip
    return {ast.unparse(node.target): names[word] for node in fields for word in _words(node.annotation)
            if word in names}  # fmt: skip


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
    code.refers_to = {full for word in _words(node) if (full := _full(word, names))} - {name}
    code.writes = any(_writes(part) for part in ast.walk(node))
    return code


def _words(node: ast.AST) -> set[str]:
    """Every name, and every `name.attribute` of what leads to an attribute; what annotates does nothing."""
    found: set[str] = set()
    for name, part in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for each in part if isinstance(part, list) else [part]:
                found |= _words(each) if isinstance(each, ast.AST) else set()
    if isinstance(node, ast.Name):
        found.add(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
        found.add(f"{ast.unparse(node.value).rpartition('.')[2]}.{node.attr}")
    return found


def _full(word: str, names: Mapping[str, str]) -> str:
    first, dot, rest = word.partition(".")
    return f"{names[first]}{dot}{rest}" if first in names else ""


def _writes(part: ast.AST) -> bool:
    """A row is made or changed, or the outside is called."""
    if isinstance(part, ast.Call):
        if part.args and ast.unparse(part.args[0]).lstrip("f'\"").startswith(CHANGES):
            return True
        called = part.func
        word = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        owner = ast.unparse(called.value) if isinstance(called, ast.Attribute) else "ctx.session"
        return word in ROWS_CHANGE and (owner.endswith("session") or not isinstance(called, ast.Attribute))
    if not isinstance(part, ast.Attribute):
        return False
    stores = isinstance(part.ctx, ast.Store) and ast.unparse(part.value) != "self"
    return stores or (part.attr in OUTSIDE and ast.unparse(part.value).endswith("outside"))


def _named(file: Path, held: Mapping[str, str]) -> Iterator[str]:
    """Every name of the services that a file refers to."""
    tree = ast.parse(file.read_text())
    names = {**held, **_imported(tree)}
    for word in _words(tree):
        if full := _full(word, names):
            yield full


def _imported(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "services"
        for alias in node.names
    }


def _module(file: Path, root: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
