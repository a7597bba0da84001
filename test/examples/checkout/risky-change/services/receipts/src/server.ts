// @yantra-owner checkout
import express from "express";

const CHECKOUT_URL = process.env.CHECKOUT_URL ?? "http://localhost:8080";

interface PaidOrder {
  id: string;
  currency: string;
  totalCents: number;
  paymentReference: string | null;
}

const app = express();

app.get("/receipts/:orderId", async (request, response) => {
  const answer = await fetch(`${CHECKOUT_URL}/orders/${encodeURIComponent(request.params.orderId)}`);
  if (!answer.ok) {
    response.status(answer.status).end();
    return;
  }
  const order = (await answer.json()) as PaidOrder;
  if (order.paymentReference === null) {
    response.status(409).type("text/plain").send("This order is not paid yet.");
    return;
  }
  const total = `${(order.totalCents / 100).toFixed(2)} ${order.currency}`;
  response.type("text/plain").send(`Order ${order.id}\nPaid ${total}, reference ${order.paymentReference}\n`);
});

app.listen(Number(process.env.PORT ?? 8080));
