import fc from "fast-check";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { compareCode } from "./index.ts";

const SEED = 20261122;

/** Statements of every sort, each complete in itself; `§` marks token borders where a comment may stand. */
const STATEMENTS = [
  `import§ { a as b,§ c }§ from "x";`,
  `export§ const§ total =§ (1.50§ +§ 0x10)§ *§ 2;`,
  `export default§ function§ main(§a,§ { b: z = 'q' } = {})§ {§ return§ a ?? z;§ }`,
  `class Cart§ extends§ Base§ {§ #sum = 0;§ static§ make()§ {§ return new§ Cart();§ }§ get§ x()§ { return§ this.#sum; } }`,
  `const view = <p className="a b"§ title='t'>Hello you{§ name§ }<b>now</b></p>;`,
  `if (a)§ {§ f(a?.b);§ } else§ {§ g([1,, 2],§ { "k": 1,§ [d]: 2,§ ...e });§ }`,
  "const text =§ tag`a ${§ b } c`§ +§ /x[/]y/gi.source;",
  `for§ (const§ i of§ [1,§ 2])§ {§ if§ (i)§ {§ continue; } }`,
  `const§ h = async§ (x: number,§ y?: string): Promise<void> =>§ {§ await§ x; };`,
  `interface§ I§ { a: string;§ b?:§ number }`,
  `enum§ E§ {§ A = 1,§ B }`,
] as const;

const FILLERS = ["", " ", "\n", "/* note */", " /* a */ /* b */ ", "// line\n", "\n\n\n"];
const program = fc.uniqueArray(fc.constantFrom(...STATEMENTS), { minLength: 1 });

function plain(statements: readonly string[]): string {
  return statements.join("\n").replaceAll("§", "");
}

/** After `return`, `async` and `interface` and before an arrow a line break has a meaning of its own. */
function fill(statements: readonly string[], fillers: readonly string[]): string {
  let at = 0;
  const text = statements.join("\n\n// between\n");
  return text.replace(/([^\s§]*)§/g, (_, word: string) => {
    const filler = fillers[at++ % fillers.length] ?? "";
    const isBound = /\b(?:return|async|continue|interface)$/.test(word);
    return `${word}${isBound ? filler.replace(/\/\/.*\n|\n/g, " ") : filler}`;
  });
}

describe("compareCode on any program", () => {
  it("finds nothing in a program that stays as it is", () => {
    fc.assert(
      fc.property(program, (statements) => {
        const text = plain(statements);
        expect(compareCode({ path: "a.tsx", before: text, after: text })).toEqual({
          kind: "comment",
          line: 1,
          declarations: [],
          exports: [],
        });
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it("sees through comments and blank lines between tokens", () => {
    const fillers = fc.array(fc.constantFrom(...FILLERS), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(program, fillers, (statements, chosen) => {
        const edit = compareCode({
          path: "a.tsx",
          before: plain(statements),
          after: fill(statements, chosen),
        });
        expect(edit).toMatchObject({ kind: "comment", declarations: [], exports: [] });
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it("sees through a formatter", async () => {
    const options = fc.record({
      printWidth: fc.constantFrom(20, 40, 80, 200),
      semi: fc.boolean(),
      singleQuote: fc.boolean(),
      jsxSingleQuote: fc.boolean(),
      trailingComma: fc.constantFrom("none" as const, "all" as const),
      arrowParens: fc.constantFrom("avoid" as const, "always" as const),
      quoteProps: fc.constantFrom("as-needed" as const, "preserve" as const, "consistent" as const),
      useTabs: fc.boolean(),
      endOfLine: fc.constantFrom("lf" as const, "crlf" as const),
    });
    await fc.assert(
      fc.asyncProperty(program, options, async (statements, chosen) => {
        const before = plain(statements);
        const after = await format(before, { ...chosen, parser: "typescript", filepath: "a.tsx" });
        const edit = compareCode({ path: "a.tsx", before, after });
        expect(edit).toMatchObject({ kind: "comment", declarations: [], exports: [] });
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        compareCode({ path: "a.ts", before, after });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it("survives nesting deeper than the stack", () => {
    const deep = `f(${"[".repeat(20_000)}${"]".repeat(20_000)});`;
    expect(compareCode({ path: "a.ts", before: deep, after: `${deep} ` })).toBeUndefined();
    const signs = `f(${"!".repeat(100_000)}a);`;
    expect(compareCode({ path: "a.ts", before: signs, after: `${signs} ` })).toBeUndefined();
  });
});
