import { describe, expect, it } from "vitest";
import { Catalog } from "./catalog/catalog.ts";
import { foldSteps } from "./catalog/fold.ts";
import { parseFile } from "./language/parse.ts";
import { isSmall } from "./questions.ts";

const MEGABYTE = 1024 * 1024;
const sizes = { "public.notes": { rows: 40, bytes: MEGABYTE }, "public.orders": { bytes: 900 * MEGABYTE } };
const details = {
  dialect: "postgresql",
  runner: "plain",
  version: "",
  direction: "up",
  transactional: true,
} as const;

describe("isSmall", () => {
  const before = Catalog.empty({ complete: false, sizes });

  it.each([
    ["notes", true],
    ["orders", false],
    ["unheard_of", false],
    ["toString", false],
  ])("%s: %s", (name, small) => {
    expect(isSmall(before.table({ name }))).toBe(small);
    expect(isSmall(before.table({ schema: "public", name }))).toBe(small);
    expect(isSmall(before.table({ schema: "archive", name }))).toBe(false);
  });

  it("is told of tables that the history has made, too, and not of what is gone", () => {
    const made = foldSteps(before, parseFile("CREATE TABLE notes (a int);", details).steps, "1.sql");
    expect(isSmall(made.table({ name: "notes" }))).toBe(true);
    const gone = foldSteps(made, parseFile("DROP TABLE notes;", details).steps, "2.sql");
    expect(isSmall(gone.table({ name: "notes" }))).toBe(false);
  });
});
