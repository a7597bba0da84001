// @yantra-owner payments
// @yantra-rsik high -- Money moves here: a charge that is made twice cannot be taken back by a rollback.
// @yantra-depends payments

const PROVIDER_URL = process.env.PAYMENTS_URL ?? "http://localhost:9000";
const API_KEY = process.env.PAYMENTS_API_KEY ?? "";
const TIMEOUT_MS = 10_000;

export interface Charge {
  orderId: string;
  amountCents: number;
  currency: string;
}

export class PaymentDeclined extends Error {
  override name = "PaymentDeclined";
}

/**
 * Charges an order once: the provider takes the order's id as idempotency key.
 *
 * @returns the provider's reference.
 * @throws PaymentDeclined when the provider refuses the charge.
 */
export async function charge({ orderId, amountCents, currency }: Charge): Promise<string> {
  const response = await fetch(`${PROVIDER_URL}/v1/charges`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${API_KEY}`,
      "content-type": "application/json",
      "idempotency-key": orderId,
    },
    body: JSON.stringify({ amount: amountCents, currency }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 402) throw new PaymentDeclined(`The charge for order ${orderId} was declined.`);
  if (!response.ok) throw new Error(`The payment provider answered ${response.status}.`);
  const { reference } = (await response.json()) as { reference: string };
  return reference;
}

/** Whether the payment provider answers. */
export async function isReachable(): Promise<boolean> {
  try {
    const response = await fetch(`${PROVIDER_URL}/v1/ping`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok;
  } catch {
    return false;
  }
}
