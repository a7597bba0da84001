-- @yantra-phase contract after=20260202081000
-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The valid CHECK proves it, so that PostgreSQL reads no row for this.
ALTER TABLE orders ALTER COLUMN currency SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT orders_currency_present;

-- migrate:down
ALTER TABLE orders ALTER COLUMN currency DROP NOT NULL;
ALTER TABLE orders ADD CONSTRAINT orders_currency_present CHECK (currency IS NOT NULL) NOT VALID;
