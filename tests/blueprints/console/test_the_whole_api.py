"""What the API lets operators do, the console lets them do: every operation has its page or its reason."""

from __future__ import annotations

from flask import Flask

from tests.blueprints.test_every_route import routes

PAGES: dict[str, tuple[str, ...]] = {
    "approve_leader": ("approve_leader",), "approve_statement": ("approve_statement",),
    "accept_claim": ("accept_claim",), "accept_proposal": ("accept_proposal",),
    "ask_about_bill_case": ("ask_about_bill_case",), "assign_bill_case": ("assign_bill_case",),
    "cancel_campaign": ("cancel_campaign",), "close_loss": ("close_loss",), "communities_list": ("communities_page",),
    "create_community": ("create_community",), "deal_with_alert": ("deal_with_alert",),
    "dismiss_letter": ("dismiss_letter",), "download_bank_file": ("bank_workbook",),
    "download_bill_file": ("bill_file",), "draft_statements": ("draft_statements",), "end_help": ("end_help",),
    "end_session": ("end_device",), "explain": ("order", "payment", "leader", "campaign"),
    "export_bank_file": ("export_bank_file",), "import_bank_result": ("import_bank_result",),
    "leaders_list": ("leaders_page", "leader"), "list_alerts": ("alerts",), "list_bank_files": ("bank_files",),
    "list_bill_cases": ("bill_cases", "bill_case"), "list_bill_days": ("bill_days",),
    "list_bound_chats": ("channels",), "list_channels": ("channels",), "list_claims": ("claims",),
    "list_content_checks": ("content_checks",), "list_late_shipping": ("late_shipping",), "list_losses": ("losses",),
    "list_outbox": ("letters", "letter"), "list_payments": ("payments",), "list_proposals": ("proposals",),
    "list_refund_tasks": ("refund_tasks",), "list_refunds": ("refunds", "refund"), "list_sessions": ("account",),
    "list_shifts": ("shifts",), "list_shipping": ("shipping",), "list_statements": ("statements",),
    "list_suspense_cases": ("suspense_cases",), "list_unreached": ("unreached",), "log_in": ("log_in", "enter"),
    "log_out": ("log_out", "log_out_everywhere"), "offer_on_claim": ("offer_claim",), "pass_content": ("pass_content",),
    "propose_bill_case": ("propose_bill_case",), "propose_refund_by_hand": ("propose_refund_by_hand",),
    "propose_suspense_by_hand": ("propose_suspense_by_hand",),
    "propose_suspense_refund": ("propose_suspense_refund",), "prove_invariants": ("invariants_page",),
    "read_chat_transcript": ("chat_transcript",), "read_resident_transcript": ("resident_transcript",),
    "receive_shift": ("receive_shift",), "reconcile_day": ("reconcile_day",),
    "refund_order": ("refund_order", "compensate_order"), "refuse_claim": ("refuse_claim",),
    "refuse_content": ("refuse_content",), "reinstate_leader": ("reinstate_leader",),
    "reject_leader": ("reject_leader",), "reject_proposal": ("reject_proposal",), "remove_staff": ("remove_staff",),
    "resolve_bill_case": ("resolve_bill_case",), "retry_letter": ("retry_letter",), "retry_refund": ("retry_refund",),
    "revive_shipping": ("revive_shipping",), "see_checked_picture": ("checked_picture",),
    "set_keeper": ("set_keeper", "end_keeper"), "shift_statement": ("shift",), "show_bank_file": ("bank_file",),
    "show_claim": ("claim",), "show_evidence": ("evidence",), "show_gateway_clearing": ("bill_days",),
    "show_held_funds": ("shipping",), "show_ledger": ("ledger",), "show_refund_funds": ("refund_tasks",),
    "show_statement": ("statement",), "statement_lines": ("statement",), "suspend_leader": ("suspend_leader",),
    "take_bill_case": ("take_bill_case",),
}  # fmt: skip
"""The console's views by the operation of the admin API for which people use them."""
NO_PAGE: dict[str, str] = {}
"""Operations that no person needs at the console, and why."""


def views(app: Flask, door: str) -> set[str]:
    """The names of the views behind a door."""
    return {endpoint.partition(".")[2] for endpoint, *_ in routes(app) if endpoint.startswith(f"{door}.")}


def unaccounted(operations: set[str]) -> set[str]:
    """Operations with neither page nor reason."""
    return operations - set(PAGES) - set(NO_PAGE)


def test_every_operation_of_the_admin_api_has_its_page_or_its_reason(app: Flask) -> None:
    operations = views(app, "admin")
    assert unaccounted(operations) == set(), "give it a page, or say why nobody needs one"
    assert unaccounted({*operations, "an_operation_of_tomorrow"}) == {"an_operation_of_tomorrow"}
    assert (set(PAGES) | set(NO_PAGE)) - operations == set(), "no such operation any more"
    assert set(PAGES) & set(NO_PAGE) == set()
    assert {why for why in NO_PAGE.values() if len(why) < 10} == set()


def test_every_page_of_the_table_is_there(app: Flask) -> None:
    assert {view for pages in PAGES.values() for view in pages} - views(app, "console") == set()
