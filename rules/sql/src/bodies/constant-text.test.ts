import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { constantText } from "./constant-text.ts";

describe("constantText", () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
  });
  afterAll(async () => {
    await database.close();
  });

  it.each([
    "'it''s'",
    "$$a$$ || 'b'::text || E'\\n'",
    "('a' || 'b') || quote_literal('it''s')",
    "format('100%% of %s, %L', 'a b', 'it''s')",
    "format('%I', 'A \"b\"')",
    "quote_ident('A')",
  ])("PostgreSQL makes the same of %s", async (expression) => {
    const { rows } = await database.query<{ text: string }>(`SELECT ${expression} AS text`);
    expect(constantText(expression)).toBe(rows[0]?.text);
  });

  it.each([
    "x",
    "'a' || x",
    "format('%s', x)",
    "format('%s %s', 'a')",
    "format('%1$s', 'a')",
    "format('%')",
    "lower('A')",
    "'A'::regclass",
    "'a' FROM t",
    "1",
    "'a",
  ])("does not know %s", (expression) => {
    expect(constantText(expression)).toBeUndefined();
  });
});
