import { ANNOTATION_NAMES, ANNOTATION_SHAPES, parseAnnotations } from "@yantra-lint/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

interface Definition {
  properties: {
    value: { enum?: string[]; pattern?: string; $ref?: string };
    options: { properties?: Record<string, { pattern?: string; $ref?: string }> };
  };
}

const schema = JSON.parse(
  readFileSync(new URL("../../../schemas/annotations.schema.json", import.meta.url), "utf8"),
) as {
  properties: { name: { enum: string[] } };
  $defs: Record<string, Definition> & { word: { pattern: string } };
};

// Dates: the parser knows the calendar; `format` is left to it.
const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  validateFormats: false,
  allErrors: true,
}).compile(schema);

const patternOf = (part: { pattern?: string; $ref?: string } | undefined): string | undefined =>
  part?.$ref === "#/$defs/word" ? schema.$defs.word.pattern : part?.pattern;
const sourceOf = (pattern: RegExp | undefined): string | undefined => pattern?.source.replaceAll("\\/", "/");

test("the schema has exactly the parser's names", () => {
  expect(schema.properties.name.enum).toEqual([...ANNOTATION_NAMES]);
});

test.each(ANNOTATION_NAMES)("%s has the parser's values and options", (name) => {
  const shape = ANNOTATION_SHAPES[name];
  const { value, options } = schema.$defs[name]?.properties ?? expect.fail(`${name} is not in the schema`);
  expect(value.enum).toEqual(shape.values);
  expect(patternOf(value)).toBe(sourceOf(shape.valuePattern));
  const described = Object.entries(options.properties ?? {}).map(([option, part]) => [
    option,
    patternOf(part),
  ]);
  expect(described).toEqual(
    Object.entries(shape.options).map(([option, { pattern }]) => [option, sourceOf(pattern)]),
  );
});

describe("the schema judges as the parser does", () => {
  test.each([
    ["@yantra-risk high until=2026-12-31 -- the ledger is moved", true],
    ["@yantra-risk high", false],
    ["@yantra-risk huge -- x", false],
    ["@yantra-risk low until=soon -- x", false],
    ["@yantra-owner payments", true],
    ["@yantra-owner @shop/payments -- since the split", true],
    ["@yantra-owner", false],
    ["@yantra-owner payments since=2020", false],
    ["@yantra-health /healthz checks=db,queue", true],
    ["@yantra-health healthz", false],
    ["@yantra-health / checks=", false],
    ["@yantra-depends stripe", true],
    ["@yantra-phase contract after=v12", true],
    ["@yantra-phase contrct", false],
  ])("%s", (text, valid) => {
    const [annotation] = parseAnnotations({ text, range: [0, text.length], textStart: 0 });
    const { name, value, options, reason } = annotation ?? expect.fail("no annotation");
    expect(annotation?.problems.length === 0).toBe(valid);
    // What the parser leaves out of the data because it is wrong is put back as written.
    const written = Object.fromEntries(
      Array.from(text.matchAll(/(\w+)=(\S*)/g), ([, key, rest]) => [key, rest]),
    );
    const data = { name, value, options: { ...written, ...options }, ...(reason ? { reason } : {}) };
    expect(validate(data), JSON.stringify(validate.errors)).toBe(valid);
  });
});
