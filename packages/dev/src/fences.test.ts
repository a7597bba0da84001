import { expect, test } from "vitest";
import { fencedFiles, section } from "./fences.ts";

const page = [
  "# yantra/sql/no-drop",
  "## Instead of",
  "```sql",
  "-- a comment",
  "## not a heading",
  "```",
  "and then",
  "```sql file=migrations/0009_named.sql",
  "SELECT 2;",
  "```",
  "```sql",
  "SELECT 3;",
  "```",
  "```sh",
  "ls",
  "```",
  "## Use",
  "````yaml",
  "text: |",
  "  ```",
  "````",
  "```yaml",
  "b: 1",
  "```",
  "## Useful",
].join("\n");

test("a section ends at the next heading that is not inside a block", () => {
  expect(section(page, "Instead of").split("\n")).toHaveLength(15);
  expect(section(page, "Use").split("\n")).toHaveLength(8);
  expect(section(page, "Absent")).toBe("");
});

test("blocks become files with their own or their default names", () => {
  expect(fencedFiles(section(page, "Instead of"))).toEqual([
    { path: "migrations/0001_example.sql", text: "-- a comment\n## not a heading\n" },
    { path: "migrations/0009_named.sql", text: "SELECT 2;\n" },
    { path: "migrations/0003_example.sql", text: "SELECT 3;\n" },
  ]);
  expect(fencedFiles(section(page, "Use"))).toEqual([
    { path: "deploy/example.yaml", text: "text: |\n  ```\n" },
    { path: "deploy/example-2.yaml", text: "b: 1\n" },
  ]);
});

test("two blocks cannot stand for one file", () => {
  expect(() => fencedFiles("```ts file=a.ts\n1\n```\n```ts file=a.ts\n2\n```\n")).toThrow("stand for a.ts");
});

test("a block may show a file before the change", () => {
  const markdown = "```ts file=a.ts base\n1\n```\n```ts file=a.ts\n2\n```\n```ts file=base.ts\n3\n```\n";
  expect(fencedFiles(markdown)).toEqual([
    { path: "a.ts", text: "1\n", base: true },
    { path: "a.ts", text: "2\n" },
    { path: "base.ts", text: "3\n" },
  ]);
});
