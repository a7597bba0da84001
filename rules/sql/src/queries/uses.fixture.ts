import {
  type EntityColumn,
  type EntityFact,
  type Fact,
  FactIndex,
  factsIn,
  type Files,
  type QueryFact,
} from "@yantra-lint/core";
import pack from "../index.ts";
import { factsOfRelease } from "../testing.ts";

/** Where the query of code stands that `query` makes. */
export const PLACE = { startLine: 7, startColumn: 3, endLine: 7, endColumn: 30 };
const ENTITY_PLACE = { startLine: 3, startColumn: 1, endLine: 3, endColumn: 9 };

/** A whole and certain query of src/orders.ts, unless `more` says otherwise. */
export function query(sql: string, more: Partial<QueryFact> = {}): QueryFact {
  const path = "src/orders.ts";
  return {
    type: "query",
    path,
    ...PLACE,
    sql,
    source: "call",
    certainty: "certain",
    complete: true,
    ...more,
  };
}

/** Prisma's model of the table orders, unless `more` says otherwise; its columns may not be NULL. */
export function entity(
  columns: readonly (string | (Partial<EntityColumn> & { name: string }))[],
  more: Partial<EntityFact> = {},
): EntityFact {
  return {
    type: "entity",
    path: "prisma/schema.prisma",
    ...ENTITY_PLACE,
    tool: "prisma",
    name: "Order",
    table: { name: "orders" },
    columns: columns.map((column) => ({
      ...ENTITY_PLACE,
      optional: false,
      nullable: false,
      ...(typeof column === "string" ? { name: column } : column),
    })),
    ...more,
  };
}

/** A release that adds migrations (a text is one of its own) to what is shipped, while the base has these uses. */
export function release(
  uses: readonly Fact[],
  added: string | Files,
  shipped: Files,
): { facts: FactIndex; base: FactIndex } {
  const files = typeof added === "string" ? { "migrations/0002_b.sql": added } : added;
  return {
    facts: factsOfRelease(pack, shipped, files),
    base: new FactIndex([...factsIn(pack, shipped), ...uses]),
  };
}
