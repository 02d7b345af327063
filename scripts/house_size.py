"""Print the size of the house: files, longest file and function, medians (`python -m scripts.house_size`)."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.house.source_tree import PRODUCT, functions, modules, parse, read

GROUPS = {"product": PRODUCT, "sandbox": ("sandbox",), "demo and stack": ("demo", "stack"), "tests": ("tests",)}


def main() -> None:
    """One line for each part of the house, then one for all of it."""
    for name, parts in GROUPS.items():
        _report(name, [path for path in modules(*parts) if read(path).strip()])
    _report("everything", [path for path in modules() if read(path).strip()])


def _report(name: str, paths: list[Path]) -> None:
    if not paths:
        return
    sizes = {path: len(read(path).splitlines()) for path in paths}
    longest = max(sizes, key=sizes.__getitem__)
    every = [(function.lines, f"{path}:{function.name}") for path in paths for function in functions(parse(path))]
    lines, where = max(every, default=(0, "none"))
    print(
        f"{name}: {len(sizes)} files, {sum(sizes.values())} lines; files: median {median(sizes.values()):.0f}, "
        f"longest {sizes[longest]} ({longest}); functions: {len(every)}, "
        f"median {median(length for length, _ in every) if every else 0:.0f}, longest {lines} ({where})"
    )


if __name__ == "__main__":
    main()
