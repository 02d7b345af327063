"""Refusals and failures of the console as pages in people's words; the log-in page where nobody is logged in."""

from __future__ import annotations

import structlog
from flask import Response, request
from werkzeug.exceptions import HTTPException

from blueprints.console.door import door, rendered
from blueprints.console.entering import asked_to_log_in
from blueprints.console.repeats import StillRunning
from blueprints.shared.problems import STATUS, request_id
from domain.errors import DomainError, NotFound, Unauthenticated
from services.ports import OutsideError
from services.words import refusal

TITLES = {
    401: "请先登录", 403: "没有权限", 404: "没有找到", 405: "不能这样打开", 409: "现在不能这样做", 410: "时间已过",
    413: "内容太大", 422: "填写有误", 429: "操作太频繁", 500: "服务器出错了", 503: "暂时不可用",
}  # fmt: skip
_FIELDS = {
    "reason": "原因", "reference": "银行流水号", "code": "动态码", "key": "表单", "name": "名称", "cursor": "页码",
    "amount": "金额", "words": "说明", "date": "日期", "until": "日期", "state": "状态", "sealed": "二维码",
    "file": "文件", "fee": "服务费", "fee_fen": "服务费", "remark": "怎么回事", "operator": "同事", "since": "日期",
}  # fmt: skip
log = structlog.get_logger("lintuan.console")


@door.errorhandler(Unauthenticated)
def answer_stranger(_error: Unauthenticated) -> Response:
    """The log-in page in place of what was asked for; a part of a page is told to load the whole."""
    response = asked_to_log_in("", 401)
    response.headers["HX-Refresh"] = "true"
    return response


@door.errorhandler(DomainError)
def answer_refusal(error: DomainError) -> Response:
    """A refusal with its sentence, and which fields were meant."""
    named = error.facts.get("errors")
    fields = [str(name) for name in named] if isinstance(named, dict) else []
    fields += [str(error.facts["field"])] if "field" in error.facts else []
    return _page(STATUS[error.kind], refusal(error), [_FIELDS.get(name, name) for name in fields])


@door.errorhandler(StillRunning)
def answer_twin(_error: StillRunning) -> Response:
    """The same form came twice, and there is nothing to lead on to yet."""
    return _page(409, "这张表单已经提交过，还没有结果。请返回刷新页面，看看是否已经办好。")


@door.errorhandler(OutsideError)
def answer_outside(error: OutsideError) -> Response:
    """The gateway or a platform did not answer."""
    log.warning("outside failed", endpoint=request.endpoint, error=type(error).__name__, outside_error=error.code)
    return _page(503, "外部服务暂时不通，什么都没有丢，请稍后再试。")


@door.errorhandler(HTTPException)
def answer_http(error: HTTPException) -> Response:
    """What Flask itself refuses."""
    return _page(error.code or 500, "")


@door.errorhandler(Exception)
def answer_failure(error: Exception) -> Response:
    """Our own mistake: logged, and told to nobody outside."""
    log.error("request failed", endpoint=request.endpoint, method=request.method, exc_info=error)
    return _page(500, f"请稍后再试。编号 {request_id()}")


@door.page("/<path:unknown>")
def nowhere(_ctx: object, unknown: str) -> dict[str, object]:
    """Whatever else is asked for here."""
    raise NotFound


def _page(status: int, sentence: str, fields: list[str] | None = None) -> Response:
    title = TITLES.get(status, "出错了")
    answer = rendered("error", status, status=status, title=title, sentence=sentence, fields=fields or [])
    answer.headers["HX-Push-Url"] = "false"  # the browser stays where the form was: nothing can be read here
    return answer
