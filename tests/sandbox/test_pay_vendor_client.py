"""The vendor package's own client is content with the served sandbox, and a SIGTERM ends it in peace."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from wechatpayv3 import WeChatPay, WeChatPayType

from sandbox.config import Config
from tests.sandbox.merchant import Inbox


@pytest.fixture
def served(sandbox_config: Config) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A sandbox in a process of its own, on a port of the system's choice."""
    command = [sys.executable, "-m", "sandbox", "serve", "--data", str(sandbox_config.data_dir), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    announced = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert announced
    yield announced[0], process
    process.terminate()
    process.wait(60)
    process.stdout.close()


def _client(base: str, folder: Path, notify_url: str) -> WeChatPay:
    env = dict(line.split("=", 1) for line in (folder / "product.env").read_text().splitlines())
    client = WeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=env["LINTUAN_PAY_MCHID"],
        private_key=Path(env["LINTUAN_PAY_PRIVATE_KEY_FILE"]).read_text(),
        cert_serial_no=env["LINTUAN_PAY_SERIAL"],
        apiv3_key=env["LINTUAN_PAY_APIV3_KEY"],
        appid=env["LINTUAN_WXA_APPID"],
        notify_url=notify_url,
        public_key=Path(env["LINTUAN_PAY_PUBLIC_KEY_FILE"]).read_text(),
        public_key_id=env["LINTUAN_PAY_PUBLIC_KEY_ID"],
        timeout=60,
    )
    client._core._gate_way = base
    return client


def test_the_vendor_client_orders_pays_refunds_and_reads_both_notices(
    served: tuple[str, subprocess.Popen[str]], sandbox_config: Config, inbox: Inbox
) -> None:
    base, process = served
    client = _client(base, sandbox_config.data_dir, f"{inbox.url}/pay")
    openid = requests.post(f"{base}/control/people", json={"name": "王阿姨"}, timeout=60).json()["openid"]
    order = {"description": "草莓", "out_trade_no": "pay_000001", "amount": {"total": 1280, "currency": "CNY"}}
    prepay_id = json.loads(client.pay(**order, payer={"openid": openid})[1])["prepay_id"]
    lines = [client._appid, str(int(time.time())), "nonce", f"prepay_id={prepay_id}"]
    params = {"timeStamp": lines[1], "nonceStr": lines[2], "package": lines[3], "signType": "RSA"}
    sheet = {"params": params | {"paySign": client.sign(lines)}, "person": "王阿姨"}
    assert requests.post(f"{base}/control/pay", json=sheet, timeout=60).status_code == 200
    assert client.callback(*inbox.next())["resource"]["out_trade_no"] == "pay_000001"
    assert json.loads(client.query(out_trade_no="pay_000001")[1])["trade_state"] == "SUCCESS"
    amount = {"refund": 280, "total": 1280, "currency": "CNY"}
    refund = {"out_refund_no": "ref_1", "out_trade_no": "pay_000001", "notify_url": f"{inbox.url}/refund"}
    assert client.refund(**refund, amount=amount)[0] == 200
    assert client.callback(*inbox.next())["resource"]["refund_status"] == "SUCCESS"
    assert json.loads(client.query_refund("ref_1")[1])["status"] == "SUCCESS"
    client.pay(**order | {"out_trade_no": "pay_000002"}, payer={"openid": openid})
    assert client.close("pay_000002") == (204, b"")
    process.terminate()
    assert process.wait(60) == 0


def test_an_answer_dropped_after_the_commit_is_a_cut_connection(
    served: tuple[str, subprocess.Popen[str]], sandbox_config: Config
) -> None:
    base, _ = served
    client = _client(base, sandbox_config.data_dir, "http://127.0.0.1:9/none")
    openid = requests.post(f"{base}/control/people", json={"name": "王阿姨"}, timeout=60).json()["openid"]
    requests.post(f"{base}/control/knobs", json={"gateway_outage": "drop_after_commit"}, timeout=60)
    order = {"description": "草莓", "out_trade_no": "pay_000001", "amount": {"total": 1280, "currency": "CNY"}}
    with pytest.raises(requests.RequestException):
        client.pay(**order, payer={"openid": openid})
    requests.post(f"{base}/control/knobs", json={"reset": True}, timeout=60)
    assert json.loads(client.query(out_trade_no="pay_000001")[1])["trade_state"] == "NOTPAY"
