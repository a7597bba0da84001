import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { given, sqlRuleTester } from "../testing.ts";
import rule from "./no-drop-enum-value.ts";

const SHIPPED = `
  CREATE TYPE mood AS ENUM ('glad', 'sad', 'calm');
  CREATE TABLE t (id int, m mood NOT NULL DEFAULT 'glad');
  CREATE TABLE u (ms mood[]);
`;

const ALTER = "ALTER TABLE t ALTER m TYPE mood USING m::text::mood;";

/** The old type steps aside first. */
const BEFORE = `ALTER TYPE mood RENAME TO mood_old;
CREATE TYPE mood AS ENUM ('glad', 'calm');
ALTER TABLE t ALTER m DROP DEFAULT;`;

const AFTER = "ALTER TABLE t ALTER m SET DEFAULT 'glad';";

const DANCE = `${BEFORE}
${ALTER}
${AFTER}`;

/** Prisma: the new type takes the name when the columns have it. */
const PRISMA = `BEGIN;
CREATE TYPE "mood_new" AS ENUM ('glad');
ALTER TABLE "t" ALTER COLUMN "m" DROP DEFAULT;
ALTER TABLE "t" ALTER COLUMN "m" TYPE "mood_new" USING ("m"::text::"mood_new");
ALTER TABLE "u" ALTER COLUMN "ms" TYPE "mood_new"[] USING ("ms"::text::"mood_new"[]);
ALTER TYPE "mood" RENAME TO "mood_old";
ALTER TYPE "mood_new" RENAME TO "mood";
DROP TYPE "mood_old";
COMMIT;`;

/** By way of text. */
const DETOUR = `ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE text;
ALTER TABLE u DROP COLUMN ms;
DROP TYPE mood;
CREATE TYPE mood AS ENUM ('glad', 'calm');
ALTER TABLE t ALTER m TYPE mood USING m::mood;`;

/** Drizzle does so too. */
const DRIZZLE = `ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'glad'::text;--> statement-breakpoint
ALTER TABLE "u" ALTER COLUMN "ms" SET DATA TYPE text;--> statement-breakpoint
DROP TYPE "public"."mood";--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM('glad', 'calm');--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DEFAULT 'glad'::"public"."mood";--> statement-breakpoint
ALTER TABLE "t" ALTER COLUMN "m" SET DATA TYPE "public"."mood" USING "m"::"public"."mood";--> statement-breakpoint
ALTER TABLE "u" ALTER COLUMN "ms" SET DATA TYPE "public"."mood"[] USING "ms"::"public"."mood"[];`;

const history = [SHIPPED];
const FAILS = " A row that holds it makes this migration fail.";
const data = { type: "mood", lost: "'sad'", columns: "t.m", rows: FAILS };
const place = { line: 4, column: 15, endLine: 4, endColumn: 52 };

sqlRuleTester().run("no-drop-enum-value", rule, {
  valid: [
    { name: "of a type that no history tells of", code: DANCE },
    {
      name: "with all its values, in another order",
      code: DANCE.replace("'glad', 'calm'", "'sad', 'new', 'calm', 'glad'"),
      ...given({ history }),
    },
    { name: "of a type and a table that the file makes", code: `${SHIPPED}${DANCE}` },
    {
      name: "of a column that the file adds",
      code: `ALTER TABLE u ADD COLUMN m mood; CREATE TYPE less AS ENUM ('glad'); ALTER TABLE u ALTER m TYPE less USING m::text::less;`,
      ...given({ history }),
    },
    { name: "to text", code: "ALTER TABLE t ALTER m TYPE text;", ...given({ history }) },
    {
      name: "of a column that was a text",
      code: "ALTER TABLE t ALTER a TYPE mood USING a::mood;",
      ...given({ history: ["CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (a text);"] }),
    },
    { code: `-- @yantra-phase contract after=v2.4.0\n${DANCE}`, ...given({ history }) },
    { code: DANCE, ...given({ history, migration: { direction: "down" } }) },
  ],
  invalid: [
    {
      code: DANCE,
      ...given({ history }),
      errors: [{ messageId: "dropped", data, ...place }],
    },
    {
      name: "as Prisma does it, two values and two tables",
      code: PRISMA,
      ...given({ history }),
      errors: [
        {
          messageId: "dropped",
          data: {
            ...data,
            lost: "'sad' and 'calm'",
            columns: "t.m and u.ms",
            rows: FAILS.replace("it", "one of them"),
          },
          line: 4,
          column: 17,
          endLine: 4,
          endColumn: 79,
        },
      ],
    },
    {
      name: "by way of text",
      code: DETOUR,
      ...given({ history }),
      errors: [{ messageId: "dropped", data, line: 5, column: 15, endLine: 5, endColumn: 46 }],
    },
    {
      name: "as Drizzle does it",
      code: DRIZZLE,
      ...given({ history, migration: { runner: "drizzle" } }),
      errors: [
        {
          messageId: "dropped",
          data: { ...data, columns: "t.m and u.ms" },
          line: 7,
          column: 17,
          endLine: 7,
          endColumn: 90,
        },
      ],
    },
    {
      name: "when the file moves the rows first",
      code: `UPDATE t SET m = 'glad' WHERE m = 'sad'; ${DANCE}`,
      ...given({ history }),
      errors: [{ messageId: "dropped", data: { ...data, rows: "" }, ...place }],
    },
    {
      name: "when USING moves the rows",
      code: DANCE.replace("m::text::mood", "(CASE m WHEN 'sad' THEN 'glad' ELSE m::text END)::mood"),
      ...given({ history }),
      errors: [{ messageId: "dropped", data: { ...data, rows: "" }, ...place, endColumn: 93 }],
    },
    {
      name: "of a table and a type with other names and schemas",
      code: `ALTER TABLE shop.t RENAME TO goods;
CREATE TYPE shop."Size" AS ENUM ('s');
ALTER TABLE shop.goods ALTER size TYPE shop."Size" USING 's';`,
      ...given({
        history: [
          `CREATE SCHEMA shop; CREATE TYPE shop.size AS ENUM ('s', 'x''l'); CREATE TABLE shop.t (size shop.size);`,
        ],
      }),
      errors: [
        {
          messageId: "dropped",
          data: { type: "shop.size", lost: "'x'l'", columns: "shop.goods.size", rows: "" },
          line: 3,
          column: 24,
          endLine: 3,
          endColumn: 61,
        },
      ],
    },
  ],
});

describe("PostgreSQL", () => {
  let database: PGlite;

  beforeAll(async () => {
    database = await PGlite.create();
  });

  afterAll(() => database.close());

  it.each([
    ["aside", DANCE],
    ["Prisma", PRISMA.replace(/^(?:BEGIN|COMMIT);$/gm, "")],
    ["by way of text", DETOUR],
    ["Drizzle", DRIZZLE],
  ])("refuses what is lost: %s", async (_name, migration) => {
    await database.exec(`BEGIN; ${SHIPPED} INSERT INTO t VALUES (1, 'glad');`);
    const insert = () => database.query("INSERT INTO t VALUES (2, $1)", ["sad"]);
    await insert();
    await database.exec("SAVEPOINT s");
    const refusal = 'invalid input value for enum mood(_new)?: "sad"';
    await expect(database.exec(migration), "while a row holds it").rejects.toThrow(new RegExp(refusal));
    await database.exec("ROLLBACK TO s; DELETE FROM t WHERE m = 'sad'");
    await database.exec(migration);
    await database.exec("SAVEPOINT s");
    await expect(insert(), "written").rejects.toThrow(new RegExp(refusal));
    await database.exec("ROLLBACK TO s");
    const asked = database.query("SELECT id FROM t WHERE m = $1", ["sad"]);
    await expect(asked, "asked for").rejects.toThrow(new RegExp(refusal));
    await database.exec("ROLLBACK");
  });
});
