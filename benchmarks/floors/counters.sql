-- Which prepared row a floor's next transaction takes, so that each row is used once.
CREATE SEQUENCE floor_next_notice;
CREATE SEQUENCE floor_next_code;
