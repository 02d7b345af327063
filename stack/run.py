"""Serving for people: start everything, seed once, print the addresses, watch, and stop in order."""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.seed import SEEDED, welcome
from stack.folder import AS_INSTALLED
from stack.processes import DidNotStart, tail, told_to_stop
from stack.stack import Stack, is_free

WATCH_SECONDS = 0.5


def run(folder: Path, product_port: int, sandbox_port: int, live_port: int) -> int:
    """Serve over `folder` until Ctrl-C or SIGTERM; 0 then, 1 when a port is taken or a process ends by itself."""
    taken = [port for port in (product_port, sandbox_port, live_port) if not is_free(port)]
    if taken:
        print(f"端口 {taken[0]} 已被占用，请先停掉占用它的程序，或换一个端口：PORT=9000 make run")
        print(f"Port {taken[0]} is in use; choose another: PORT=9000 make run")
        return 1
    with told_to_stop() as stop, _alone(folder) as alone:
        if not alone:
            print(f"另一个 make run 正在使用 {folder}。(another one is running on this data)")
            return 1
        try:
            return _serve(Stack(folder, product_port, sandbox_port, live_port=live_port, more=AS_INSTALLED), stop)
        except DidNotStart as trouble:
            print(f"没有启动起来 (did not start):\n{trouble}")
            return 1


def _serve(stack: Stack, stop: threading.Event) -> int:
    print("邻团正在启动…… (starting)", flush=True)
    with stack:
        if not stop.is_set():
            print(
                welcome(stack.folder, stack.product_url, stack.sandbox_url, stack.operator, stack.operator_password),
                flush=True,
            )
            print(f"控制台 (console，十分钟内进一次)  {stack.console_link()}", flush=True)
            print(f"实时人数 (live counts, SSE)  {stack.live_url}/api/resident/campaigns/<id>/live", flush=True)
        while not stop.wait(WATCH_SECONDS):
            ended = stack.ended()
            if ended is not None:
                print(f"{ended.name} 意外结束，其余一并停止。(ended by itself; stopping the rest) 日志 {ended.log}：")
                print(tail(ended.log), flush=True)
                return 1
        print("正在停止…… (stopping)", flush=True)
    print("已全部停止，数据保留。(stopped; data is kept)")
    return 0


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else serves over this folder while this lasts; the lock ends with its holder, however it ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if not (folder / SEEDED).exists():  # a first start that was interrupted leaves nothing worth keeping
            shutil.rmtree(folder, ignore_errors=True)
        yield True
