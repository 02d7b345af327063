"""What the phone's page is made of: the mini-program's folder, and the packages that npm brought."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory
from flask.typing import ResponseReturnValue

from sandbox.context import current

bp = Blueprint("phone_files", __name__)
ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "node_modules"
TEXTS = {".js", ".json", ".wxml", ".wxss", ".wxs"}
VENDOR = {
    "glass-easel.js": ("glass-easel/dist/glass_easel.all.es.js", "text/javascript"),
    "adapter.js": ("glass-easel-miniprogram-adapter/dist/glass_easel_miniprogram_adapter.es.js", "text/javascript"),
    "compiler.js": ("glass-easel-template-compiler/glass_easel_template_compiler.js", "text/plain"),
    "compiler.wasm": ("glass-easel-template-compiler/glass_easel_template_compiler_bg.wasm", "application/wasm"),
    "jsqr.js": ("jsqr/dist/jsQR.js", "text/javascript"),
}


@bp.get("/phone/files")
def texts() -> ResponseReturnValue:
    """`{"files": {path: text}, "others": [path]}`: the whole mini-program, pictures and the like by path only."""
    folder = current().config.miniprogram
    if not (folder / "app.json").is_file():
        abort(404, f"there is no mini-program in {folder}")
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path: path.relative_to(folder).as_posix() for path in found}
    return {
        "files": {names[path]: path.read_text(encoding="utf-8") for path in found if path.suffix in TEXTS},
        "others": [names[path] for path in found if path.suffix not in TEXTS],
    }


@bp.get("/phone/app/<path:path>")
def other(path: str) -> ResponseReturnValue:
    """One file of the mini-program, never one outside its folder."""
    return _fresh(send_from_directory(current().config.miniprogram.resolve(), path))


@bp.get("/phone/vendor/<name>")
def vendor(name: str) -> ResponseReturnValue:
    """A package's file under a name of ours; 503 in words when npm did not bring it."""
    if name not in VENDOR:
        abort(404, "no such package")
    path, kind = VENDOR[name]
    if not (PACKAGES / path).is_file():
        abort(503, "the packages of the phone are not there: run scripts/setup")
    return send_from_directory(PACKAGES, path, mimetype=kind, max_age=3600)


def _fresh(response: Response) -> Response:
    """The folder is being worked on: ask again each time, a 304 is cheap."""
    response.headers["Cache-Control"] = "no-cache"
    return response
