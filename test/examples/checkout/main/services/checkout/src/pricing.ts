import type { CartItem } from "./db.ts";

const FREE_SHIPPING_FROM_CENTS = 5_000;
const SHIPPING_CENTS = 490;

/** Percent off, by discount code. */
const DISCOUNTS: Readonly<Record<string, number>> = {
  WELCOME10: 10,
  FRIENDS15: 15,
};

export interface Price {
  goodsCents: number;
  discountCents: number;
  shippingCents: number;
  totalCents: number;
}

/** What a cart costs. An unknown discount code gives no discount. */
export function priceOf(items: readonly CartItem[], discountCode: string | null): Price {
  const goodsCents = items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0);
  const percent = discountCode === null ? 0 : (DISCOUNTS[discountCode] ?? 0);
  const discountCents = Math.round((goodsCents * percent) / 100);
  const shippingCents = goodsCents >= FREE_SHIPPING_FROM_CENTS ? 0 : SHIPPING_CENTS;
  return { goodsCents, discountCents, shippingCents, totalCents: goodsCents - discountCents + shippingCents };
}
