"""Every place where a person can write words of their own, and how others are kept from words that have not passed."""

from __future__ import annotations

from domain.content import Subject

CHECKED: dict[Subject, tuple[str, ...]] = {
    Subject.NICKNAME: ("ResidentChangeProfile.nickname",),
    Subject.ORDER: ("ResidentNewOrder.note", "ResidentNewOrder.recipient"),
    Subject.PLACE: ("ResidentNewOrder.building", "ResidentNewOrder.room"),
    Subject.ADDRESS: ("ResidentNewOrder.address",),
    Subject.PASS: ("ResidentNewPass.label",),
    Subject.CAMPAIGN: (
        "LeaderCampaignTerms.title", "LeaderCampaignTerms.description", "LeaderCampaignTerms.seller",
        "LeaderCampaignTerms.arrival_text", "LeaderOfferTerms.name", "LeaderOfferTerms.aliases", "LeaderCopy.title",
        "LeaderCreateProduct.name", "LeaderCreateProduct.description", "LeaderCreateSku.spec", "LeaderCreateSku.unit",
        "LeaderCreateMerchant.name",
    ),
    Subject.CANCELLATION: ("LeaderCancelCampaign.reason",),
    Subject.CLAIM: ("ResidentNewClaim.words",),
    Subject.ANSWER: ("LeaderOfferOnClaim.words", "Refusal.words"),
    Subject.LEADER: ("ResidentApplication.display_name", "ResidentApplication.introduction"),
    Subject.POINT: ("LeaderCreatePoint.name", "LeaderCreatePoint.address", "LeaderCreatePoint.hours"),
    Subject.STAFF: ("StationJoinDesk.display_name",),
    Subject.DEVICE: ("StationJoinDesk.device", "StationEnterDesk.device"),
    Subject.LEASE: ("StationTakeLease.device_label",),
    Subject.UNDO: ("Undo.reason",),
    Subject.SHIFT: ("Counted.reason",),
    Subject.LOSS: ("CloseLoss.remark",),
    Subject.REASON: ("GiveBack.reason", "RefuseBroken.reason", "EndHelp.reason", "LeaderReveal.reason"),
    Subject.ALT: ("form.alt",),
}  # fmt: skip
"""Fields of request bodies by what they are checked as."""

NOT_CHECKED: dict[str, tuple[str, ...]] = {
    "operators speak for the platform itself": (
        "AdminApproval.reason",
        "AdminCancelledByOperator.reason",
        "AdminCaseReason.reason",
        "AdminCreateCommunity.name",
        "AdminDecision.reason",
        "AdminDismissal.reason",
        "AdminOfferOnEscalated.words",
        "AdminPayByHand.reason",
        "AdminPayByHand.reference",
        "AdminReason.reason",
        "AdminRefusal.reason",
        "AdminRejection.reason",
        "AdminResolve.reason",
        "AdminSuspenseByHand.reason",
        "AdminSuspenseByHand.reference",
        "AdminOperatorLogIn.device",
        "AdminOperatorLogIn.name",
    ),
    "only its author ever reads it": ("LeaderTakeRemark.note", "LeaderTakeRemark.tags", "ResidentLogIn.device"),
    "it is sealed and goes to the bank or to the platform's transfer alone": (
        "LeaderSetBankAccount.account",
        "LeaderSetBankAccount.bank",
        "LeaderSetBankAccount.holder",
        "ResidentRealName.name",
    ),
    "it is a key, a code or a token, and shown to nobody": (
        "AdminOperatorLogIn.code",
        "AdminOperatorLogIn.password",
        "LeaderPushKey.key",
        "ResidentLogIn.js_code",
        "ResidentOpenShare.encrypted_data",
        "ResidentOpenShare.iv",
        "ResidentOpenShare.js_code",
        "ResidentPhoneCode.code",
        "Search.code",
        "Search.qr",
        "StationHandedOut.token",
        "StationJoinDesk.code",
        "Redeem.pass_shown",
        "TakeCash.pass_shown",
    ),
    "the service takes one of a list only": ("LeaderCreateProduct.category", "ResidentAgree.version"),
    "the service takes letters and digits only": ("LeaderParcelNumber.tracking_number", "ResidentNewOrder.phone"),
}
"""Fields that need no check, by the reason."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "said in a chat, kept sealed or repeated only there": (
        "chat_events.turn_enc", "pasted_lists.text_enc", "pasted_names.name",
    ),
    "a copy of words that had passed": (
        "desk_leases.device", "loss_cases.first_by", "offline_hand_overs.by_name", "order_lines.offer_name",
        "order_lines.spec", "order_lines.unit", "redemptions.by_name", "redemptions.fetched_by", "shifts.by_name",
        "shipping_uploads.item_desc",
    ),
    "written by operators": (
        "bill_cases.resolved_words", "communities.name", "leaders.decided_reason", "operators.name",
        "proposals.reason",
    ),
    "read by its author alone": ("order_remarks.note", "order_tags.tag"),
    "sealed": (
        "bank_file_lines.bank_enc", "chat_bindings.push_secret_enc", "content_checks.words", "merchants.bank_enc",
        "operators.totp_enc", "order_addresses.courier_enc", "residents.phone_enc", "residents.real_name_enc",
        "share_openings.group_openid_enc",
    ),
    "held up as a whole until it has passed": (
        "campaigns.arrival_text", "campaigns.description", "campaigns.seller", "campaigns.title",
        "leaders.display_name", "leaders.introduction", "merchants.name", "offers.aliases", "offers.name",
        "pickup_points.address", "pickup_points.hours", "pickup_points.name", "products.description",
        "products.name", "skus.spec", "skus.unit",
    ),
    "written by the bank, which an operator uploads": ("bank_file_lines.reason",),
    "letters and digits only": ("parcels.tracking_number", "shipping_uploads.tracking_number"),
    "written by the program": (
        "alerts.cause", "alerts.detail", "audit_records.request_id", "bill_bookings.cause", "bill_bookings.number",
        "bill_cases.detail", "bill_cases.subject", "bill_files.sha256", "bill_rows.gateway_number",
        "bill_rows.number", "bill_rows.payment_number", "channel_states.last_error", "chat_bindings.dead_reason",
        "chat_bindings.remote_chat_id", "chat_campaigns.card_ref", "chat_events.event_key", "chat_events.room",
        "chat_identities.remote_user_id", "chat_sessions.remote_chat_id", "chat_sessions.remote_user_id",
        "chat_windows.place", "content_checks.fingerprint", "content_checks.trace_id", "content_checks.trouble",
        "exports.live_key", "gateway_events.event_id", "gateway_events.number", "idempotency_records.fingerprint",
        "idempotency_records.key", "job_runs.name", "journal_entries.cause", "notifications.body",
        "notifications.cause", "notifications.title", "offline_hand_overs.client_id", "offline_hand_overs.detail",
        "offline_hand_overs.fingerprint", "one_time_codes.code_hash", "operator_links.code_hash",
        "operators.password_hash", "orders.lines_digest", "outbox_messages.coalesce_key",
        "outbox_messages.dedupe_key", "outbox_messages.last_error", "paper_links.token_hash",
        "pasted_lists.title_key", "pasted_names.title_key", "payments.prepay_id", "payments.transaction_id",
        "payouts.fail_reason", "payouts.package_info", "payouts.transfer_bill_no", "pickup_passes.token_hash",
        "recovery_codes.code_hash", "residents.openid", "residents.phone_hash", "residents.phone_tail_hash",
        "sessions.token_hash", "share_openings.group_hash", "shares.activity_id", "shares.group_hash",
        "shares.over_reason", "shipping_uploads.trouble", "suspense_cases.detail", "suspense_cases.out_trade_no",
        "suspense_cases.transaction_id",
    ),
}  # fmt: skip
"""Columns of text that are not among those that a check fills, by the reason."""
