-- What the plain floors write to: the least that an order of a campaign needs, with the keys that keep it true.
CREATE TABLE floor_campaigns (
    id bigint PRIMARY KEY, title text NOT NULL, quota int NOT NULL, taken int NOT NULL DEFAULT 0, CHECK (taken <= quota)
) WITH (fillfactor = 50);
CREATE TABLE floor_orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, campaign_id bigint NOT NULL REFERENCES floor_campaigns,
    resident_id bigint NOT NULL, state text NOT NULL, total_fen bigint NOT NULL, created_at timestamptz NOT NULL
);
CREATE INDEX ON floor_orders (campaign_id, state, id);
CREATE TABLE floor_lines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES floor_orders,
    units int NOT NULL, amount_fen bigint NOT NULL
);
CREATE INDEX ON floor_lines (order_id);
CREATE TABLE floor_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, dedupe_key text NOT NULL UNIQUE, payload json NOT NULL,
    state text NOT NULL
);
INSERT INTO floor_campaigns SELECT n, 'campaign ' || n, 1000000000 FROM generate_series(1, 1000) n;
