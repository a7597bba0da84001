/** The ESLint plugin in the real ESLint: the same findings as the command line, and peace with its neighbours. */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import js from "@eslint/js";
import { ESLint } from "eslint";
import { ESLint as ESLint9 } from "eslint-9";
import yantra, { withYantra } from "eslint-plugin-yantra";
import unicorn from "eslint-plugin-unicorn";
import yml from "eslint-plugin-yml";
import tseslint from "typescript-eslint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildExample } from "./examples/build-example.ts";
import { findings, ROOT } from "./support/program.ts";
import { execFileSync } from "node:child_process";

const directory = fs.mkdtempSync(
  path.join(fs.realpathSync(path.join(ROOT, "node_modules")), ".yantra-eslint-"),
);
const example = path.join(directory, "checkout");

beforeAll(() => {
  buildExample(example);
  execFileSync("git", ["checkout", "--quiet", "risky-change"], { cwd: example });
});

afterAll(() => {
  fs.rmSync(directory, { recursive: true, force: true });
});

type Config = NonNullable<ConstructorParameters<typeof ESLint>[0]>["overrideConfig"];

async function lint(config: unknown, Class: unknown = ESLint) {
  const eslint = new (Class as typeof ESLint)({
    cwd: example,
    overrideConfigFile: true,
    errorOnUnmatchedPattern: false,
    overrideConfig: config as Config,
  });
  const results = await eslint.lintFiles(["**/*.sql", "**/*.yaml", "**/*.ts"]);
  return results.flatMap((result) =>
    result.messages.map((message) => ({
      place: `${path.relative(example, result.filePath)}:${message.line}:${message.column}-${message.endLine}:${message.endColumn}`,
      ruleId: message.ruleId,
      message: message.message,
      severity: message.severity,
      fatal: message.fatal ?? false,
    })),
  );
}

/** The command line's findings in ESLint's words; the engine's own rules are ESLint's own business there. */
function expected() {
  return findings(example)
    .findings.filter((finding) => !finding.suppressed && !finding.ruleId.startsWith("yantra/core/"))
    .map(({ path: file, startLine, startColumn, endLine, endColumn, ruleId, message, level }) => ({
      place: `${file}:${startLine}:${startColumn}-${endLine}:${endColumn}`,
      ruleId,
      message,
      severity: level === "error" ? 2 : 1,
      fatal: false,
    }));
}

const inOrder = <T extends { place: string; ruleId: string | null }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => (`${a.place}${a.ruleId}` < `${b.place}${b.ruleId}` ? -1 : 1));

describe("findings", () => {
  it.each([
    ["ESLint 10", ESLint],
    ["ESLint 9", ESLint9],
  ])("%s has those of the command line", async (_, Class) => {
    const told = (await lint(yantra.configs.recommended, Class)).filter(({ ruleId }) =>
      ruleId?.startsWith("yantra/"),
    );
    const wanted = expected();
    expect(wanted.length).toBeGreaterThan(8);
    expect(inOrder(told)).toEqual(inOrder(wanted));
  });

  it("reports the unused suppression through ESLint's own option", async () => {
    const told = await lint(yantra.configs.recommended);
    const unused = findings(example).findings.filter(
      ({ ruleId }) => ruleId === "yantra/core/no-unused-suppression",
    );
    expect(unused).toHaveLength(1);
    expect(told.filter(({ message }) => message.startsWith("Unused eslint-disable directive"))).toHaveLength(
      1,
    );
  });
});

describe("neighbours", () => {
  const ours = (told: Awaited<ReturnType<typeof lint>>) =>
    told.filter(({ ruleId }) => ruleId?.startsWith("yantra/"));

  it.each<[string, () => unknown]>([
    ["js recommended", () => [js.configs.recommended]],
    ["typescript-eslint recommended", () => tseslint.configs.recommended],
    [
      "typescript-eslint recommendedTypeChecked",
      () => [
        ...tseslint.configs.recommendedTypeChecked,
        { languageOptions: { parserOptions: { projectService: true } } },
      ],
    ],
    ["unicorn", () => [unicorn.configs.recommended]],
  ])("%s, unscoped, in withYantra", async (_, config) => {
    const told = await lint(withYantra(config() as never));
    expect(told.filter(({ fatal }) => fatal)).toEqual([]);
    expect(inOrder(ours(told))).toEqual(inOrder(expected()));
  });

  it.each<[string, () => unknown[]]>([
    ["js recommended", () => [js.configs.recommended]],
    ["typescript-eslint recommended", () => tseslint.configs.recommended],
    ["unicorn", () => [unicorn.configs.recommended]],
  ])("%s, unscoped, in a plain list before and after ours", async (_, config) => {
    const before = await lint([...config(), ...yantra.configs.recommended]);
    const after = await lint([...yantra.configs.recommended, ...config()]);
    for (const told of [before, after]) {
      expect(told.filter(({ fatal }) => fatal)).toEqual([]);
      expect(inOrder(ours(told))).toEqual(inOrder(expected()));
    }
  });

  it("withYantra takes no rule of another plugin from its code files", async () => {
    const alone = await lint([
      { files: ["**/*.ts"], ...js.configs.recommended, languageOptions: { parser: tseslint.parser } },
    ]);
    const together = await lint(withYantra([js.configs.recommended]));
    const theirs = together.filter(({ ruleId }) => ruleId !== null && !ruleId.startsWith("yantra/"));
    expect(inOrder(theirs)).toEqual(inOrder(alone.filter(({ ruleId }) => ruleId !== null)));
  });

  describe("eslint-plugin-yml", () => {
    const strict = [
      ...yml.configs.standard,
      { files: ["**/*.yaml"], rules: { "yml/quotes": ["error", { prefer: "single" }] } },
    ] as never[];

    it("keeps its files in withYantra, and a warning says what that means", async () => {
      const warnings: string[] = [];
      const listen = (warning: Error): void => void warnings.push(warning.message);
      process.on("warning", listen);
      const alone = (await lint(strict)).filter(({ ruleId }) => ruleId?.startsWith("yml/"));
      const config = withYantra(strict);
      const told = await lint(config);
      await new Promise(setImmediate);
      process.off("warning", listen);
      expect(alone.length).toBeGreaterThan(0);
      expect(inOrder(told.filter(({ ruleId }) => ruleId?.startsWith("yml/")))).toEqual(inOrder(alone));
      expect(ours(told).filter(({ place }) => place.includes(".yaml:"))).toEqual([]);
      expect(warnings.join("\n")).toContain("yantra's Kubernetes rules run in `npx yantra-lint` only");
    });

    it("gives its files to yantra when asked", async () => {
      const told = await lint(withYantra(strict, { yaml: "yantra" }));
      expect(told.filter(({ fatal }) => fatal)).toEqual([]);
      expect(inOrder(ours(told))).toEqual(inOrder(expected()));
    });

    it("before ours in a plain list: its silence is said", async () => {
      const warnings: string[] = [];
      const listen = (warning: Error): void => void warnings.push(warning.message);
      process.on("warning", listen);
      const told = await lint([...strict, ...yantra.configs.recommended]);
      await new Promise(setImmediate);
      process.off("warning", listen);
      expect(inOrder(ours(told))).toEqual(inOrder(expected()));
      expect(warnings.join("\n")).toContain("eslint-plugin-yml");
    });

    it("after ours in a plain list: ESLint refuses, and names the file", async () => {
      await expect(lint([...yantra.configs.recommended, ...strict])).rejects.toThrow(/yantra|language/);
    });
  });
});

it("is an ES module that a CommonJS configuration reaches by a promise", async () => {
  const plugin = (await import(createRequire(import.meta.url).resolve("eslint-plugin-yantra"))) as {
    default: typeof yantra;
  };
  expect(plugin.default).toBe(yantra);
});
