"""The lifecycles of the product: who may move what from where to where."""

from domain.lifecycle import Machine

CAMPAIGN = Machine(
    "campaign",
    "draft",
    """
schedule | draft                                              | scheduled  | leader
open     | draft scheduled                                    | open       | leader clock
pause    | open                                               | paused     | leader operator
resume   | paused                                             | open       | leader operator
extend   | open paused closed                                 | open       | leader clock
close    | open paused                                        | closed     | clock leader operator system
form     | closed                                             | formed     | clock
fail     | closed                                             | failed     | clock
dispatch | formed                                             | fulfilling | leader
complete | formed fulfilling                                  | completed  | clock
cancel   | draft scheduled open paused closed formed fulfilling | cancelled | leader operator
""",
)

OFFER = Machine(
    "offer",
    "open",
    """
form | open | formed | clock
fail | open formed | failed | clock leader operator
""",
)

ORDER = Machine(
    "order",
    "pending_payment",
    """
pay        | pending_payment                                | paid      | gateway system
expire     | pending_payment                                | expired   | clock
accept     | pending_payment                                | confirmed | system
cancel     | pending_payment paid confirmed ready           | cancelled | resident leader operator clock staff
confirm    | paid                                           | confirmed | clock
arrive     | confirmed                                      | ready     | leader staff
collect    | ready                                          | collected | leader staff clock
uncollect  | collected                                      | ready     | leader staff
lapse      | ready                                          | completed | clock
complete   | collected                                      | completed | clock
refund_all | paid confirmed ready collected completed       | refunded  | gateway operator
""",
)

PAYMENT = Machine(
    "payment",
    "created",
    """
prepay       | created                | awaiting_payer | resident
succeed      | created awaiting_payer | succeeded      | gateway
succeed_late | closed                 | succeeded      | gateway
close        | created awaiting_payer | closed         | gateway clock
""",
)

REFUND = Machine(
    "refund",
    "requested",
    """
submit      | requested | submitted | gateway
succeed     | submitted | succeeded | gateway
go_abnormal | submitted | abnormal  | gateway
retry       | abnormal  | submitted | operator gateway
close       | submitted | closed    | gateway
pay_by_hand | requested abnormal | succeeded | operator
""",
)

PICKUP_CODE = Machine(
    "pickup_code",
    "issued",
    """
redeem | issued   | redeemed | leader staff clock
reopen | redeemed | issued   | leader staff
void   | issued   | voided   | resident leader clock operator
""",
)

PICKUP_PASS = Machine(
    "pickup_pass",
    "issued",
    """
use     | issued | used     | leader staff
replace | issued | replaced | resident
revoke  | issued | revoked  | resident
""",
)

DELIVERY = Machine(
    "delivery",
    "planned",
    """
pick      | planned    | picking    | leader
ship      | picking    | in_transit | leader
arrive    | in_transit | arrived    | leader staff
reconcile | arrived    | reconciled | leader
""",
)

OUTBOX = Machine(
    "outbox_message",
    "pending",
    """
lease   | pending        | leased    | clock
send    | leased         | sent      | clock
defer   | leased         | pending   | clock
lose    | leased         | unknown   | clock
bury    | leased unknown | dead      | clock
revive  | unknown dead   | pending   | clock operator
dismiss | dead           | dismissed | operator
""",
)

LEADER = Machine(
    "leader",
    "applied",
    """
approve   | applied rejected | approved  | operator
reject    | applied          | rejected  | operator
suspend   | approved         | suspended | operator
reinstate | suspended        | approved  | operator
reapply   | rejected         | applied   | resident
leave     | applied rejected approved suspended | left | resident
""",
)

STAFF = Machine(
    "pickup_staff",
    "active",
    """
leave  | active | left    | staff resident
remove | active | removed | leader operator
return | left removed | active | resident
""",
)

SUSPENSE = Machine(
    "suspense_case",
    "open",
    """
resolve | open | resolved | operator clock
""",
)

CLAIM = Machine(
    "claim",
    "asked",
    """
accept     | asked escalated                  | accepted  | leader operator clock
offer      | asked escalated                  | offered   | leader operator
reject     | asked                            | rejected  | leader
take_offer | offered                          | accepted  | resident clock
escalate   | asked offered rejected           | escalated | resident clock
refuse     | escalated                        | refused   | operator
withdraw   | asked offered rejected escalated | withdrawn | resident
expire     | rejected                         | refused   | clock
""",
)

SETTLEMENT = Machine(
    "settlement",
    "draft",
    """
approve | draft    | approved | operator
pay_out | approved | paying   | leader resident operator
confirm | paying   | paid     | gateway operator
fail    | paying   | failed   | gateway operator
retry   | failed   | paying   | leader resident operator
""",
)

PAYOUT = Machine(
    "payout",
    "requested",
    """
submit  | requested           | submitted | gateway
succeed | requested submitted | succeeded | gateway operator
fail    | requested submitted | failed    | gateway operator
""",
)

PROPOSAL = Machine(
    "proposal",
    "proposed",
    """
accept | proposed | accepted | operator
reject | proposed | rejected | operator
""",
)

SHIFT = Machine(
    "shift",
    "open",
    """
close     | open   | closed      | staff leader
hand_over | closed | handed_over | leader operator
""",
)

BILL_CASE = Machine(
    "bill_case",
    "open",
    """
resolve | open     | resolved | operator clock
reopen  | resolved | open     | clock
""",
)

HELP_SELL = Machine(
    "help_sell",
    "active",
    """
end | active | ended | leader operator
""",
)

SHIPPING = Machine(
    "shipping_upload",
    "waiting",
    """
ready   | waiting        | pending  | system
upload  | pending failed | uploaded | clock
skip    | pending        | skipped  | clock
give_up | pending        | failed   | clock
revive  | failed         | pending  | operator
""",
)

EXPORT = Machine(
    "export",
    "waiting",
    """
claim   | waiting making | making | clock
finish  | making         | ready  | clock
give_up | making         | failed | clock
""",
)

CONTENT_CHECK = Machine(
    "content_check",
    "waiting",
    """
ask     | waiting                      | asked    | clock
again   | asked                        | waiting  | clock system
doubt   | waiting asked                | review   | clock system
pass    | waiting asked review         | passed   | clock system operator
refuse  | waiting asked review         | refused  | clock system operator
replace | waiting asked review refused | replaced | resident leader system
""",
)

ALL = (
    CAMPAIGN, OFFER, ORDER, PAYMENT, REFUND, PICKUP_CODE, DELIVERY, OUTBOX, LEADER, STAFF, SUSPENSE, CLAIM, SETTLEMENT,
    PAYOUT, PROPOSAL, SHIFT, BILL_CASE, HELP_SELL, SHIPPING, PICKUP_PASS, EXPORT, CONTENT_CHECK,
)  # fmt: skip
