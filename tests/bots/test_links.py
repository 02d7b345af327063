"""Links in the chat lead to a page that shows only what anybody may see."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.bots.room import Room


def test_an_orders_link_shows_the_sum_and_a_masked_name(room: Room, client: FlaskClient) -> None:
    campaign = room.world.campaign(title="<b>周五水果</b>")
    order = room.world.order(room.world.resident("王小明"), campaign, {"草莓": 1})
    page = client.get(f"/m/orders/{order}").get_data(as_text=True)
    assert "王**" in page and "¥19.99" in page and "&lt;b&gt;" in page
    assert "王小明" not in page and "<b>" not in page
    assert "截团" in client.get(f"/m/campaigns/{campaign}").get_data(as_text=True)
    assert client.get("/m/orders").status_code == 200


def test_a_made_up_link_is_not_found(client: FlaskClient) -> None:
    assert client.get("/m/orders/ord_nothing").status_code == 404
    assert client.get("/m/campaigns/cmp_nothing").status_code == 404
