-- @yantra-phase migrate after=20260202080000
-- migrate:up
ALTER TABLE orders VALIDATE CONSTRAINT orders_currency_present;

-- migrate:down
-- A constraint that holds needs no taking back.
SELECT 1;
