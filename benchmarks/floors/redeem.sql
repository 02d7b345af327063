-- W8: the next code is used up, if it is still in use. Asked for in a subquery, the number is taken once and not for
-- each row, and the code is found by its key.
UPDATE pickup_codes SET state = 'redeemed' WHERE id = (SELECT :ready + nextval('floor_next_code')) AND state = 'issued';
