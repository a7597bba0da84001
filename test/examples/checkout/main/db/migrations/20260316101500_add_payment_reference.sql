-- @yantra-owner payments
-- @yantra-phase expand
-- migrate:up
SET LOCAL lock_timeout = '2s';

ALTER TABLE orders ADD COLUMN payment_reference text;

-- migrate:down
ALTER TABLE orders DROP COLUMN payment_reference;
