import { expect, test } from "vitest";
import { schemaProblems } from "./schemas.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

test("a schema that compiles has no problem", () => {
  expect(schemaProblems({ $schema: DRAFT, type: "object", properties: { a: { type: "string" } } })).toEqual(
    [],
  );
});

test.each([
  [{ $schema: DRAFT, typ: "object" }, 'unknown keyword: "typ"'],
  [{ $schema: DRAFT, $ref: "#/$defs/none" }, "can't resolve reference"],
  [{ type: "object" }, "neither draft"],
])("%j is refused", (schema, problem) => {
  expect(schemaProblems(schema)).toEqual([expect.stringContaining(problem)]);
});
