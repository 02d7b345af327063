-- W6: a payment's first notice on the product's own tables: the event, the payment, the order with its next number,
-- stock, participant, counters, the booked entry and two audit records, in one statement.
WITH next AS (
    SELECT :base + nextval('floor_next_notice') AS id
), event AS (
    INSERT INTO gateway_events (event_id, event_type, number, deliveries, received_at)
    SELECT 'floor-' || id, 'TRANSACTION.SUCCESS', 'pay_' || lpad(to_hex(id), 26, '0'), 1, now() FROM next
    ON CONFLICT (event_id) DO NOTHING RETURNING number
), paid AS (
    UPDATE payments SET state = 'succeeded', counted = true, transaction_id = '42floor' || payments.id,
        received_fen = amount_fen, settled_fen = amount_fen, succeeded_at = now()
    FROM event WHERE public_id = event.number AND state = 'awaiting_payer'
    RETURNING payments.id, order_id, amount_fen
), bought AS (
    SELECT paid.*, o.resident_id, l.offer_id, l.ordered_units FROM paid
    JOIN orders o ON o.id = paid.order_id JOIN order_lines l ON l.order_id = o.id
), stock AS (
    UPDATE offers SET held_units = held_units - ordered_units, sold_units = sold_units + ordered_units
    FROM bought WHERE offers.id = bought.offer_id
), takes_part AS (
    INSERT INTO participations (campaign_id, resident_id, counted_orders) SELECT :hot, resident_id, 1 FROM bought
    ON CONFLICT (campaign_id, resident_id) DO UPDATE SET counted_orders = participations.counted_orders + 1
), entry AS (
    INSERT INTO journal_entries (public_id, event, cause, order_id, campaign_id, posted_at)
    SELECT 'jrn_floor' || lpad(to_hex(id), 21, '0'), 'payment_succeeded', 'payment:' || id, order_id, :hot, now()
    FROM bought RETURNING id
), legs AS (
    INSERT INTO postings (entry_id, account, owner, amount_fen)
    SELECT entry.id, leg.account, '', leg.side * bought.amount_fen
    FROM entry, bought, (VALUES ('gateway_clearing', 1), ('buyer_escrow', -1)) leg (account, side)
), told AS (
    INSERT INTO audit_records (actor, subject, subject_id, event, from_state, to_state, reason, request_id, at)
    SELECT 'gateway:0', 'payment', id, 'succeed', 'awaiting_payer', 'succeeded', '', 'floor', now() FROM bought
    UNION ALL SELECT 'gateway:0', 'order', order_id, 'pay', 'pending_payment', 'paid', '', 'floor', now() FROM bought
), counter AS (
    UPDATE campaigns SET roster_count = roster_count + 1, participant_count = participant_count + 1,
        counted_units = counted_units + ordered_units, counted_fen = counted_fen + amount_fen, revision = revision + 1
    FROM bought WHERE campaigns.id = :hot RETURNING roster_count
)
UPDATE orders SET state = 'paid', paid_fen = total_fen, paid_at = now(), counted = true,
    roster_number = counter.roster_count
FROM bought, counter WHERE orders.id = bought.order_id;
