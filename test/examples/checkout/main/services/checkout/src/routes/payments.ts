import { Router } from "express";
import { findOrder, markPaid } from "../db.ts";
import { messageFor } from "../messages.ts";
import { charge, isReachable, PaymentDeclined } from "../payments.ts";

export const payments = Router();

// @yantra-health /payments checks=payments
payments.get("/payments/healthz", async (_request, response) => {
  const reachable = await isReachable();
  response.status(reachable ? 200 : 503).json({ status: reachable ? "ok" : "provider unreachable" });
});

payments.post("/payments/:orderId", async (request, response) => {
  const order = await findOrder(request.params.orderId);
  if (!order) {
    response.status(404).json({ error: messageFor("order.unknown") });
    return;
  }
  if (order.status !== "placed") {
    response.status(409).json({ error: messageFor("payment.notDue") });
    return;
  }
  try {
    const reference = await charge({
      orderId: order.id,
      amountCents: order.totalCents,
      currency: order.currency,
    });
    await markPaid(order.id, reference);
    response.json({ reference, message: messageFor("payment.thanks") });
  } catch (error) {
    if (!(error instanceof PaymentDeclined)) throw error;
    response.status(402).json({ error: messageFor("payment.declined") });
  }
});
