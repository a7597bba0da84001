import { Router } from "express";
import { createOrder, findOrder, itemsOf } from "../db.ts";
import { messageFor } from "../messages.ts";
import { priceOf } from "../pricing.ts";

const CURRENCIES = new Set(["EUR", "GBP", "SEK"]);

export const orders = Router();

orders.post("/orders", async (request, response) => {
  const { cartId, customerEmail, currency, discountCode, deliveryNote } = request.body as Record<string, unknown>;
  if (typeof cartId !== "string" || typeof customerEmail !== "string") {
    response.status(400).json({ error: messageFor("order.incomplete") });
    return;
  }
  if (typeof currency !== "string" || !CURRENCIES.has(currency)) {
    response.status(400).json({ error: messageFor("order.currency") });
    return;
  }
  if (typeof deliveryNote === "string" && deliveryNote.length > 500) {
    response.status(400).json({ error: messageFor("order.noteTooLong") });
    return;
  }
  const items = await itemsOf(cartId);
  if (items.length === 0) {
    response.status(409).json({ error: messageFor("order.emptyCart") });
    return;
  }
  const code = typeof discountCode === "string" ? discountCode : null;
  const { totalCents } = priceOf(items, code);
  const id = await createOrder({
    cartId,
    customerEmail,
    currency,
    discountCode: code,
    deliveryNote: typeof deliveryNote === "string" ? deliveryNote : null,
    totalCents,
    items,
  });
  response.status(201).json({ id, totalCents, currency });
});

orders.get("/orders/:id", async (request, response) => {
  const order = await findOrder(request.params.id);
  if (!order) {
    response.status(404).json({ error: messageFor("order.unknown") });
    return;
  }
  response.json(order);
});
