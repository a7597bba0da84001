// @yantra-depends postgres
import { Pool } from "pg";
import type { PoolClient } from "pg";

export const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
  statement_timeout: 5_000,
});

export interface CartItem {
  sku: string;
  quantity: number;
  unitPriceCents: number;
}

export interface Order {
  id: string;
  cartId: string;
  customerEmail: string;
  currency: string;
  discountCode: string | null;
  totalCents: number;
  status: "placed" | "paid" | "cancelled";
  paymentReference: string | null;
}

export interface NewOrder {
  cartId: string;
  customerEmail: string;
  currency: string;
  discountCode: string | null;
  totalCents: number;
  items: readonly CartItem[];
}

/** Whether the database answers a trivial query in time. */
export async function isReady(): Promise<boolean> {
  try {
    await pool.query("SELECT 1");
    return true;
  } catch {
    return false;
  }
}

export async function createCart(): Promise<string> {
  const { rows } = await pool.query<{ id: string }>("INSERT INTO carts DEFAULT VALUES RETURNING id");
  const [row] = rows;
  if (!row) throw new Error("The cart was not created.");
  return row.id;
}

export async function putItem(cartId: string, item: CartItem): Promise<void> {
  await pool.query(
    `INSERT INTO cart_items (cart_id, sku, quantity, unit_price_cents)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = excluded.quantity`,
    [cartId, item.sku, item.quantity, item.unitPriceCents],
  );
}

export async function itemsOf(cartId: string): Promise<CartItem[]> {
  const { rows } = await pool.query<CartItem>(
    `SELECT sku, quantity, unit_price_cents AS "unitPriceCents"
     FROM cart_items WHERE cart_id = $1 ORDER BY sku`,
    [cartId],
  );
  return rows;
}

export async function createOrder(order: NewOrder): Promise<string> {
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO orders (cart_id, customer_email, currency, discount_code, total_cents)
       VALUES ($1, $2, $3, $4, $5) RETURNING id`,
      [order.cartId, order.customerEmail, order.currency, order.discountCode, order.totalCents],
    );
    const [row] = rows;
    if (!row) throw new Error("The order was not created.");
    for (const item of order.items) {
      await client.query(
        `INSERT INTO order_items (order_id, sku, quantity, unit_price_cents) VALUES ($1, $2, $3, $4)`,
        [row.id, item.sku, item.quantity, item.unitPriceCents],
      );
    }
    return row.id;
  });
}

export async function findOrder(id: string): Promise<Order | undefined> {
  const { rows } = await pool.query<Order>(
    `SELECT id, cart_id AS "cartId", customer_email AS "customerEmail", currency,
            discount_code AS "discountCode", total_cents AS "totalCents", status,
            payment_reference AS "paymentReference"
     FROM orders WHERE id = $1`,
    [id],
  );
  return rows[0];
}

export async function findOrdersOf(customerEmail: string): Promise<Pick<Order, "id" | "status">[]> {
  const { rows } = await pool.query<Pick<Order, "id" | "status">>(
    `SELECT id, status FROM orders WHERE customer_email = $1 ORDER BY created_at DESC`,
    [customerEmail],
  );
  return rows;
}

export async function markPaid(id: string, paymentReference: string): Promise<void> {
  await pool.query(
    `UPDATE orders SET status = 'paid', payment_reference = $2 WHERE id = $1 AND status = 'placed'`,
    [id, paymentReference],
  );
}

async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
