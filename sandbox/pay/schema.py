"""The gateway's tables. Times are whole seconds since 1970 by the sandbox's clock, money is fen."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS pay_orders (
  out_trade_no TEXT PRIMARY KEY, parameters_hash TEXT NOT NULL, description TEXT NOT NULL, attach TEXT NOT NULL,
  notify_url TEXT NOT NULL, openid TEXT NOT NULL, total_fen INTEGER NOT NULL CHECK (total_fen >= 1),
  created_at INTEGER NOT NULL, time_expire INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'NOTPAY' CHECK (state IN ('NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED')),
  transaction_id TEXT UNIQUE, payer_fen INTEGER, success_at INTEGER);
CREATE TABLE IF NOT EXISTS pay_prepays (
  prepay_id TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL REFERENCES pay_orders, expires_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS pay_prepays_by_order ON pay_prepays (out_trade_no);
CREATE TABLE IF NOT EXISTS pay_refunds (
  out_refund_no TEXT PRIMARY KEY, refund_id TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL REFERENCES pay_orders,
  parameters_hash TEXT NOT NULL, reason TEXT NOT NULL, notify_url TEXT NOT NULL, created_at INTEGER NOT NULL,
  refund_fen INTEGER NOT NULL CHECK (refund_fen >= 1), payer_refund_fen INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'PROCESSING' CHECK (state IN ('PROCESSING', 'SUCCESS', 'ABNORMAL', 'CLOSED')),
  ends_as TEXT NOT NULL, success_at INTEGER);
CREATE INDEX IF NOT EXISTS pay_refunds_by_order ON pay_refunds (out_trade_no);
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
