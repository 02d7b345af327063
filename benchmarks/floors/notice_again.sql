-- W6: a notice that came before only counts its delivery.
\set n random(1, 100)
INSERT INTO gateway_events (event_id, event_type, number, deliveries, received_at)
VALUES ('floor-again-' || :n, 'TRANSACTION.SUCCESS', 'pay_again', 1, now())
ON CONFLICT (event_id) DO UPDATE SET deliveries = gateway_events.deliveries + 1;
