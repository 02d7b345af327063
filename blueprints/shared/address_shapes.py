"""The shape of a courier's address, for the buyer whose it is and the leader to whom it was revealed."""

from __future__ import annotations

from marshmallow import fields

from blueprints.shared.schemas import Shown


class CourierAddressSchema(Shown):
    """What a courier must know."""

    recipient = fields.String(required=True)
    phone = fields.String(required=True)
    address = fields.String(required=True)
