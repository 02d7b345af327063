"""The tables, one file per capability: columns, constraints and nothing else."""

from models.base import Base, db
from models.campaigns import Campaign, CampaignPoint, Offer, OfferTaking, Participation, ShortLink
from models.catalog import Merchant, Picture, Product, Sku
from models.ledger import JournalEntry, Posting
from models.messaging import (
    ChatBinding,
    ChatCampaign,
    ChatEvent,
    ChatSession,
    Notification,
    OutboxMessage,
)
from models.orders import Order, OrderLine
from models.payments import GatewayEvent, Payment, Refund, RefundLine, SuspenseCase
from models.people import ChatIdentity, Leader, OneTimeCode, Operator, Resident, Session
from models.pickup import Delivery, DeliveryLine, PickupCode, Redemption, RedemptionLine
from models.places import Community, PickupPoint, PickupStaff
from models.records import Alert, AuditRecord, IdempotencyRecord, JobRun

__all__ = [
    "Alert", "AuditRecord", "Base", "Campaign", "CampaignPoint", "ChatBinding", "ChatCampaign", "ChatEvent",
    "ChatIdentity", "ChatSession", "Community", "Delivery", "DeliveryLine", "GatewayEvent", "IdempotencyRecord",
    "JobRun", "JournalEntry", "Leader", "Merchant", "Notification", "Offer", "OfferTaking", "OneTimeCode", "Operator",
    "Order", "OrderLine", "OutboxMessage", "Participation", "Payment", "PickupCode", "PickupPoint", "PickupStaff",
    "Picture", "Posting", "Product", "Redemption", "RedemptionLine", "Refund", "RefundLine", "Resident", "Session",
    "ShortLink", "Sku", "SuspenseCase", "db",
]  # fmt: skip
