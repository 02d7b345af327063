-- W10: a campaign with what is left of it.
\set campaign random(1, 1000)
SELECT id, title, quota, taken, quota - taken AS free FROM floor_campaigns WHERE id = :campaign;
