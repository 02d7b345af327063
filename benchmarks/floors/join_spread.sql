-- W2: the same, spread over a thousand campaigns.
\set campaign random(1, 1000)
\set resident random(1, 1000000000)
WITH taken AS (
    UPDATE floor_campaigns SET taken = taken + 1 WHERE id = :campaign AND taken < quota RETURNING id
), placed AS (
    INSERT INTO floor_orders (campaign_id, resident_id, state, total_fen, created_at)
    SELECT id, :resident, 'pending_payment', 2990, now() FROM taken RETURNING id
), line AS (
    INSERT INTO floor_lines (order_id, units, amount_fen) SELECT id, 1, 2990 FROM placed
)
INSERT INTO floor_outbox (dedupe_key, payload, state) SELECT 'order:' || id, '{}', 'pending' FROM placed;
