-- @yantra-owner checkout
-- @yantra-phase expand
-- migrate:up
SET LOCAL lock_timeout = '2s';

ALTER TABLE orders
  ADD COLUMN delivery_note text,
  ADD CONSTRAINT orders_delivery_note_short CHECK (char_length(delivery_note) <= 500) NOT VALID;

-- migrate:down
ALTER TABLE orders DROP COLUMN delivery_note;
