"""The mini-program's message push: customer service, and what the platform tells of shipping.

Whatever is said to a person goes out by a call of its own.
"""

from __future__ import annotations

from flask import Response

from blueprints.shared.product import lintuan
from blueprints.webhooks.callbacks import arguments, callback, plain, raw_body, set_up
from domain.actors import SYSTEM
from services import shipping_watch


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
    else:
        lintuan().hear("customer", message)
    return plain("success")
