import { Router } from "express";
import { createCart, itemsOf, putItem } from "../db.ts";
import { priceOf } from "../pricing.ts";

export const cart = Router();

cart.post("/cart", async (_request, response) => {
  response.status(201).json({ id: await createCart() });
});

cart.get("/cart/:id", async (request, response) => {
  const items = await itemsOf(request.params.id);
  response.json({ items, price: priceOf(items, null) });
});

cart.put("/cart/:id/items/:sku", async (request, response) => {
  const { quantity, unitPriceCents } = request.body as { quantity?: unknown; unitPriceCents?: unknown };
  if (!isCount(quantity) || !isCount(unitPriceCents)) {
    response.status(400).json({ error: "invalid_item" });
    return;
  }
  await putItem(request.params.id, { sku: request.params.sku, quantity, unitPriceCents });
  response.status(204).end();
});

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0;
}
