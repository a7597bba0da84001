-- @yantra-owner checkout
-- @yantra-phase expand
-- migrate:up
CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  cart_id uuid NOT NULL,
  customer_email text NOT NULL,
  discount_code text,
  total_cents integer NOT NULL CHECK (total_cents >= 0),
  status text NOT NULL DEFAULT 'placed' CHECK (status IN ('placed', 'paid', 'cancelled')),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The table is new and empty: nobody waits for this index.
CREATE INDEX orders_created_at_idx ON orders (created_at);

CREATE TABLE order_items (
  order_id uuid NOT NULL REFERENCES orders (id),
  sku text NOT NULL,
  quantity integer NOT NULL,
  unit_price_cents integer NOT NULL,
  PRIMARY KEY (order_id, sku)
);

-- migrate:down
DROP TABLE order_items;
DROP TABLE orders;
