import { PGlite } from "@electric-sql/pglite";
import { displayName, quotedName } from "@yantra-lint/core";
import { afterAll, expect, it } from "vitest";
import { keysInWords, shortName } from "./names.ts";

const server = new PGlite();

afterAll(async () => {
  await server.close();
});

it("is in quotes where SQL wants them, as PostgreSQL has it", async () => {
  const odd = ["Users", "É", "a b", 'a"b', "a$b", "1a", "_a", "a1", "user_id", "", "a.b", "select*"];
  const { rows: words } = await server.query<{ word: string; catcode: string }>(
    "SELECT word, catcode FROM pg_get_keywords()",
  );
  // Words of functions and types that are names of tables and columns all the same, which quote_ident quotes too.
  const plain = words.filter(({ catcode }) => catcode === "C").map(({ word }) => word);
  const names = [...odd, ...words.map(({ word }) => word)].filter((name) => !plain.includes(name));
  const { rows } = await server.query<{ name: string; quoted: string }>(
    "SELECT name, quote_ident(name) AS quoted FROM unnest($1::text[]) name",
    [names],
  );
  expect(rows.length).toBeGreaterThan(400);
  expect(rows.map(({ name }) => quotedName(name))).toEqual(rows.map(({ quoted }) => quoted));
  for (const word of plain)
    await server.exec(`CREATE TEMP TABLE ${quotedName(word)} (${quotedName(word)} int)`);
});

it("names the schema where it is not public", () => {
  expect(displayName({ schema: "public", name: "Order" })).toBe('public."Order"');
  expect(shortName({ schema: "public", name: "Order" })).toBe('"Order"');
  expect(shortName({ schema: "Shop", name: "orders" })).toBe('"Shop".orders');
});

it("leaves the expressions of an index as they are", () => {
  expect(keysInWords(["id", "userId", "lower(email)"])).toBe('id, "userId", lower(email)');
});
