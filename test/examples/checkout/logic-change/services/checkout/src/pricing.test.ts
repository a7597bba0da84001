import assert from "node:assert/strict";
import test from "node:test";
import { priceOf } from "./pricing.ts";

test("a small cart pays shipping", () => {
  const price = priceOf([{ sku: "mug", quantity: 1, unitPriceCents: 1_200 }], null);
  assert.equal(price.totalCents, 1_690);
});

test("a discount is rounded to a cent", () => {
  const price = priceOf([{ sku: "lamp", quantity: 1, unitPriceCents: 6_995 }], "WELCOME10");
  assert.equal(price.discountCents, 700);
});

test("a discount can cost free shipping", () => {
  const price = priceOf([{ sku: "chair", quantity: 1, unitPriceCents: 5_200 }], "WELCOME10");
  assert.equal(price.shippingCents, 490);
});
