-- W7: what closing and settling a formed campaign writes, as one raw transaction on the product's own tables.
UPDATE campaigns SET state = 'formed', epoch = epoch + 1, revision = revision + 2, close_reason = 'deadline',
    closed_at = now(), outcome_at = now(), settled_at = now()
WHERE id = current_setting('bench.campaign')::bigint;
UPDATE offers SET state = 'formed', closing_price_fen = price_fen
WHERE campaign_id = current_setting('bench.campaign')::bigint;
UPDATE orders SET state = 'confirmed', settled_epoch = 1
WHERE campaign_id = current_setting('bench.campaign')::bigint AND state = 'paid';
UPDATE order_lines SET confirmed_units = ordered_units, commission_fen = commission_bps * amount_fen / 10000
FROM orders WHERE orders.id = order_id AND orders.campaign_id = current_setting('bench.campaign')::bigint;
INSERT INTO journal_entries (public_id, event, cause, order_id, campaign_id, posted_at)
SELECT 'jrn_close' || lpad(to_hex(l.id), 21, '0'), 'commission_pending', 'line:' || l.id || ':1-0-0', o.id,
    o.campaign_id, now()
FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.campaign_id = current_setting('bench.campaign')::bigint;
INSERT INTO postings (entry_id, account, owner, amount_fen)
SELECT e.id, leg.account, CASE leg.side WHEN 1 THEN '' ELSE current_setting('bench.leader') END,
    leg.side * l.commission_fen
FROM journal_entries e JOIN order_lines l ON l.order_id = e.order_id
CROSS JOIN (VALUES ('deferred_commission', 1), ('leader_pending', -1)) leg (account, side)
WHERE e.event = 'commission_pending' AND e.campaign_id = current_setting('bench.campaign')::bigint;
INSERT INTO notifications (public_id, resident_id, campaign_id, order_id, kind, cause, title, body, reached_by,
    created_at)
SELECT 'ntf_close' || lpad(to_hex(id), 21, '0'), resident_id, campaign_id, id, 'formed', 'formed:' || id, '已成团',
    '「周五大闸蟹」已成团，接龙号 ' || roster_number || '，货款 ¥29.90', '', now()
FROM orders WHERE campaign_id = current_setting('bench.campaign')::bigint;
INSERT INTO outbox_messages (public_id, kind, payload, dedupe_key, must, repeatable, attempts, due_at,
    last_error, state, created_at)
SELECT 'out_close' || lpad(to_hex(id), 21, '0'), 'notify', json_build_object('notification', public_id),
    'notify:' || public_id, true, false, 0, now(), '', 'pending', now()
FROM notifications WHERE campaign_id = current_setting('bench.campaign')::bigint;
INSERT INTO audit_records (actor, subject, subject_id, event, from_state, to_state, reason, request_id, at)
SELECT 'clock:0', 'order', id, 'confirm', 'paid', 'confirmed', '', 'floor', now()
FROM orders WHERE campaign_id = current_setting('bench.campaign')::bigint;
