"""Tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("cause", name=op.f("uq_alerts_cause")),
    )
    op.create_table(
        "audit_records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=False),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
    )
    op.create_index("ix_audit_records_subject_subject_id", "audit_records", ["subject", "subject_id"], unique=False)
    op.create_table(
        "bank_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("total_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bank_files_public_id")),
    )
    op.create_table(
        "bill_bookings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clearing_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('payment', 'refund', 'fee', 'transfer', 'transfer_back', 'funds', 'accepted')",
            name=op.f("ck_bill_bookings_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_bookings")),
        sa.UniqueConstraint("cause", name=op.f("uq_bill_bookings_cause")),
    )
    op.create_index("ix_bill_bookings_number_kind", "bill_bookings", ["number", "kind"], unique=False)
    op.create_table(
        "bill_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("row_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('trade', 'fund_flow')", name=op.f("ck_bill_files_kind")),
        sa.CheckConstraint("outcome IN ('imported', 'hash', 'totals')", name=op.f("ck_bill_files_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_files")),
        sa.UniqueConstraint("kind", "day", "sha256", name=op.f("uq_bill_files_kind_day_sha256")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bill_files_public_id")),
    )
    op.create_table(
        "channel_states",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=255), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alerted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_states")),
    )
    op.create_table(
        "chat_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("event_key", sa.String(length=128), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("room", sa.String(length=64), nullable=True),
        sa.Column("turn_enc", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_events")),
        sa.UniqueConstraint("channel", "event_key", name=op.f("uq_chat_events_channel_event_key")),
    )
    op.create_index(op.f("ix_chat_events_received_at"), "chat_events", ["received_at"], unique=False)
    op.create_index("ix_chat_events_room_id", "chat_events", ["room", "id"], unique=False)
    op.create_table(
        "chat_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("remote_chat_id", sa.String(length=128), nullable=False),
        sa.Column("remote_user_id", sa.String(length=128), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_sessions")),
        sa.UniqueConstraint(
            "channel",
            "remote_chat_id",
            "remote_user_id",
            name=op.f("uq_chat_sessions_channel_remote_chat_id_remote_user_id"),
        ),
    )
    op.create_table(
        "chat_windows",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("recent", sa.JSON(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "place", name=op.f("pk_chat_windows")),
    )
    op.create_table(
        "communities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("name", name=op.f("uq_communities_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_communities_public_id")),
    )
    op.create_table(
        "gateway_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("event_type", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("deliveries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_gateway_events_event_id")),
    )
    op.create_table(
        "idempotency_records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_records")),
        sa.UniqueConstraint("actor", "key", name=op.f("uq_idempotency_records_actor_key")),
    )
    op.create_index(op.f("ix_idempotency_records_created_at"), "idempotency_records", ["created_at"], unique=False)
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "operators",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("totp_enc", sa.String(length=255), nullable=True),
        sa.Column("totp_step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('viewer', 'support', 'finance', 'admin')", name=op.f("ck_operators_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("name", name=op.f("uq_operators_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_operators_public_id")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=128), nullable=False),
        sa.Column("coalesce_key", sa.String(length=128), nullable=True),
        sa.Column("binding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("must", sa.Boolean(), nullable=False),
        sa.Column("repeatable", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'sent', 'unknown', 'dead', 'dismissed')",
            name=op.f("ck_outbox_messages_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_messages_dedupe_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outbox_messages_public_id")),
    )
    op.create_index("ix_outbox_messages_binding_id_state", "outbox_messages", ["binding_id", "state"], unique=False)
    op.create_index("ix_outbox_messages_coalesce_key", "outbox_messages", ["coalesce_key"], unique=False)
    op.create_index("ix_outbox_messages_state_due_at", "outbox_messages", ["state", "due_at"], unique=False)
    op.create_table(
        "residents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("nickname", sa.String(length=80), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("phone_enc", sa.String(length=255), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_tail_hash", sa.String(length=64), nullable=True),
        sa.Column("customer_chat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("real_name_enc", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents")),
        sa.UniqueConstraint("openid", name=op.f("uq_residents_openid")),
        sa.UniqueConstraint("phone_hash", name=op.f("uq_residents_phone_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_residents_public_id")),
    )
    op.create_index(op.f("ix_residents_phone_tail_hash"), "residents", ["phone_tail_hash"], unique=False)
    op.create_table(
        "bill_days",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("balance_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("kind IN ('trade', 'fund_flow')", name=op.f("ck_bill_days_kind")),
        sa.CheckConstraint("status IN ('waiting', 'refused', 'empty', 'imported')", name=op.f("ck_bill_days_status")),
        sa.ForeignKeyConstraint(["file_id"], ["bill_files.id"], name=op.f("fk_bill_days_file_id_bill_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_days")),
        sa.UniqueConstraint("kind", "day", name=op.f("uq_bill_days_kind_day")),
    )
    op.create_table(
        "bill_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("bill_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("payment_number", sa.String(length=64), nullable=False),
        sa.Column("gateway_number", sa.String(length=64), nullable=False),
        sa.Column("occurrence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fee_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("traded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["bill_file_id"], ["bill_files.id"], name=op.f("fk_bill_rows_bill_file_id_bill_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_rows")),
        sa.UniqueConstraint(
            "kind", "day", "gateway_number", "occurrence", name=op.f("uq_bill_rows_kind_day_gateway_number_occurrence")
        ),
    )
    op.create_index(op.f("ix_bill_rows_bill_file_id"), "bill_rows", ["bill_file_id"], unique=False)
    op.create_index("ix_bill_rows_day_kind", "bill_rows", ["day", "kind"], unique=False)
    op.create_index("ix_bill_rows_gateway_number", "bill_rows", ["gateway_number"], unique=False)
    op.create_index("ix_bill_rows_number", "bill_rows", ["number"], unique=False)
    op.create_table(
        "chat_identities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("remote_user_id", sa.String(length=128), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_chat_identities_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_identities")),
        sa.UniqueConstraint("channel", "remote_user_id", name=op.f("uq_chat_identities_channel_remote_user_id")),
    )
    op.create_index(op.f("ix_chat_identities_resident_id"), "chat_identities", ["resident_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("document IN ('privacy', 'terms')", name=op.f("ck_consents_document")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_consents_resident_id_residents")),
        sa.PrimaryKeyConstraint("resident_id", "document", "version", name=op.f("pk_consents")),
    )
    op.create_table(
        "content_checks",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("trace_id", sa.String(length=64), nullable=True),
        sa.Column("label", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trouble", sa.String(length=255), nullable=False),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'review', 'passed', 'refused', 'replaced')",
            name=op.f("ck_content_checks_state"),
        ),
        sa.CheckConstraint(
            "subject IN ('nickname', 'order', 'place', 'address', 'pass', 'campaign', 'cancellation', 'claim', 'answer', 'leader', 'point', 'staff', 'device', 'lease', 'undo', 'shift', 'loss', 'reason', 'picture', 'alt', 'evidence')",
            name=op.f("ck_content_checks_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_content_checks_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_checks")),
        sa.UniqueConstraint("public_id", name=op.f("uq_content_checks_public_id")),
        sa.UniqueConstraint("trace_id", name=op.f("uq_content_checks_trace_id")),
    )
    op.create_index(op.f("ix_content_checks_resident_id"), "content_checks", ["resident_id"], unique=False)
    op.create_index("ix_content_checks_state_due_at", "content_checks", ["state", "due_at"], unique=False)
    op.create_index("ix_content_checks_subject_row_id", "content_checks", ["subject", "row_id"], unique=False)
    op.create_index(
        "uq_content_checks_waiting",
        "content_checks",
        ["subject", "row_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'asked', 'review')"),
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'review')"),
    )
    op.create_table(
        "leaders",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("introduction", sa.String(length=255), nullable=False),
        sa.Column("decided_reason", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied', 'approved', 'rejected', 'left', 'suspended')", name=op.f("ck_leaders_state")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_leaders_community_id_communities")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_leaders_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaders")),
        sa.UniqueConstraint("public_id", name=op.f("uq_leaders_public_id")),
        sa.UniqueConstraint("resident_id", name=op.f("uq_leaders_resident_id")),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('bind_person', 'bind_group', 'bind_staff_chat', 'join_staff')",
            name=op.f("ck_one_time_codes_purpose"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["residents.id"], name=op.f("fk_one_time_codes_made_by_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_one_time_codes_code_hash")),
    )
    op.create_table(
        "operator_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("operator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_operator_links_operator_id_operators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_links")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_operator_links_code_hash")),
    )
    op.create_index(op.f("ix_operator_links_operator_id"), "operator_links", ["operator_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'accepted', 'rejected')", name=op.f("ck_proposals_state")),
        sa.ForeignKeyConstraint(["decided_by"], ["operators.id"], name=op.f("fk_proposals_decided_by_operators")),
        sa.ForeignKeyConstraint(["proposed_by"], ["operators.id"], name=op.f("fk_proposals_proposed_by_operators")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposals_public_id")),
    )
    op.create_index(
        "uq_proposals_live",
        "proposals",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("operator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_recovery_codes_operator_id_operators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index(op.f("ix_recovery_codes_operator_id"), "recovery_codes", ["operator_id"], unique=False)
    op.create_table(
        "settlements",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("payee_kind", sa.String(length=32), nullable=False),
        sa.Column("payee", sa.String(length=32), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drafted_by", sa.String(length=32), nullable=False),
        sa.Column("approved_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("payee_kind IN ('leader', 'point', 'merchant')", name=op.f("ck_settlements_payee_kind")),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'paying', 'paid', 'failed')", name=op.f("ck_settlements_state")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_settlements_amount")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_settlements_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_settlements_public_id")),
    )
    op.create_index("ix_settlements_payee_kind_payee", "settlements", ["payee_kind", "payee"], unique=False)
    op.create_index(op.f("ix_settlements_resident_id"), "settlements", ["resident_id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("quota", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('arrived', 'refund', 'formed')", name=op.f("ck_subscriptions_purpose")),
        sa.CheckConstraint("quota >= 0", name=op.f("ck_subscriptions_quota")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_subscriptions_resident_id_residents")),
        sa.PrimaryKeyConstraint("resident_id", "purpose", name=op.f("pk_subscriptions")),
    )
    op.create_table(
        "bank_file_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("bank_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_enc", sa.String(length=1024), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.CheckConstraint("result IN ('', 'paid', 'returned')", name=op.f("ck_bank_file_lines_result")),
        sa.ForeignKeyConstraint(
            ["bank_file_id"], ["bank_files.id"], name=op.f("fk_bank_file_lines_bank_file_id_bank_files")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.id"], name=op.f("fk_bank_file_lines_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file_lines")),
        sa.UniqueConstraint(
            "bank_file_id", "settlement_id", name=op.f("uq_bank_file_lines_bank_file_id_settlement_id")
        ),
    )
    op.create_index(op.f("ix_bank_file_lines_settlement_id"), "bank_file_lines", ["settlement_id"], unique=False)
    op.create_table(
        "bill_cases",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("difference", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("bill_row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ours_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("theirs_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("detail", sa.String(length=255), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resolution", sa.String(length=32), nullable=False),
        sa.Column("resolved_words", sa.String(length=255), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "difference IN ('missing_here', 'missing_there', 'amount', 'status', 'duplicate', 'refund_mismatch', 'fee', 'across_midnight', 'unknown_merchant', 'format', 'hash', 'late')",
            name=op.f("ck_bill_cases_difference"),
        ),
        sa.CheckConstraint(
            "source IN ('trade_file', 'fund_flow_file', 'trade', 'missing', 'flow')", name=op.f("ck_bill_cases_source")
        ),
        sa.CheckConstraint("state IN ('open', 'resolved')", name=op.f("ck_bill_cases_state")),
        sa.ForeignKeyConstraint(["bill_row_id"], ["bill_rows.id"], name=op.f("fk_bill_cases_bill_row_id_bill_rows")),
        sa.ForeignKeyConstraint(["owner_id"], ["operators.id"], name=op.f("fk_bill_cases_owner_id_operators")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_cases")),
        sa.UniqueConstraint("day", "difference", "subject", name=op.f("uq_bill_cases_day_difference_subject")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bill_cases_public_id")),
    )
    op.create_index("ix_bill_cases_state_day", "bill_cases", ["state", "day"], unique=False)
    op.create_index("ix_bill_cases_subject", "bill_cases", ["subject"], unique=False)
    op.create_table(
        "campaigns",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("seller", sa.String(length=80), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("arrival_text", sa.String(length=80), nullable=False),
        sa.Column("minimum", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("minimum_kind", sa.String(length=32), nullable=False),
        sa.Column("below_minimum", sa.String(length=32), nullable=False),
        sa.Column("extend_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_on_target", sa.Boolean(), nullable=False),
        sa.Column("payment_policy", sa.String(length=32), nullable=False),
        sa.Column("delivery_method", sa.String(length=32), nullable=False),
        sa.Column("delivery_fee_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_minimum_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount_over_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shortage_mode", sa.String(length=32), nullable=False),
        sa.Column("help_sell_bps", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("participant_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("epoch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("close_reason", sa.String(length=32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(below_minimum = 'extend') = (extend_until IS NOT NULL)", name=op.f("ck_campaigns_extend_until")
        ),
        sa.CheckConstraint(
            "below_minimum IN ('fail', 'form_anyway', 'extend')", name=op.f("ck_campaigns_below_minimum")
        ),
        sa.CheckConstraint(
            "close_reason IN ('deadline', 'leader', 'sold_out', 'target_met')", name=op.f("ck_campaigns_close_reason")
        ),
        sa.CheckConstraint(
            "delivery_method IN ('pickup', 'door', 'courier')", name=op.f("ck_campaigns_delivery_method")
        ),
        sa.CheckConstraint("minimum_kind IN ('people', 'units', 'amount')", name=op.f("ck_campaigns_minimum_kind")),
        sa.CheckConstraint("payment_policy IN ('prepaid', 'on_pickup')", name=op.f("ck_campaigns_payment_policy")),
        sa.CheckConstraint(
            "shortage_mode IN ('one_each', 'first_come', 'in_proportion')", name=op.f("ck_campaigns_shortage_mode")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'open', 'cancelled', 'paused', 'closed', 'formed', 'failed', 'fulfilling', 'completed')",
            name=op.f("ck_campaigns_state"),
        ),
        sa.CheckConstraint("delivery_fee_fen >= 0 AND delivery_minimum_fen >= 0", name=op.f("ck_campaigns_delivery")),
        sa.CheckConstraint(
            "discount_fen >= 0 AND discount_fen <= discount_over_fen", name=op.f("ck_campaigns_discount")
        ),
        sa.CheckConstraint("help_sell_bps BETWEEN 0 AND 10000", name=op.f("ck_campaigns_help_sell")),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_campaigns_minimum")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_campaigns_window")),
        sa.CheckConstraint(
            "participant_count >= 0 AND counted_units >= 0 AND counted_fen >= 0", name=op.f("ck_campaigns_counters")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_campaigns_leader_id_leaders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaigns_public_id")),
    )
    op.create_index(op.f("ix_campaigns_leader_id"), "campaigns", ["leader_id"], unique=False)
    op.create_index("ix_campaigns_state_closes_at", "campaigns", ["state", "closes_at"], unique=False)
    op.create_table(
        "followers",
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_followers_leader_id_leaders")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_followers_resident_id_residents")),
        sa.PrimaryKeyConstraint("leader_id", "resident_id", name=op.f("pk_followers")),
    )
    op.create_index(op.f("ix_followers_resident_id"), "followers", ["resident_id"], unique=False)
    op.create_table(
        "merchants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("bank_enc", sa.String(length=1024), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_merchants_leader_id_leaders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchants")),
        sa.UniqueConstraint("leader_id", "name", name=op.f("uq_merchants_leader_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_merchants_public_id")),
    )
    op.create_table(
        "payouts",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("out_bill_no", sa.String(length=32), nullable=False),
        sa.Column("settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transfer_bill_no", sa.String(length=64), nullable=False),
        sa.Column("package_info", sa.String(length=1024), nullable=False),
        sa.Column("waiting", sa.String(length=32), nullable=False),
        sa.Column("fail_reason", sa.String(length=255), nullable=False),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('requested', 'submitted', 'succeeded', 'failed')", name=op.f("ck_payouts_state")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payouts_amount")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_payouts_resident_id_residents")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.id"], name=op.f("fk_payouts_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("out_bill_no", name=op.f("uq_payouts_out_bill_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payouts_public_id")),
    )
    op.create_index(op.f("ix_payouts_settlement_id"), "payouts", ["settlement_id"], unique=False)
    op.create_index("ix_payouts_state_due_at", "payouts", ["state", "due_at"], unique=False)
    op.create_index(
        "uq_payouts_live",
        "payouts",
        ["settlement_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'failed'"),
        postgresql_where=sa.text("state <> 'failed'"),
    )
    op.create_table(
        "pickup_points",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("hours", sa.String(length=80), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("keeper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fee_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_pickup_points_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["keeper_id"], ["residents.id"], name=op.f("fk_pickup_points_keeper_id_residents")),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_pickup_points_leader_id_leaders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_points")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_pickup_points_community_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pickup_points_public_id")),
    )
    op.create_index(op.f("ix_pickup_points_leader_id"), "pickup_points", ["leader_id"], unique=False)
    op.create_table(
        "broken_counts",
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["point_id"], ["pickup_points.id"], name=op.f("fk_broken_counts_point_id_pickup_points")
        ),
        sa.PrimaryKeyConstraint("point_id", "day", name=op.f("pk_broken_counts")),
    )
    op.create_table(
        "campaign_points",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_points_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["point_id"], ["pickup_points.id"], name=op.f("fk_campaign_points_point_id_pickup_points")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "point_id", name=op.f("pk_campaign_points")),
    )
    op.create_table(
        "chat_bindings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("remote_chat_id", sa.String(length=128), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("push_secret_enc", sa.String(length=512), nullable=True),
        sa.Column("dead_reason", sa.String(length=255), nullable=False),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recent_pushes", sa.JSON(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('group', 'staff')", name=op.f("ck_chat_bindings_purpose")),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_chat_bindings_leader_id_leaders")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["pickup_points.id"], name=op.f("fk_chat_bindings_point_id_pickup_points")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_bindings")),
        sa.UniqueConstraint("channel", "remote_chat_id", name=op.f("uq_chat_bindings_channel_remote_chat_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_chat_bindings_public_id")),
    )
    op.create_index(op.f("ix_chat_bindings_leader_id"), "chat_bindings", ["leader_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'picking', 'in_transit', 'arrived', 'reconciled')", name=op.f("ck_deliveries_state")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_deliveries_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_deliveries_point_id_pickup_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("campaign_id", "point_id", "batch", name=op.f("uq_deliveries_campaign_id_point_id_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_deliveries_public_id")),
    )
    op.create_index(op.f("ix_deliveries_point_id"), "deliveries", ["point_id"], unique=False)
    op.create_table(
        "help_sells",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("share_bps", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('active', 'ended')", name=op.f("ck_help_sells_state")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_help_sells_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_help_sells_leader_id_leaders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_sells")),
        sa.UniqueConstraint("campaign_id", "leader_id", name=op.f("uq_help_sells_campaign_id_leader_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_help_sells_public_id")),
    )
    op.create_index(op.f("ix_help_sells_leader_id"), "help_sells", ["leader_id"], unique=False)
    op.create_table(
        "home_points",
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_home_points_point_id_pickup_points")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_home_points_resident_id_residents")),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_home_points")),
    )
    op.create_table(
        "participations",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_orders", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("counted_orders >= 0", name=op.f("ck_participations_counted_orders")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_participations_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_participations_resident_id_residents")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "resident_id", name=op.f("pk_participations")),
    )
    op.create_table(
        "pasted_lists",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("pasted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title_key", sa.String(length=64), nullable=False),
        sa.Column("text_enc", sa.Text(), nullable=True),
        sa.Column("pasted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_pasted_lists_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["pasted_by"], ["residents.id"], name=op.f("fk_pasted_lists_pasted_by_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pasted_lists")),
    )
    op.create_index("ix_pasted_lists_campaign_id_title_key", "pasted_lists", ["campaign_id", "title_key"], unique=False)
    op.create_index(op.f("ix_pasted_lists_pasted_at"), "pasted_lists", ["pasted_at"], unique=False)
    op.create_table(
        "pasted_names",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title_key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_pasted_names_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pasted_names")),
    )
    op.create_index("ix_pasted_names_campaign_id_title_key", "pasted_names", ["campaign_id", "title_key"], unique=False)
    op.create_table(
        "pickup_staff",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('active', 'left', 'removed')", name=op.f("ck_pickup_staff_state")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["pickup_points.id"], name=op.f("fk_pickup_staff_point_id_pickup_points")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_pickup_staff_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_staff")),
        sa.UniqueConstraint("point_id", "resident_id", name=op.f("uq_pickup_staff_point_id_resident_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pickup_staff_public_id")),
    )
    op.create_index(op.f("ix_pickup_staff_resident_id"), "pickup_staff", ["resident_id"], unique=False)
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("merchant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_products_merchant_id_merchants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("public_id", name=op.f("uq_products_public_id")),
    )
    op.create_index(op.f("ix_products_merchant_id"), "products", ["merchant_id"], unique=False)
    op.create_table(
        "shares",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("activity_id", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_hash", sa.String(length=64), nullable=True),
        sa.Column("shown_state", sa.String(length=32), nullable=False),
        sa.Column("shown_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_reason", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('updatable', 'chat_tool')", name=op.f("ck_shares_mode")),
        sa.CheckConstraint(
            "shown_state IN ('collecting', 'closing', 'reached', 'ended')", name=op.f("ck_shares_shown_state")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_shares_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_shares_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_shares_activity_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_shares_public_id")),
    )
    op.create_index("ix_shares_campaign_id_expires_at", "shares", ["campaign_id", "expires_at"], unique=False)
    op.create_index(op.f("ix_shares_resident_id"), "shares", ["resident_id"], unique=False)
    op.create_table(
        "shifts",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_label", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=255), nullable=False),
        sa.Column("taken_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("difference_reason", sa.String(length=255), nullable=False),
        sa.Column("handed_to", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed', 'handed_over')", name=op.f("ck_shifts_state")),
        sa.CheckConstraint("taken_fen >= 0 AND counted_fen >= 0", name=op.f("ck_shifts_fen")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_shifts_point_id_pickup_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_shifts_public_id")),
    )
    op.create_index(op.f("ix_shifts_point_id"), "shifts", ["point_id"], unique=False)
    op.create_index(
        "uq_shifts_open",
        "shifts",
        ["point_id", "by_label"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "short_links",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_short_links_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_short_links")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_short_links_campaign_id")),
    )
    op.create_table(
        "chat_campaigns",
        sa.Column("binding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("card_ref", sa.String(length=128), nullable=False),
        sa.Column("card_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_milestone", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("missing_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["binding_id"], ["chat_bindings.id"], name=op.f("fk_chat_campaigns_binding_id_chat_bindings")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_chat_campaigns_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("binding_id", "campaign_id", name=op.f("pk_chat_campaigns")),
    )
    op.create_index(op.f("ix_chat_campaigns_campaign_id"), "chat_campaigns", ["campaign_id"], unique=False)
    op.create_table(
        "exports",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("live_key", sa.String(length=128), nullable=True),
        sa.Column("read_orders", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("all_orders", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turn", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("format IN ('html', 'xlsx')", name=op.f("ck_exports_format")),
        sa.CheckConstraint("state IN ('waiting', 'making', 'ready', 'failed')", name=op.f("ck_exports_state")),
        sa.CheckConstraint("(leader_id IS NULL) != (staff_id IS NULL)", name=op.f("ck_exports_one_maker")),
        sa.CheckConstraint("read_orders >= 0 AND all_orders >= 0 AND turn >= 0", name=op.f("ck_exports_progress")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_exports_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_exports_leader_id_leaders")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_exports_point_id_pickup_points")),
        sa.ForeignKeyConstraint(["staff_id"], ["pickup_staff.id"], name=op.f("fk_exports_staff_id_pickup_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("live_key", name=op.f("uq_exports_live_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exports_public_id")),
    )
    op.create_index(op.f("ix_exports_campaign_id"), "exports", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_exports_expires_at"), "exports", ["expires_at"], unique=False)
    op.create_index(op.f("ix_exports_leader_id"), "exports", ["leader_id"], unique=False)
    op.create_index(op.f("ix_exports_point_id"), "exports", ["point_id"], unique=False)
    op.create_index(op.f("ix_exports_staff_id"), "exports", ["staff_id"], unique=False)
    op.create_index("ix_exports_state_lease_until", "exports", ["state", "lease_until"], unique=False)
    op.create_table(
        "orders",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("lines_digest", sa.String(length=64), nullable=False),
        sa.Column("help_sell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("delivery_fee_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fee_refunded_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fee_earned_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_fee_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finishes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paid_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roster_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("settled_epoch", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=32), nullable=True),
        sa.Column("pickup_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aftersales_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("channel IN ('app', 'chat')", name=op.f("ck_orders_channel")),
        sa.CheckConstraint(
            "state IN ('pending_payment', 'paid', 'expired', 'confirmed', 'cancelled', 'refunded', 'ready', 'collected', 'completed')",
            name=op.f("ck_orders_state"),
        ),
        sa.CheckConstraint("NOT counted OR roster_number IS NOT NULL", name=op.f("ck_orders_counted_has_number")),
        sa.CheckConstraint(
            "delivery_fee_fen >= fee_refunded_fen + fee_earned_fen AND fee_refunded_fen >= 0 AND fee_earned_fen >= 0",
            name=op.f("ck_orders_delivery_fee"),
        ),
        sa.CheckConstraint("refunded_fen >= 0 AND refunded_fen <= paid_fen", name=op.f("ck_orders_refunded")),
        sa.CheckConstraint("total_fen >= 0 AND paid_fen >= 0", name=op.f("ck_orders_money")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_orders_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["help_sell_id"], ["help_sells.id"], name=op.f("fk_orders_help_sell_id_help_sells")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_orders_point_id_pickup_points")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_orders_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("campaign_id", "roster_number", name=op.f("uq_orders_campaign_id_roster_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_orders_public_id")),
    )
    op.create_index(
        "ix_orders_campaign_id_settled_epoch_id", "orders", ["campaign_id", "settled_epoch", "id"], unique=False
    )
    op.create_index("ix_orders_campaign_id_state_id", "orders", ["campaign_id", "state", "id"], unique=False)
    op.create_index(op.f("ix_orders_help_sell_id"), "orders", ["help_sell_id"], unique=False)
    op.create_index("ix_orders_point_id_resident_id", "orders", ["point_id", "resident_id"], unique=False)
    op.create_index("ix_orders_resident_id_id", "orders", ["resident_id", "id"], unique=False)
    op.create_index("ix_orders_state_hold_until", "orders", ["state", "hold_until"], unique=False)
    op.create_table(
        "paper_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=32), nullable=False),
        sa.Column("point_id", sa.String(length=32), nullable=False),
        sa.Column("export_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(leader_id IS NULL) != (staff_id IS NULL)", name=op.f("ck_paper_links_one_maker")),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_paper_links_leader_id_leaders")),
        sa.ForeignKeyConstraint(["staff_id"], ["pickup_staff.id"], name=op.f("fk_paper_links_staff_id_pickup_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_paper_links_token_hash")),
    )
    op.create_index(op.f("ix_paper_links_expires_at"), "paper_links", ["expires_at"], unique=False)
    op.create_index(op.f("ix_paper_links_leader_id"), "paper_links", ["leader_id"], unique=False)
    op.create_index(op.f("ix_paper_links_staff_id"), "paper_links", ["staff_id"], unique=False)
    op.create_table(
        "pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content_type", sa.String(length=32), nullable=False),
        sa.Column("alt", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_pictures_leader_id_leaders")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_pictures_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pictures_public_id")),
    )
    op.create_index(op.f("ix_pictures_leader_id"), "pictures", ["leader_id"], unique=False)
    op.create_index(op.f("ix_pictures_product_id"), "pictures", ["product_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("operator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(audience = 'station') = (staff_id IS NOT NULL)", name=op.f("ck_sessions_desk_has_staff")),
        sa.CheckConstraint(
            "audience IN ('resident', 'station', 'admin', 'console')", name=op.f("ck_sessions_audience")
        ),
        sa.CheckConstraint("(resident_id IS NULL) <> (operator_id IS NULL)", name=op.f("ck_sessions_one_owner")),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"], name=op.f("fk_sessions_operator_id_operators")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_sessions_resident_id_residents")),
        sa.ForeignKeyConstraint(["staff_id"], ["pickup_staff.id"], name=op.f("fk_sessions_staff_id_pickup_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sessions_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_operator_id"), "sessions", ["operator_id"], unique=False)
    op.create_index(op.f("ix_sessions_resident_id"), "sessions", ["resident_id"], unique=False)
    op.create_index(op.f("ix_sessions_staff_id"), "sessions", ["staff_id"], unique=False)
    op.create_table(
        "share_openings",
        sa.Column("share_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_hash", sa.String(length=64), nullable=False),
        sa.Column("group_openid_enc", sa.String(length=255), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_share_openings_resident_id_residents")
        ),
        sa.ForeignKeyConstraint(["share_id"], ["shares.id"], name=op.f("fk_share_openings_share_id_shares")),
        sa.PrimaryKeyConstraint("share_id", "resident_id", name=op.f("pk_share_openings")),
    )
    op.create_index(op.f("ix_share_openings_resident_id"), "share_openings", ["resident_id"], unique=False)
    op.create_table(
        "skus",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("spec", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("supply_price_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("supply_price_fen >= 0", name=op.f("ck_skus_supply_price")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_skus_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skus")),
        sa.UniqueConstraint("product_id", "spec", name=op.f("uq_skus_product_id_spec")),
        sa.UniqueConstraint("public_id", name=op.f("uq_skus_public_id")),
    )
    op.create_index(op.f("ix_skus_product_id"), "skus", ["product_id"], unique=False)
    op.create_table(
        "desk_leases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how_ended", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "how_ended IN ('', 'given_back', 'taken_over', 'expired')", name=op.f("ck_desk_leases_how_ended")
        ),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_desk_leases_point_id_pickup_points")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_desk_leases_session_id_sessions")),
        sa.ForeignKeyConstraint(["staff_id"], ["pickup_staff.id"], name=op.f("fk_desk_leases_staff_id_pickup_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_leases")),
        sa.UniqueConstraint("public_id", name=op.f("uq_desk_leases_public_id")),
    )
    op.create_index(op.f("ix_desk_leases_point_id"), "desk_leases", ["point_id"], unique=False)
    op.create_index(
        "uq_desk_leases_live",
        "desk_leases",
        ["point_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "journal_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "event IN ('payment_succeeded', 'payment_unwanted', 'payment_unmatched', 'refund_decided', 'refund_accepted', 'refund_closed', 'commission_pending', 'goods_arrived', 'units_handed_over', 'commission_released', 'refund_after_sales', 'borne_by_supplier', 'borne_by_leader', 'refund_by_hand', 'point_fee', 'suspense_refunded', 'suspense_by_hand', 'withdrawal_asked', 'withdrawal_returned', 'withdrawal_paid', 'merchant_paid', 'merchant_confirmed', 'merchant_returned', 'desk_cash', 'cash_handed_over', 'cash_difference', 'bill_trade', 'bill_fee', 'bill_refund', 'bill_transfer', 'bill_funds', 'difference_accepted')",
            name=op.f("ck_journal_entries_event"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_journal_entries_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_journal_entries_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("event", "cause", name=op.f("uq_journal_entries_event_cause")),
        sa.UniqueConstraint("public_id", name=op.f("uq_journal_entries_public_id")),
    )
    op.create_index(op.f("ix_journal_entries_campaign_id"), "journal_entries", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_journal_entries_order_id"), "journal_entries", ["order_id"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(length=255), nullable=False),
        sa.Column("reached_by", sa.String(length=32), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_notifications_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_notifications_order_id_orders")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_notifications_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("cause", name=op.f("uq_notifications_cause")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notifications_public_id")),
    )
    op.create_index(
        "ix_notifications_campaign_id_kind_reached_by",
        "notifications",
        ["campaign_id", "kind", "reached_by"],
        unique=False,
    )
    op.create_index("ix_notifications_resident_id_id", "notifications", ["resident_id", "id"], unique=False)
    op.create_table(
        "offers",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("aliases", sa.String(length=255), nullable=False),
        sa.Column("price_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quota", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("per_person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("minimum_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commission_bps", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("held_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sold_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("takings", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closing_price_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('open', 'formed', 'failed')", name=op.f("ck_offers_state")),
        sa.CheckConstraint("commission_bps BETWEEN 0 AND 10000", name=op.f("ck_offers_commission")),
        sa.CheckConstraint("held_units >= 0 AND sold_units >= 0", name=op.f("ck_offers_stock")),
        sa.CheckConstraint("minimum_units >= 0", name=op.f("ck_offers_minimum_units")),
        sa.CheckConstraint("per_person IS NULL OR per_person > 0", name=op.f("ck_offers_per_person")),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_offers_price")),
        sa.CheckConstraint("quota IS NULL OR held_units + sold_units <= quota", name=op.f("ck_offers_quota")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_offers_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["sku_id"], ["skus.id"], name=op.f("fk_offers_sku_id_skus")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("campaign_id", "name", name=op.f("uq_offers_campaign_id_name")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_offers_campaign_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_offers_public_id")),
    )
    op.create_table(
        "order_addresses",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("building", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("courier_enc", sa.String(length=1024), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_addresses_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_addresses")),
    )
    op.create_table(
        "order_remarks",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_remarks_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_remarks")),
    )
    op.create_table(
        "order_tags",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_tags_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", "tag", name=op.f("pk_order_tags")),
    )
    op.create_table(
        "parcels",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company", sa.String(length=32), nullable=False),
        sa.Column("tracking_number", sa.String(length=80), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_by", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_parcels_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_parcels")),
    )
    op.create_index(op.f("ix_parcels_confirm_by"), "parcels", ["confirm_by"], unique=False)
    op.create_table(
        "payments",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("shift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("desk_by", sa.String(length=32), nullable=False),
        sa.Column("prepay_id", sa.String(length=128), nullable=True),
        sa.Column("transaction_id", sa.String(length=64), nullable=True),
        sa.Column("received_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settled_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("(method = 'cash') = (shift_id IS NOT NULL)", name=op.f("ck_payments_cash_has_shift")),
        sa.CheckConstraint("method IN ('wechat', 'cash')", name=op.f("ck_payments_method")),
        sa.CheckConstraint(
            "state IN ('created', 'awaiting_payer', 'succeeded', 'closed')", name=op.f("ck_payments_state")
        ),
        sa.CheckConstraint("amount_fen >= 1", name=op.f("ck_payments_amount")),
        sa.CheckConstraint("refunded_fen >= 0 AND refunded_fen <= received_fen", name=op.f("ck_payments_refunded")),
        sa.CheckConstraint("settled_fen >= 0 AND settled_fen <= received_fen", name=op.f("ck_payments_settled")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id_orders")),
        sa.ForeignKeyConstraint(["payer_id"], ["residents.id"], name=op.f("fk_payments_payer_id_residents")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_payments_shift_id_shifts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("public_id", name=op.f("uq_payments_public_id")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_payments_transaction_id")),
    )
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"], unique=False)
    op.create_index(op.f("ix_payments_shift_id"), "payments", ["shift_id"], unique=False)
    op.create_index("ix_payments_state_asked_at", "payments", ["state", "asked_at"], unique=False)
    op.create_index(
        "uq_payments_counted",
        "payments",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("counted"),
        postgresql_where=sa.text("counted"),
    )
    op.create_index(
        "uq_payments_live",
        "payments",
        ["order_id", "payer_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('created', 'awaiting_payer')"),
        postgresql_where=sa.text("state IN ('created', 'awaiting_payer')"),
    )
    op.create_table(
        "pickup_codes",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('issued', 'redeemed', 'voided')", name=op.f("ck_pickup_codes_state")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_pickup_codes_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["pickup_points.id"], name=op.f("fk_pickup_codes_point_id_pickup_points")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_codes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pickup_codes_public_id")),
    )
    op.create_index(op.f("ix_pickup_codes_order_id"), "pickup_codes", ["order_id"], unique=False)
    op.create_index(
        "uq_pickup_codes_in_use",
        "pickup_codes",
        ["point_id", "code"],
        unique=True,
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.create_index(
        "uq_pickup_codes_order",
        "pickup_codes",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'voided'"),
        postgresql_where=sa.text("state <> 'voided'"),
    )
    op.create_table(
        "pickup_passes",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('issued', 'used', 'replaced', 'revoked')", name=op.f("ck_pickup_passes_state")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_pickup_passes_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_passes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pickup_passes_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pickup_passes_token_hash")),
    )
    op.create_index(op.f("ix_pickup_passes_order_id"), "pickup_passes", ["order_id"], unique=False)
    op.create_index(
        "uq_pickup_passes_in_use",
        "pickup_passes",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.create_table(
        "redemptions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_label", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=255), nullable=False),
        sa.Column("found_by", sa.String(length=32), nullable=False),
        sa.Column("fetched_by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "found_by IN ('code', 'qr', 'roster', 'batch', 'chat', 'undo', 'photo', 'courier', 'payment', 'pass', 'offline')",
            name=op.f("ck_redemptions_found_by"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_redemptions_order_id_orders")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_points.id"], name=op.f("fk_redemptions_point_id_pickup_points")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["redemptions.id"], name=op.f("fk_redemptions_reverses_id_redemptions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_redemptions_public_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_redemptions_reverses_id")),
    )
    op.create_index("ix_redemptions_order_id", "redemptions", ["order_id"], unique=False)
    op.create_table(
        "delivery_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("planned_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("arrived_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("surplus_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.CheckConstraint("planned_units >= 0 AND arrived_units >= 0", name=op.f("ck_delivery_lines_units")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_lines_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_delivery_lines_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_lines")),
        sa.UniqueConstraint("delivery_id", "offer_id", name=op.f("uq_delivery_lines_delivery_id_offer_id")),
    )
    op.create_table(
        "offer_takings",
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("units >= 0", name=op.f("ck_offer_takings_units")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_takings_offer_id_offers")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_offer_takings_resident_id_residents")),
        sa.PrimaryKeyConstraint("offer_id", "resident_id", name=op.f("pk_offer_takings")),
    )
    op.create_table(
        "offline_hand_overs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("lease_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("redemption_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=255), nullable=False),
        sa.Column("by_label", sa.String(length=32), nullable=False),
        sa.Column("by_name", sa.String(length=255), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result IN ('done', 'conflict', 'refused')", name=op.f("ck_offline_hand_overs_result")),
        sa.CheckConstraint("units > 0", name=op.f("ck_offline_hand_overs_units")),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["desk_leases.id"], name=op.f("fk_offline_hand_overs_lease_id_desk_leases")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_offline_hand_overs_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["pickup_points.id"], name=op.f("fk_offline_hand_overs_point_id_pickup_points")
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemptions.id"], name=op.f("fk_offline_hand_overs_redemption_id_redemptions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_hand_overs")),
        sa.UniqueConstraint("point_id", "client_id", name=op.f("uq_offline_hand_overs_point_id_client_id")),
        sa.UniqueConstraint("redemption_id", name=op.f("uq_offline_hand_overs_redemption_id")),
    )
    op.create_index(op.f("ix_offline_hand_overs_lease_id"), "offline_hand_overs", ["lease_id"], unique=False)
    op.create_index(op.f("ix_offline_hand_overs_order_id"), "offline_hand_overs", ["order_id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_name", sa.String(length=80), nullable=False),
        sa.Column("spec", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("unit_price_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supply_price_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commission_bps", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("helper_bps", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordered_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confirmed_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("arrived_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("collected_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lapsed_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refunded_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refunded_after_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refunded_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rebate_unit_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rebate_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("aftersales_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("waived_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sales_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commission_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("helper_commission_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commission_expensed_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commission_released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "aftersales_fen >= 0 AND aftersales_fen <= sales_fen", name=op.f("ck_order_lines_aftersales")
        ),
        sa.CheckConstraint(
            "amount_fen = unit_price_fen * ordered_units - discount_fen AND discount_fen >= 0",
            name=op.f("ck_order_lines_amount"),
        ),
        sa.CheckConstraint(
            "collected_units + lapsed_units + refunded_units <= ordered_units AND refunded_units >= 0",
            name=op.f("ck_order_lines_refunded"),
        ),
        sa.CheckConstraint(
            "helper_commission_fen >= 0 AND helper_commission_fen <= commission_fen",
            name=op.f("ck_order_lines_commission"),
        ),
        sa.CheckConstraint("ordered_units > 0", name=op.f("ck_order_lines_ordered")),
        sa.CheckConstraint(
            "ordered_units >= confirmed_units AND confirmed_units >= arrived_units AND arrived_units >= collected_units + lapsed_units AND collected_units >= 0 AND lapsed_units >= 0",
            name=op.f("ck_order_lines_progress"),
        ),
        sa.CheckConstraint(
            "rebate_fen >= 0 AND waived_fen >= 0 AND waived_fen <= refunded_fen", name=op.f("ck_order_lines_parts")
        ),
        sa.CheckConstraint(
            "refunded_after_units >= 0 AND refunded_after_units <= collected_units", name=op.f("ck_order_lines_after")
        ),
        sa.CheckConstraint(
            "refunded_fen >= rebate_fen + aftersales_fen AND refunded_fen <= amount_fen",
            name=op.f("ck_order_lines_money"),
        ),
        sa.CheckConstraint("sales_fen >= 0 AND sales_fen <= amount_fen", name=op.f("ck_order_lines_sales")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_order_lines_offer_id_offers")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("order_id", "offer_id", name=op.f("uq_order_lines_order_id_offer_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_order_lines_public_id")),
    )
    op.create_index(op.f("ix_order_lines_offer_id"), "order_lines", ["offer_id"], unique=False)
    op.create_table(
        "postings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "account IN ('gateway_clearing', 'promotion', 'buyer_escrow', 'refund_payable', 'suspense', 'deferred_commission', 'leader_pending', 'leader_payable', 'commission_expense', 'goods_on_hand', 'merchant_payable', 'sales', 'cost_of_goods', 'delivery_income', 'returns', 'point_fee_expense', 'point_fee_payable', 'withdrawal_hold', 'gateway_balance', 'gateway_fee', 'bank', 'bank_in_transit', 'cash_at_desk', 'cash_difference', 'differences')",
            name=op.f("ck_postings_account"),
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_postings_amount")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entries.id"], name=op.f("fk_postings_entry_id_journal_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_account_owner", "postings", ["account", "owner"], unique=False)
    op.create_index(op.f("ix_postings_entry_id"), "postings", ["entry_id"], unique=False)
    op.create_table(
        "price_tiers",
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("price_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("from_units > 1 AND price_fen >= 0", name=op.f("ck_price_tiers_tier")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_price_tiers_offer_id_offers")),
        sa.PrimaryKeyConstraint("offer_id", "from_units", name=op.f("pk_price_tiers")),
    )
    op.create_table(
        "refunds",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settled_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("waiting", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("channel IN ('gateway', 'bank', 'cash')", name=op.f("ck_refunds_channel")),
        sa.CheckConstraint(
            "state IN ('requested', 'submitted', 'succeeded', 'abnormal', 'closed')", name=op.f("ck_refunds_state")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint("settled_fen >= 0 AND settled_fen <= amount_fen", name=op.f("ck_refunds_settled")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id_payments")),
        sa.ForeignKeyConstraint(["replaces_id"], ["refunds.id"], name=op.f("fk_refunds_replaces_id_refunds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refunds_public_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_refunds_replaces_id")),
    )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"], unique=False)
    op.create_index("ix_refunds_state_due_at", "refunds", ["state", "due_at"], unique=False)
    op.create_table(
        "shipping_uploads",
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("logistics", sa.String(length=32), nullable=False),
        sa.Column("item_desc", sa.String(length=255), nullable=False),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("express_company", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refusals", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trouble", sa.String(length=255), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "logistics IN ('pickup', 'same_city', 'express')", name=op.f("ck_shipping_uploads_logistics")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'pending', 'uploaded', 'skipped', 'failed')", name=op.f("ck_shipping_uploads_state")
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_shipping_uploads_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_uploads")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_shipping_uploads_payment_id")),
    )
    op.create_index("ix_shipping_uploads_state_due_at", "shipping_uploads", ["state", "due_at"], unique=False)
    op.create_table(
        "suspense_cases",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("out_trade_no", sa.String(length=64), nullable=False),
        sa.Column("transaction_id", sa.String(length=64), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settled_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=255), nullable=False),
        sa.Column("resolution", sa.String(length=32), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("state IN ('open', 'resolved')", name=op.f("ck_suspense_cases_state")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_suspense_cases_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspense_cases")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suspense_cases_public_id")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_suspense_cases_transaction_id")),
    )
    op.create_table(
        "claims",
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=255), nullable=False),
        sa.Column("asked_units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_words", sa.String(length=255), nullable=False),
        sa.Column("borne_by", sa.String(length=32), nullable=False),
        sa.Column("borne_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("borne_by IN ('', 'house', 'supplier', 'leader')", name=op.f("ck_claims_borne_by")),
        sa.CheckConstraint("reason IN ('bad', 'missing', 'wrong', 'late', 'other')", name=op.f("ck_claims_reason")),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'offered', 'rejected', 'escalated', 'withdrawn', 'refused')",
            name=op.f("ck_claims_state"),
        ),
        sa.CheckConstraint("answer_fen >= 0 AND answer_fen <= asked_fen", name=op.f("ck_claims_answer")),
        sa.CheckConstraint("asked_units >= 0 AND asked_fen > 0", name=op.f("ck_claims_asked")),
        sa.CheckConstraint("borne_fen >= 0 AND borne_fen <= answer_fen", name=op.f("ck_claims_borne")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_claims_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_claims_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_claims_order_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_claims_resident_id_residents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claims_public_id")),
    )
    op.create_index(op.f("ix_claims_campaign_id"), "claims", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_claims_order_id"), "claims", ["order_id"], unique=False)
    op.create_index(op.f("ix_claims_resident_id"), "claims", ["resident_id"], unique=False)
    op.create_index("ix_claims_state_due_at", "claims", ["state", "due_at"], unique=False)
    op.create_index(
        "uq_claims_live",
        "claims",
        ["order_line_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'offered', 'rejected', 'escalated')"),
        postgresql_where=sa.text("state IN ('asked', 'offered', 'rejected', 'escalated')"),
    )
    op.create_table(
        "loss_cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("hand_over_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("first_by", sa.String(length=255), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=False),
        sa.Column("remark", sa.String(length=255), nullable=False),
        sa.CheckConstraint(
            "why IN ('twice', 'refunded', 'lapsed', 'not_here', 'code_void', 'unpaid', 'sent', 'too_late')",
            name=op.f("ck_loss_cases_why"),
        ),
        sa.CheckConstraint("units > 0", name=op.f("ck_loss_cases_units")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_loss_cases_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["offline_hand_overs.id"], name=op.f("fk_loss_cases_hand_over_id_offline_hand_overs")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_loss_cases_order_line_id_order_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loss_cases")),
        sa.UniqueConstraint("hand_over_id", "order_line_id", name=op.f("uq_loss_cases_hand_over_id_order_line_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_loss_cases_public_id")),
    )
    op.create_index(op.f("ix_loss_cases_campaign_id"), "loss_cases", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_loss_cases_order_line_id"), "loss_cases", ["order_line_id"], unique=False)
    op.create_table(
        "redemption_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("redemption_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("units <> 0", name=op.f("ck_redemption_lines_units")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_redemption_lines_order_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemptions.id"], name=op.f("fk_redemption_lines_redemption_id_redemptions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption_lines")),
    )
    op.create_index(op.f("ix_redemption_lines_order_line_id"), "redemption_lines", ["order_line_id"], unique=False)
    op.create_index(op.f("ix_redemption_lines_redemption_id"), "redemption_lines", ["redemption_id"], unique=False)
    op.create_table(
        "refund_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("units", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(order_line_id IS NULL) = (kind IN ('fee', 'whole'))", name=op.f("ck_refund_lines_line")),
        sa.CheckConstraint(
            "kind IN ('units', 'rebate', 'aftersales', 'fee', 'whole')", name=op.f("ck_refund_lines_kind")
        ),
        sa.CheckConstraint(
            "reason IN ('buyer', 'campaign_failed', 'offer_failed', 'campaign_cancelled', 'late_payment', 'second_payment', 'rebate', 'shortage', 'broken', 'after_sales', 'leader', 'operator', 'suspense', 'not_fetched')",
            name=op.f("ck_refund_lines_reason"),
        ),
        sa.CheckConstraint("amount_fen > 0 AND units >= 0", name=op.f("ck_refund_lines_amount")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_lines.id"], name=op.f("fk_refund_lines_order_line_id_order_lines")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_refund_lines_refund_id_refunds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_lines")),
    )
    op.create_index(op.f("ix_refund_lines_order_line_id"), "refund_lines", ["order_line_id"], unique=False)
    op.create_index(op.f("ix_refund_lines_refund_id"), "refund_lines", ["refund_id"], unique=False)
    op.create_table(
        "settlement_lines",
        sa.Column("posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("settlement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_settlement_lines_posting_id_postings")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.id"], name=op.f("fk_settlement_lines_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_settlement_lines")),
    )
    op.create_index(op.f("ix_settlement_lines_settlement_id"), "settlement_lines", ["settlement_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("by_label", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content_type", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('claim', 'broken', 'door')", name=op.f("ck_evidence_purpose")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_evidence_claim_id_claims")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_evidence_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    op.create_index(op.f("ix_evidence_claim_id"), "evidence", ["claim_id"], unique=False)
    op.create_index(op.f("ix_evidence_order_id"), "evidence", ["order_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_evidence_order_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_claim_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_settlement_lines_settlement_id"), table_name="settlement_lines")
    op.drop_table("settlement_lines")
    op.drop_index(op.f("ix_refund_lines_refund_id"), table_name="refund_lines")
    op.drop_index(op.f("ix_refund_lines_order_line_id"), table_name="refund_lines")
    op.drop_table("refund_lines")
    op.drop_index(op.f("ix_redemption_lines_redemption_id"), table_name="redemption_lines")
    op.drop_index(op.f("ix_redemption_lines_order_line_id"), table_name="redemption_lines")
    op.drop_table("redemption_lines")
    op.drop_index(op.f("ix_loss_cases_order_line_id"), table_name="loss_cases")
    op.drop_index(op.f("ix_loss_cases_campaign_id"), table_name="loss_cases")
    op.drop_table("loss_cases")
    op.drop_index(
        "uq_claims_live",
        table_name="claims",
        sqlite_where=sa.text("state IN ('asked', 'offered', 'rejected', 'escalated')"),
        postgresql_where=sa.text("state IN ('asked', 'offered', 'rejected', 'escalated')"),
    )
    op.drop_index("ix_claims_state_due_at", table_name="claims")
    op.drop_index(op.f("ix_claims_resident_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_order_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_campaign_id"), table_name="claims")
    op.drop_table("claims")
    op.drop_table("suspense_cases")
    op.drop_index("ix_shipping_uploads_state_due_at", table_name="shipping_uploads")
    op.drop_table("shipping_uploads")
    op.drop_index("ix_refunds_state_due_at", table_name="refunds")
    op.drop_index(op.f("ix_refunds_payment_id"), table_name="refunds")
    op.drop_table("refunds")
    op.drop_table("price_tiers")
    op.drop_index(op.f("ix_postings_entry_id"), table_name="postings")
    op.drop_index("ix_postings_account_owner", table_name="postings")
    op.drop_table("postings")
    op.drop_index(op.f("ix_order_lines_offer_id"), table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_index(op.f("ix_offline_hand_overs_order_id"), table_name="offline_hand_overs")
    op.drop_index(op.f("ix_offline_hand_overs_lease_id"), table_name="offline_hand_overs")
    op.drop_table("offline_hand_overs")
    op.drop_table("offer_takings")
    op.drop_table("delivery_lines")
    op.drop_index("ix_redemptions_order_id", table_name="redemptions")
    op.drop_table("redemptions")
    op.drop_index(
        "uq_pickup_passes_in_use",
        table_name="pickup_passes",
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.drop_index(op.f("ix_pickup_passes_order_id"), table_name="pickup_passes")
    op.drop_table("pickup_passes")
    op.drop_index(
        "uq_pickup_codes_order",
        table_name="pickup_codes",
        sqlite_where=sa.text("state <> 'voided'"),
        postgresql_where=sa.text("state <> 'voided'"),
    )
    op.drop_index(
        "uq_pickup_codes_in_use",
        table_name="pickup_codes",
        sqlite_where=sa.text("state = 'issued'"),
        postgresql_where=sa.text("state = 'issued'"),
    )
    op.drop_index(op.f("ix_pickup_codes_order_id"), table_name="pickup_codes")
    op.drop_table("pickup_codes")
    op.drop_index(
        "uq_payments_live",
        table_name="payments",
        sqlite_where=sa.text("state IN ('created', 'awaiting_payer')"),
        postgresql_where=sa.text("state IN ('created', 'awaiting_payer')"),
    )
    op.drop_index(
        "uq_payments_counted",
        table_name="payments",
        sqlite_where=sa.text("counted"),
        postgresql_where=sa.text("counted"),
    )
    op.drop_index("ix_payments_state_asked_at", table_name="payments")
    op.drop_index(op.f("ix_payments_shift_id"), table_name="payments")
    op.drop_index(op.f("ix_payments_order_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(op.f("ix_parcels_confirm_by"), table_name="parcels")
    op.drop_table("parcels")
    op.drop_table("order_tags")
    op.drop_table("order_remarks")
    op.drop_table("order_addresses")
    op.drop_table("offers")
    op.drop_index("ix_notifications_resident_id_id", table_name="notifications")
    op.drop_index("ix_notifications_campaign_id_kind_reached_by", table_name="notifications")
    op.drop_table("notifications")
    op.drop_index(op.f("ix_journal_entries_order_id"), table_name="journal_entries")
    op.drop_index(op.f("ix_journal_entries_campaign_id"), table_name="journal_entries")
    op.drop_table("journal_entries")
    op.drop_index(
        "uq_desk_leases_live",
        table_name="desk_leases",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_desk_leases_point_id"), table_name="desk_leases")
    op.drop_table("desk_leases")
    op.drop_index(op.f("ix_skus_product_id"), table_name="skus")
    op.drop_table("skus")
    op.drop_index(op.f("ix_share_openings_resident_id"), table_name="share_openings")
    op.drop_table("share_openings")
    op.drop_index(op.f("ix_sessions_staff_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_resident_id"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_operator_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_pictures_product_id"), table_name="pictures")
    op.drop_index(op.f("ix_pictures_leader_id"), table_name="pictures")
    op.drop_table("pictures")
    op.drop_index(op.f("ix_paper_links_staff_id"), table_name="paper_links")
    op.drop_index(op.f("ix_paper_links_leader_id"), table_name="paper_links")
    op.drop_index(op.f("ix_paper_links_expires_at"), table_name="paper_links")
    op.drop_table("paper_links")
    op.drop_index("ix_orders_state_hold_until", table_name="orders")
    op.drop_index("ix_orders_resident_id_id", table_name="orders")
    op.drop_index("ix_orders_point_id_resident_id", table_name="orders")
    op.drop_index(op.f("ix_orders_help_sell_id"), table_name="orders")
    op.drop_index("ix_orders_campaign_id_state_id", table_name="orders")
    op.drop_index("ix_orders_campaign_id_settled_epoch_id", table_name="orders")
    op.drop_table("orders")
    op.drop_index("ix_exports_state_lease_until", table_name="exports")
    op.drop_index(op.f("ix_exports_staff_id"), table_name="exports")
    op.drop_index(op.f("ix_exports_point_id"), table_name="exports")
    op.drop_index(op.f("ix_exports_leader_id"), table_name="exports")
    op.drop_index(op.f("ix_exports_expires_at"), table_name="exports")
    op.drop_index(op.f("ix_exports_campaign_id"), table_name="exports")
    op.drop_table("exports")
    op.drop_index(op.f("ix_chat_campaigns_campaign_id"), table_name="chat_campaigns")
    op.drop_table("chat_campaigns")
    op.drop_table("short_links")
    op.drop_index(
        "uq_shifts_open",
        table_name="shifts",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_shifts_point_id"), table_name="shifts")
    op.drop_table("shifts")
    op.drop_index(op.f("ix_shares_resident_id"), table_name="shares")
    op.drop_index("ix_shares_campaign_id_expires_at", table_name="shares")
    op.drop_table("shares")
    op.drop_index(op.f("ix_products_merchant_id"), table_name="products")
    op.drop_table("products")
    op.drop_index(op.f("ix_pickup_staff_resident_id"), table_name="pickup_staff")
    op.drop_table("pickup_staff")
    op.drop_index("ix_pasted_names_campaign_id_title_key", table_name="pasted_names")
    op.drop_table("pasted_names")
    op.drop_index(op.f("ix_pasted_lists_pasted_at"), table_name="pasted_lists")
    op.drop_index("ix_pasted_lists_campaign_id_title_key", table_name="pasted_lists")
    op.drop_table("pasted_lists")
    op.drop_table("participations")
    op.drop_table("home_points")
    op.drop_index(op.f("ix_help_sells_leader_id"), table_name="help_sells")
    op.drop_table("help_sells")
    op.drop_index(op.f("ix_deliveries_point_id"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index(op.f("ix_chat_bindings_leader_id"), table_name="chat_bindings")
    op.drop_table("chat_bindings")
    op.drop_table("campaign_points")
    op.drop_table("broken_counts")
    op.drop_index(op.f("ix_pickup_points_leader_id"), table_name="pickup_points")
    op.drop_table("pickup_points")
    op.drop_index(
        "uq_payouts_live",
        table_name="payouts",
        sqlite_where=sa.text("state <> 'failed'"),
        postgresql_where=sa.text("state <> 'failed'"),
    )
    op.drop_index("ix_payouts_state_due_at", table_name="payouts")
    op.drop_index(op.f("ix_payouts_settlement_id"), table_name="payouts")
    op.drop_table("payouts")
    op.drop_table("merchants")
    op.drop_index(op.f("ix_followers_resident_id"), table_name="followers")
    op.drop_table("followers")
    op.drop_index("ix_campaigns_state_closes_at", table_name="campaigns")
    op.drop_index(op.f("ix_campaigns_leader_id"), table_name="campaigns")
    op.drop_table("campaigns")
    op.drop_index("ix_bill_cases_subject", table_name="bill_cases")
    op.drop_index("ix_bill_cases_state_day", table_name="bill_cases")
    op.drop_table("bill_cases")
    op.drop_index(op.f("ix_bank_file_lines_settlement_id"), table_name="bank_file_lines")
    op.drop_table("bank_file_lines")
    op.drop_table("subscriptions")
    op.drop_index(op.f("ix_settlements_resident_id"), table_name="settlements")
    op.drop_index("ix_settlements_payee_kind_payee", table_name="settlements")
    op.drop_table("settlements")
    op.drop_index(op.f("ix_recovery_codes_operator_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_index(
        "uq_proposals_live",
        table_name="proposals",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_table("proposals")
    op.drop_index(op.f("ix_operator_links_operator_id"), table_name="operator_links")
    op.drop_table("operator_links")
    op.drop_table("one_time_codes")
    op.drop_table("leaders")
    op.drop_index(
        "uq_content_checks_waiting",
        table_name="content_checks",
        sqlite_where=sa.text("state IN ('waiting', 'asked', 'review')"),
        postgresql_where=sa.text("state IN ('waiting', 'asked', 'review')"),
    )
    op.drop_index("ix_content_checks_subject_row_id", table_name="content_checks")
    op.drop_index("ix_content_checks_state_due_at", table_name="content_checks")
    op.drop_index(op.f("ix_content_checks_resident_id"), table_name="content_checks")
    op.drop_table("content_checks")
    op.drop_table("consents")
    op.drop_index(op.f("ix_chat_identities_resident_id"), table_name="chat_identities")
    op.drop_table("chat_identities")
    op.drop_index("ix_bill_rows_number", table_name="bill_rows")
    op.drop_index("ix_bill_rows_gateway_number", table_name="bill_rows")
    op.drop_index("ix_bill_rows_day_kind", table_name="bill_rows")
    op.drop_index(op.f("ix_bill_rows_bill_file_id"), table_name="bill_rows")
    op.drop_table("bill_rows")
    op.drop_table("bill_days")
    op.drop_index(op.f("ix_residents_phone_tail_hash"), table_name="residents")
    op.drop_table("residents")
    op.drop_index("ix_outbox_messages_state_due_at", table_name="outbox_messages")
    op.drop_index("ix_outbox_messages_coalesce_key", table_name="outbox_messages")
    op.drop_index("ix_outbox_messages_binding_id_state", table_name="outbox_messages")
    op.drop_table("outbox_messages")
    op.drop_table("operators")
    op.drop_table("job_runs")
    op.drop_index(op.f("ix_idempotency_records_created_at"), table_name="idempotency_records")
    op.drop_table("idempotency_records")
    op.drop_table("gateway_events")
    op.drop_table("communities")
    op.drop_table("chat_windows")
    op.drop_table("chat_sessions")
    op.drop_index("ix_chat_events_room_id", table_name="chat_events")
    op.drop_index(op.f("ix_chat_events_received_at"), table_name="chat_events")
    op.drop_table("chat_events")
    op.drop_table("channel_states")
    op.drop_table("bill_files")
    op.drop_index("ix_bill_bookings_number_kind", table_name="bill_bookings")
    op.drop_table("bill_bookings")
    op.drop_table("bank_files")
    op.drop_index("ix_audit_records_subject_subject_id", table_name="audit_records")
    op.drop_table("audit_records")
    op.drop_table("alerts")
