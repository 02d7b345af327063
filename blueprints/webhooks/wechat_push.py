"""The mini-program's message push: customer service, and what the platform tells of shipping and of pictures.

Whatever is said to a person goes out by a call of its own.
"""

from __future__ import annotations

from flask import Response

from blueprints.shared.product import lintuan
from blueprints.webhooks.callbacks import arguments, callback, plain, raw_body, set_up
from domain.actors import SYSTEM
from domain.errors import Busy
from services import shipping_watch
from services.content_safety import asking


@callback("/wechat/push", "GET")
def check_push_address() -> Response:
    """The platform's address check: `echostr` as it came."""
    return plain(set_up(lintuan().hooks.push).check_url(arguments()))


@callback("/wechat/push", "POST")
def hear_push() -> Response:
    """A message or an event; `success` once it is committed, so that it is not sent again."""
    message = set_up(lintuan().hooks.push).read(arguments(), raw_body())
    if shipping_watch.speaks_of_shipping(message):
        with lintuan().unit(SYSTEM) as ctx:
            shipping_watch.hear(ctx, message)
    elif asking.speaks_of_content(message):
        with lintuan().unit(SYSTEM) as ctx:
            known = asking.hear(ctx, message)
        if not known:  # it came before its own number was written down: the platform sends it again
            raise Busy(retry_after=1)
    else:
        lintuan().hear("customer", message)
    return plain("success")
