"""Where a history plays: an emptied database of either kind, the product's services, a sandbox, one clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from chaos.histories.inner_sandbox import Direct, InnerSandbox, Letter
from domain.policy import Policy
from integrations.counters import MemoryCounters
from integrations.files import FolderFiles
from integrations.pictures import accept_picture
from integrations.vault import KeyVault
from integrations.wechat.mini_program import WeChatMiniProgram
from integrations.wechatpay.gateway import WeChatPayGateway
from integrations.workbooks import XlsxWorkbooks
from models import Base
from models.sqlite import library, teach_sqlite
from services.flows import paying
from services.ports import BadNotice, Outside
from services.transactions import Transactions
from tests.builders.clock import FrozenClock

BASE_URL = "http://sandbox.invalid"
HOOKS = "http://product.invalid/hooks/wechatpay"


class Stage:
    """Everything that outlives one history."""

    def __init__(self, url: str, folder: Path) -> None:
        self.clock = FrozenClock()
        self.sandbox = InnerSandbox(_folder(folder / "sandbox"), self.clock.now)
        self.outside = _outside(self.sandbox, self.clock, folder)
        self.engine = create_engine(url, pool_size=4, max_overflow=0)
        teach_sqlite(self.engine)
        vault = KeyVault("histories-seal-with-this-key-9876543210", "histories-sign-with-that-key-0123456789")
        self.unit = Transactions(self.engine, self.clock, Policy(), vault, lambda: "history")
        self._empty = Emptier(self.engine)

    def clear(self) -> None:
        """An empty database, an empty sandbox, the clock at its start."""
        self._empty()
        self.sandbox.forget()
        self.clock.set(FrozenClock().now())

    def receive(self, letter: Letter) -> bool:
        """Give the product a notice; False when it refused it as no notice of the gateway's."""
        try:
            paying.receive_notice(self.unit, self.outside, letter.headers, letter.body)
        except BadNotice:
            return False
        return True

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()
        self.sandbox.close()


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Stage]:
    """A stage over the migrated, empty database at `url`, closed in the end."""
    stage = Stage(url, folder)
    try:
        yield stage
    finally:
        stage.close()


class Emptier:
    """Empties the database between histories: SQLite's from a copy, PostgreSQL's by deletes without triggers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._empty: Path | None = None
        if engine.dialect.name == "sqlite":
            file = Path(str(engine.url.database))
            self._empty = Path(shutil.copyfile(file, file.with_suffix(".empty")))
        else:
            names = [table.name for table in Base.metadata.sorted_tables]
            self._sql = "; ".join(["SET session_replication_role = replica", *(f"DELETE FROM {n}" for n in names),
                                   "SET session_replication_role = origin"])  # fmt: skip

    def __call__(self) -> None:
        if self._empty is not None:
            _put_back(self._empty, self._engine)
            return
        with self._engine.begin() as connection:
            connection.execute(text(self._sql))


def _put_back(file: Path, engine: Engine) -> None:
    """Make a database what `file` is, in its turn: a request whose caller has gone may still be at work on it."""
    with closing(library.connect(file)) as empty, closing(engine.raw_connection()) as full:
        empty.backup(full.driver_connection)


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _outside(sandbox: InnerSandbox, clock: FrozenClock, folder: Path) -> Outside:
    told = sandbox.settings
    gateway = WeChatPayGateway(
        BASE_URL, told["LINTUAN_WXA_APPID"], told["LINTUAN_PAY_MCHID"], told["LINTUAN_PAY_SERIAL"],
        Path(told["LINTUAN_PAY_PRIVATE_KEY_FILE"]).read_text(), told["LINTUAN_PAY_APIV3_KEY"],
        told["LINTUAN_PAY_PUBLIC_KEY_ID"], Path(told["LINTUAN_PAY_PUBLIC_KEY_FILE"]).read_text(),
        f"{HOOKS}/pay", f"{HOOKS}/refund", f"{HOOKS}/transfer", clock.now,
    )  # fmt: skip
    mini_program = WeChatMiniProgram(BASE_URL, told["LINTUAN_WXA_APPID"], told["LINTUAN_WXA_SECRET"])
    direct = Direct(sandbox.app)
    parts: list[Any] = [gateway._engine._session, mini_program._client._http]
    for session in parts:
        session.mount(BASE_URL, direct)
    return Outside(
        mini_program=mini_program, gateway=gateway, files=FolderFiles(folder / "files"), counters=MemoryCounters(),
        accept_picture=accept_picture, workbooks=XlsxWorkbooks(),
    )  # fmt: skip


def kind_of(url: str) -> str:
    """sqlite or postgresql."""
    return make_url(url).get_backend_name()
