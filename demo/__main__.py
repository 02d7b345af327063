"""`python -m demo`: play the ten steps against freshly started processes; 0 when every fact and fen agrees."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

from demo.chapters import (
    arriving,
    closing,
    collecting,
    joining,
    lapsing,
    money,
    neighbours,
    opening,
    paying_out,
    settling_up,
)
from demo.http import Client
from demo.sandbox import Sandbox
from demo.story import Story
from demo.transcript import Transcript
from stack.folder import AS_INSTALLED, read_lines
from stack.stack import Stack, free_port

CHAPTERS = (opening, joining, neighbours, closing, arriving, collecting, lapsing, money, paying_out)


def main() -> int:
    """Play the story; its folder is kept, and told, when something fails."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _leave)  # so that the processes behind are stopped too
    folder = Path(tempfile.mkdtemp(prefix="lintuan-demo-"))
    try:
        with Stack(folder, free_port(), free_port(), more=AS_INSTALLED) as stack:
            agrees = play(stack, began)
    except Exception:
        traceback.print_exc()
        agrees = False
    if agrees:
        shutil.rmtree(folder)
        return 0
    print(f"\n演示没有通过；数据与日志留在 {folder}（the demo failed; its data and logs are kept there）")
    return 1


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def play(stack: Stack, began: float) -> bool:
    """Every chapter in turn; whether the judge agreed at the end."""
    told = Transcript()
    product = Client(stack.product_url)
    database = product.get("/readyz")["database"]
    told.title("邻团演示 · 一个团的一生", f"数据库 {database} · 产品 {stack.product_url} · 沙盒 {stack.sandbox_url}")
    who = {"name": stack.operator, "password": stack.operator_password}
    words = read_lines(stack.folder / "sandbox" / "product.env")
    story = Story(stack.product_url, Sandbox(stack.sandbox_url), who, words["LINTUAN_WXA_TEMPLATE_ARRIVED"], told,
                  colleague_name=stack.colleague)  # fmt: skip
    for chapter in CHAPTERS:
        chapter.tell(story)
    return settling_up.judge(story, began)


if __name__ == "__main__":
    raise SystemExit(main())
