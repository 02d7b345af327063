"""The gateway's tables. Times are whole seconds since 1970 by the sandbox's clock, money is fen."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS pay_orders (
  out_trade_no TEXT PRIMARY KEY, parameters_hash TEXT NOT NULL, description TEXT NOT NULL, attach TEXT NOT NULL,
  notify_url TEXT NOT NULL, openid TEXT NOT NULL, total_fen INTEGER NOT NULL CHECK (total_fen >= 1),
  created_at INTEGER NOT NULL, time_expire INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'NOTPAY' CHECK (state IN ('NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED')),
  transaction_id TEXT UNIQUE, payer_fen INTEGER, success_at INTEGER, fee_fen INTEGER NOT NULL DEFAULT 0,
  frozen_fen INTEGER NOT NULL DEFAULT 0 CHECK (frozen_fen >= 0), settled_at INTEGER, reminded_at INTEGER);
CREATE INDEX IF NOT EXISTS pay_orders_by_success ON pay_orders (success_at) WHERE success_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS pay_orders_unreminded ON pay_orders (success_at)
  WHERE success_at IS NOT NULL AND settled_at IS NULL AND reminded_at IS NULL;
CREATE TABLE IF NOT EXISTS pay_prepays (
  prepay_id TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL REFERENCES pay_orders, expires_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS pay_prepays_by_order ON pay_prepays (out_trade_no);
CREATE TABLE IF NOT EXISTS pay_refunds (
  out_refund_no TEXT PRIMARY KEY, refund_id TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL REFERENCES pay_orders,
  parameters_hash TEXT NOT NULL, reason TEXT NOT NULL, notify_url TEXT NOT NULL, created_at INTEGER NOT NULL,
  refund_fen INTEGER NOT NULL CHECK (refund_fen >= 1), payer_refund_fen INTEGER NOT NULL,
  fee_back_fen INTEGER NOT NULL, from_frozen_fen INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'PROCESSING' CHECK (state IN ('PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED')),
  ends_as TEXT NOT NULL, success_at INTEGER);
CREATE INDEX IF NOT EXISTS pay_refunds_by_order ON pay_refunds (out_trade_no);
CREATE INDEX IF NOT EXISTS pay_refunds_by_success ON pay_refunds (success_at) WHERE success_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS pay_transfers (
  out_bill_no TEXT PRIMARY KEY, transfer_bill_no TEXT NOT NULL UNIQUE, parameters_hash TEXT NOT NULL,
  openid TEXT NOT NULL, amount_fen INTEGER NOT NULL CHECK (amount_fen >= 10), remark TEXT NOT NULL,
  notify_url TEXT NOT NULL, package_info TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('WAIT_USER_CONFIRM', 'TRANSFERING', 'SUCCESS', 'FAIL', 'CANCELING', 'CANCELLED')),
  fail_reason TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS pay_transfers_waiting ON pay_transfers (created_at) WHERE state = 'WAIT_USER_CONFIRM';
CREATE TABLE IF NOT EXISTS pay_funds (number TEXT PRIMARY KEY, amount_fen INTEGER NOT NULL, moved_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS pay_flows (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, flow_no TEXT NOT NULL UNIQUE, business_no TEXT NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL, amount_fen INTEGER NOT NULL, balance_fen INTEGER NOT NULL,
  number TEXT NOT NULL, remark TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS pay_flows_by_time ON pay_flows (at);
CREATE TABLE IF NOT EXISTS pay_accounts (account TEXT PRIMARY KEY, balance_fen INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS pay_postings (
  id INTEGER PRIMARY KEY, entry TEXT NOT NULL, account TEXT NOT NULL, amount_fen INTEGER NOT NULL,
  posted_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS pay_postings_by_account ON pay_postings (account);
CREATE TABLE IF NOT EXISTS pay_notices (
  id TEXT PRIMARY KEY, event_type TEXT NOT NULL, number TEXT NOT NULL, url TEXT NOT NULL, content TEXT NOT NULL,
  created_at INTEGER NOT NULL, copies INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'held', 'lost', 'delivered')),
  attempts INTEGER NOT NULL DEFAULT 0, accepted INTEGER NOT NULL DEFAULT 0, last_status TEXT NOT NULL DEFAULT '');
"""
