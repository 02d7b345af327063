-- W8: the next code is used up, if it is still in use.
UPDATE pickup_codes SET state = 'redeemed' WHERE id = :ready + nextval('floor_next_code') AND state = 'issued';
