-- @yantra-owner checkout
-- migrate:up
ALTER TABLE orders DROP COLUMN discount_code;
ALTER TABLE orders ALTER COLUMN payment_reference SET NOT NULL;

CREATE INDEX orders_customer_email_idx ON orders (customer_email);

-- migrate:down
DROP INDEX orders_customer_email_idx;
ALTER TABLE orders ALTER COLUMN payment_reference DROP NOT NULL;
ALTER TABLE orders ADD COLUMN discount_code text;
