-- @yantra-phase expand
-- migrate:up
SET LOCAL lock_timeout = '2s';

ALTER TABLE orders
  ADD COLUMN currency text,
  ADD CONSTRAINT orders_currency_present CHECK (currency IS NOT NULL) NOT VALID;

-- Release 1.36 does not write the column yet.
ALTER TABLE orders ALTER COLUMN currency SET DEFAULT 'EUR';

-- migrate:down
ALTER TABLE orders DROP COLUMN currency;
