"""The tables, one file per capability: columns, constraints and nothing else."""

from models.aftersales import BrokenCount, Claim, Evidence
from models.base import Base, db
from models.campaigns import (
    Campaign,
    CampaignPoint,
    HelpSell,
    Offer,
    OfferTaking,
    Participation,
    PriceTier,
    ShortLink,
)
from models.catalog import Merchant, Picture, Product, Sku
from models.desk_money import Shift
from models.ledger import JournalEntry, Posting
from models.messaging import (
    ChannelState,
    ChatBinding,
    ChatCampaign,
    ChatEvent,
    ChatSession,
    ChatWindow,
    Notification,
    OutboxMessage,
    PastedList,
    PastedName,
)
from models.orders import Order, OrderAddress, OrderLine, Parcel
from models.payments import GatewayEvent, Payment, Refund, RefundLine, SuspenseCase
from models.people import ChatIdentity, Leader, OneTimeCode, Operator, Resident, Session
from models.pickup import Delivery, DeliveryLine, PickupCode, Redemption, RedemptionLine
from models.places import Community, PickupPoint, PickupStaff
from models.reconciliation import BillBooking, BillCase, BillDay, BillFile, BillRow
from models.records import Alert, AuditRecord, IdempotencyRecord, JobRun
from models.settlements import (
    BankFile,
    BankFileLine,
    Payout,
    Proposal,
    Settlement,
    SettlementLine,
)
from models.sharing import Share, ShareOpening
from models.shipping import ShippingUpload

__all__ = [
    "Alert", "AuditRecord", "BankFile", "BankFileLine", "Base", "BillBooking", "BillCase", "BillDay", "BillFile",
    "BillRow", "BrokenCount", "Campaign", "CampaignPoint", "ChannelState", "ChatBinding", "ChatCampaign",
    "ChatEvent", "ChatIdentity", "ChatSession", "ChatWindow", "Claim", "Community", "Delivery", "DeliveryLine",
    "Evidence", "GatewayEvent", "HelpSell", "IdempotencyRecord", "JobRun", "JournalEntry", "Leader", "Merchant",
    "Notification", "Offer", "OfferTaking", "OneTimeCode", "Operator", "Order", "OrderAddress", "OrderLine",
    "OutboxMessage", "Parcel", "Participation", "PastedList", "PastedName", "Payment", "Payout", "PickupCode",
    "PickupPoint", "PickupStaff", "Picture", "Posting", "PriceTier", "Product", "Proposal", "Redemption",
    "RedemptionLine", "Refund", "RefundLine", "Resident", "Session", "Settlement", "SettlementLine", "Share",
    "ShareOpening", "Shift", "ShippingUpload", "ShortLink", "Sku", "SuspenseCase", "db",
]  # fmt: skip
