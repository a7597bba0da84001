-- @yantra-phase expand
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY orders_cart_id_idx ON orders (cart_id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY orders_cart_id_idx;
