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
from models.consents import Consent, Subscription
from models.content import ContentCheck
from models.desk_money import Shift
from models.exports import Export
from models.following import Follower, HomePoint
from models.leases import DeskLease, LossCase, OfflineHandOver
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
from models.operators import OperatorLink, RecoveryCode
from models.orders import Order, OrderAddress, OrderLine, Parcel
from models.paper_links import PaperLink
from models.passes import PickupPass
from models.payments import GatewayEvent, Payment, Refund, RefundLine, SuspenseCase
from models.people import ChatIdentity, Leader, OneTimeCode, Operator, Resident, Session
from models.pickup import Delivery, DeliveryLine, PickupCode, Redemption, RedemptionLine
from models.places import Community, PickupPoint, PickupStaff
from models.reconciliation import BillBooking, BillCase, BillDay, BillFile, BillRow
from models.records import Alert, AuditRecord, IdempotencyRecord, JobRun
from models.remarks import OrderRemark, OrderTag
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
    "BillRow", "BrokenCount", "Campaign", "CampaignPoint", "ChannelState", "ChatBinding", "ChatCampaign", "ChatEvent",
    "ChatIdentity", "ChatSession", "ChatWindow", "Claim", "Community", "Consent", "ContentCheck", "Delivery",
    "DeliveryLine", "DeskLease", "Evidence", "Export", "Follower", "GatewayEvent", "HelpSell", "HomePoint",
    "IdempotencyRecord", "JobRun", "JournalEntry", "Leader", "LossCase", "Merchant", "Notification", "Offer",
    "OfferTaking", "OfflineHandOver", "OneTimeCode", "Operator", "OperatorLink", "Order", "OrderAddress", "OrderLine",
    "OrderRemark", "OrderTag", "OutboxMessage", "PaperLink", "Parcel", "Participation", "PastedList", "PastedName",
    "Payment", "Payout", "PickupCode", "PickupPass", "PickupPoint", "PickupStaff", "Picture", "Posting", "PriceTier",
    "Product", "Proposal", "RecoveryCode", "Redemption", "RedemptionLine", "Refund", "RefundLine", "Resident",
    "Session", "Settlement", "SettlementLine", "Share", "ShareOpening", "Shift", "ShippingUpload", "ShortLink", "Sku",
    "Subscription", "SuspenseCase", "db",
]  # fmt: skip
