import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withNewName } from "./renamed.ts";

const EXPRESSIONS: readonly [expression: string, renamed: string][] = [
  ["note IS NOT NULL", `"the Note" IS NOT NULL`],
  ["NOTE > 'note' AND other > note", `"the Note" > 'note' AND other > "the Note"`],
  [`"note" = 'a'`, `"the Note" = 'a'`],
  ["t.note = 'x'", `t."the Note" = 'x'`],
  [`"Note" = 1`, `"Note" = 1`],
  ["note(other) = 'x'", "note(other) = 'x'"],
  ["other::note = 'x'", "other::note = 'x'"],
  ["(pair).note = 1", "(pair).note = 1"],
  ["other = 'note' -- note\n AND length(note) > 1", `other = 'note' -- note\n AND length("the Note") > 1`],
];

describe("withNewName", () => {
  let db: PGlite;
  beforeAll(async () => {
    db = await PGlite.create();
    await db.exec(
      `CREATE DOMAIN note AS text; CREATE TYPE duo AS (note int, b int); CREATE FUNCTION note(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1';`,
    );
  }, 60_000);
  afterAll(() => db.close());

  it.each(EXPRESSIONS)("%s", (expression, renamed) => {
    expect(withNewName(expression, "note", "the Note")).toBe(renamed);
  });

  it.each(EXPRESSIONS)("gives what PostgreSQL has after RENAME COLUMN: %s", async (expression, renamed) => {
    const table = (checks: string): string =>
      `DROP TABLE IF EXISTS t; CREATE TABLE t (note text, "Note" int, other text, pair duo, CHECK (${checks}\n));`;
    const defined = async (): Promise<unknown> =>
      (
        await db.query(
          "SELECT pg_get_constraintdef(oid) AS d FROM pg_constraint WHERE conrelid = 't'::regclass",
        )
      ).rows;
    await db.exec(`${table(expression)} ALTER TABLE t RENAME note TO "the Note";`);
    const before = await defined();
    await db.exec(table(renamed).replace("(note text", `("the Note" text`));
    expect(await defined()).toEqual(before);
  });
});
