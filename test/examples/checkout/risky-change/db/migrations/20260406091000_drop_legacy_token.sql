-- @yantra-owner checkout
-- migrate:up
SET LOCAL lock_timeout = '2s';

-- eslint-disable-next-line yantra/sql/no-drop-column -- No release since 1.20 reads or writes it.
ALTER TABLE carts DROP COLUMN legacy_token;

-- migrate:down
ALTER TABLE carts ADD COLUMN legacy_token text;
