import { PGlite } from "@electric-sql/pglite";
import { parseTableSizes } from "@yantra-lint/workspace";
import { expect, it } from "vitest";
import { explainTableSizes, TABLE_SIZES_QUERY } from "./table-sizes-query.ts";

it("PostgreSQL gives what the configuration takes", async () => {
  const database = await PGlite.create();
  try {
    await database.exec(`
      CREATE TABLE small (a int);
      CREATE TABLE large (a int PRIMARY KEY, b text);
      INSERT INTO large SELECT n, repeat('x', 100) FROM generate_series(1, 2000) n;
      ANALYZE large;
      CREATE TABLE parted (a int) PARTITION BY RANGE (a);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
      INSERT INTO parted VALUES (1);
      CREATE TEMP TABLE scratch (a int);
    `);
    const { rows } = await database.query<[unknown]>(TABLE_SIZES_QUERY, [], { rowMode: "array" });
    const sizes = parseTableSizes(JSON.stringify(rows[0]?.[0]));
    expect(Object.keys(sizes)).toEqual(["public.large", "public.parted", "public.parted_1", "public.small"]);
    expect(sizes["public.small"]).toEqual({ bytes: 0 });
    expect(sizes["public.large"]?.rows).toBe(2000);
    expect(sizes["public.large"]?.bytes).toBeGreaterThan(200_000);
    expect(sizes["public.parted"]?.bytes).toBe(sizes["public.parted_1"]?.bytes);
  } finally {
    await database.close();
  }
});

it("is printed by explain stats, indented as a block", () => {
  expect(explainTableSizes()).toContain("    FROM pg_class c\n");
});
