-- W8: all codes are in use again, so that every round of the floor finds 200,000.
UPDATE pickup_codes SET state = 'issued' WHERE state = 'redeemed';
SELECT setval('floor_next_code', 1, false);
