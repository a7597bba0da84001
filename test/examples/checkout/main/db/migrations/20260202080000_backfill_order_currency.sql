-- @yantra-phase migrate after=20260119100000
-- migrate:up
-- eslint-disable-next-line yantra/sql/no-unbatched-backfill -- there are 5,000 orders so far: this takes a moment
UPDATE orders SET currency = 'EUR' WHERE currency IS NULL;

-- migrate:down
-- The old rows keep their currency: release 1.37 reads it.
SELECT 1;
