/** The ESLint plugin in the real ESLint: the same findings as the command line, and peace with its neighbours. */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import js from "@eslint/js";
import { ESLint, type Linter } from "eslint";
import { ESLint as ESLint9 } from "eslint-9";
import yantra, { withYantra } from "eslint-plugin-yantra";
import unicorn from "eslint-plugin-unicorn";
import yml from "eslint-plugin-yml";
import tseslint from "typescript-eslint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildExample } from "./examples/build-example.ts";
import { findings, folder, messageInEditor, ROOT } from "./support/program.ts";
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

async function lint(config: unknown, Class: unknown = ESLint, cwd = example) {
  const eslint = new (Class as typeof ESLint)({
    cwd,
    overrideConfigFile: true,
    errorOnUnmatchedPattern: false,
    overrideConfig: config as Config,
  });
  const results = await eslint.lintFiles(["**/*.sql", "**/*.yaml", "**/*.ts", "**/Dockerfile"]);
  return inEslintsWords(results, cwd);
}

/** Rules of ESLint know nothing of each other: of two that the command line would tell as one, both are told. */
function withoutSuperseded(messages: readonly Linter.LintMessage[]): Linter.LintMessage[] {
  const placeOf = ({ line, column }: Linter.LintMessage): string => `${line}:${column}`;
  const superseded = new Set(
    messages.flatMap((message) => {
      const rule = yantra.rules[message.ruleId?.replace(/^yantra\//, "") ?? ""];
      const { supersedes = [] } = (rule?.meta?.docs ?? {}) as { supersedes?: string[] };
      return supersedes.map((ruleId) => `${placeOf(message)} ${ruleId}`);
    }),
  );
  return messages.filter((message) => !superseded.has(`${placeOf(message)} ${message.ruleId}`));
}

function inEslintsWords(results: readonly ESLint.LintResult[], cwd: string) {
  return results.flatMap((result) =>
    withoutSuperseded(result.messages).map((message) => ({
      place: `${path.relative(cwd, result.filePath)}:${message.line}:${message.column}-${message.endLine}:${message.endColumn}`,
      ruleId: message.ruleId,
      message: message.message,
      severity: message.severity,
      fatal: message.fatal ?? false,
    })),
  );
}

/** The command line's findings in ESLint's words; the engine's own rules are ESLint's own business there. */
function expectedIn(cwd: string) {
  // An editor knows no base.
  return findings(cwd, "--no-base")
    .findings.filter((finding) => !finding.suppressed && !finding.ruleId.startsWith("yantra/core/"))
    .map((finding) => {
      const { path: file, startLine, startColumn, endLine, endColumn, ruleId, level } = finding;
      return {
        place: `${file}:${startLine}:${startColumn}-${endLine}:${endColumn}`,
        ruleId,
        message: messageInEditor(finding),
        // ESLint has one severity a rule, also for what the rule is not certain of.
        severity: level === "error" || isUncertain(finding) ? 2 : 1,
        fatal: false,
      };
    });
}

function isUncertain({ ruleId, messageId = "" }: { ruleId: string; messageId?: string }): boolean {
  const rule = yantra.rules[ruleId.replace(/^yantra\//, "")];
  const { uncertain = [] } = (rule?.meta?.docs ?? {}) as { uncertain?: string[] };
  return uncertain.includes(messageId);
}

let ofExample: ReturnType<typeof expectedIn> | undefined;
const expected = () => (ofExample ??= expectedIn(example));

const inOrder = <T extends { place: string; ruleId: string | null }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => (`${a.place}${a.ruleId}` < `${b.place}${b.ruleId}` ? -1 : 1));

/** A Deployment in which one file rule finds something. */
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: registry.example.com/shop/api:1.4.2
          ports: [{ containerPort: 8080 }]
`;

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

  it("name the other end of a broken reference in the message", async () => {
    const told = await lint(yantra.configs.recommended);
    expect(told.map(({ message }) => message).join("\n")).toContain(
      "Define it, or list it under `external` when it is made elsewhere. (deploy/config.yaml:4)",
    );
  });

  it("are none in files that the nearest yantra.config ignores, wherever ESLint runs", async () => {
    const files = {
      "src/orders.ts": "// @yantra-rsik high -- It books.\nexport {};\n",
      "deploy/api.yaml": DEPLOYMENT,
      "migrations/0001_init.sql": "CREATE TABLE a (b int);\n",
      "migrations/0002_drop.sql": "ALTER TABLE a DROP COLUMN b;\n",
    };
    const below = (directory: string) =>
      Object.entries(files).map(([file, text]): [string, string] => [`${directory}/${file}`, text]);
    const root = folder({
      ...Object.fromEntries<string>([...below("shop"), ...below("shop/vendor")]),
      "shop/yantra.config.yaml": 'ignore: ["vendor/**"]\n',
    });
    const wanted = expectedIn(path.join(root, "shop"));
    expect(new Set(wanted.map(({ ruleId }) => ruleId.split("/")[1]))).toEqual(
      new Set(["code", "kubernetes", "sql"]),
    );
    for (const [cwd, prefix] of [
      [root, "shop/"],
      [path.join(root, "shop"), ""],
    ] as const) {
      const told = await lint(yantra.configs.recommended, ESLint, cwd);
      const placed = wanted.map((finding) => ({ ...finding, place: prefix + finding.place }));
      expect(inOrder(told)).toEqual(inOrder(placed));
    }
  });

  it("reports the unused suppression through ESLint's own option", async () => {
    const told = await lint(yantra.configs.recommended);
    const unused = findings(example, "--no-base").findings.filter(
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
      expect(
        told.filter(({ place, ruleId }) => place.includes(".yaml:") && !ruleId?.startsWith("yml/")),
      ).toEqual([]);
      expect(warnings.join("\n")).toContain(
        "yantra's rules for manifests and workflows run in `npx yantra-lint` only",
      );
    });

    it("gives its files to yantra when asked", async () => {
      const told = await lint(withYantra(strict, { yaml: "yantra" }));
      expect(told.filter(({ fatal }) => fatal)).toEqual([]);
      expect(inOrder(ours(told))).toEqual(inOrder(expected()));
    });

    const SUPPRESSED = DEPLOYMENT.replace(
      "        - name: api\n",
      "        # eslint-disable-next-line yantra/kubernetes/require-readiness-probe -- A batch job in disguise.\n$&",
    );

    async function repair(config: unknown, text: string) {
      const cwd = folder({ "deploy/api.yaml": text });
      const eslint = new ESLint({
        cwd,
        fix: true,
        overrideConfigFile: true,
        overrideConfig: config as Config,
      });
      const [result] = await eslint.lintText(text, { filePath: path.join(cwd, "deploy/api.yaml") });
      return { messages: result?.messages.map(({ message }) => message), text: result?.output ?? text };
    }

    it("keeps our suppression comments, which the command line needs, where it keeps the files", async () => {
      const base = yml.configs.base as never;
      const preset = yantra.configs.recommended.filter(({ language }) => language === "yantra/sql");
      for (const config of [
        withYantra(base, { yaml: "other" }),
        withYantra(base, { yaml: "other", preset }),
        [...yantra.configs.recommended.slice(0, 1), ...withYantra(base, { yaml: "other" })],
      ])
        expect(await repair(config, SUPPRESSED)).toEqual({ messages: [], text: SUPPRESSED });
    });

    it("may be named in comments of the files it gave away", async () => {
      const text = DEPLOYMENT.replace("name: api }", "name: api } # eslint-disable-line yml/quotes");
      const config: Linter.Config = { files: ["**/*.yaml"], plugins: { yml }, language: "yml/yaml" };
      const { messages } = await repair(withYantra(config, { yaml: "yantra" }), text);
      expect(messages).toEqual([
        expect.stringContaining("has no livenessProbe"),
        expect.stringContaining("has no readinessProbe"),
      ]);
    });

    it("lets a workspace rule of ours look at its files, when a configuration turns one on there", async () => {
      const config = [
        ...withYantra(yml.configs.base as never, { yaml: "other" }),
        { files: ["**/*.yaml"], rules: { "yantra/kubernetes/no-mutable-image": "error" } },
      ];
      const told = (await lint(config)).filter(({ place }) => place.includes(".yaml:"));
      expect(told).toEqual(
        expected().filter(({ ruleId }) => ruleId === "yantra/kubernetes/no-mutable-image"),
      );
    });

    it("of some folders only: ESLint is given no other YAML by us", async () => {
      const scoped = yml.configs.base.map((entry) =>
        "files" in entry ? { ...entry, files: [".github/**/*.yaml"] } : entry,
      ) as never;
      const told = await lint(withYantra(scoped, { yaml: "other" }));
      expect(told.filter(({ place }) => place.includes(".yaml"))).toEqual([]);
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

describe("JSON", () => {
  const manifest = JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "api" },
    spec: {
      selector: { matchLabels: { app: "api" } },
      template: {
        metadata: { labels: { app: "api" } },
        spec: {
          containers: [
            { name: "api", image: "registry.example.com/shop/api:latest", ports: [{ containerPort: 8080 }] },
          ],
        },
      },
    },
  });
  const files = { "deploy/api.json": manifest, "locale/en.json": "{}", "package.json": "{}" };

  /** Another plugin's language and rule for every JSON file. */
  const neighbour = {
    files: ["**/*.json"],
    plugins: {
      json: {
        languages: { json: yantra.languages?.["kubernetes"] },
        rules: {
          any: {
            meta: { languages: ["json/json"] },
            create: (context: { report: (descriptor: object) => void }) => ({
              File: () => {
                context.report({ loc: { line: 1, column: 1 }, message: "JSON." });
              },
            }),
          },
        },
      },
    },
    language: "json/json",
    rules: { "json/any": "error" },
  };

  async function lintJson(cwd: string, config: unknown) {
    const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig: config as Config });
    return inEslintsWords(await eslint.lintFiles(["."]), cwd);
  }

  it("is left to others, or unread, unless asked for", async () => {
    const cwd = folder(files);
    const told = await lintJson(cwd, withYantra([neighbour] as never));
    expect(told.map(({ place, ruleId }) => `${place.split(":")[0]} ${ruleId}`)).toEqual([
      "deploy/api.json json/any",
      "locale/en.json json/any",
      "package.json json/any",
    ]);
    const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig: withYantra([]) as Config });
    const read = await Promise.all(
      Object.keys(files).map(async (file) => !(await eslint.isPathIgnored(path.join(cwd, file)))),
    );
    expect(read).toEqual([false, false, false]);
  });

  it("that is named has the command line's findings, and its neighbour keeps the rest", async () => {
    const cwd = folder(files);
    const wanted = expectedIn(cwd);
    expect(wanted.map(({ ruleId }) => ruleId)).toEqual([
      "yantra/kubernetes/require-liveness-probe",
      "yantra/kubernetes/require-readiness-probe",
      "yantra/kubernetes/no-mutable-image",
    ]);
    const told = await lintJson(cwd, withYantra([neighbour] as never, { json: ["deploy/**/*.json"] }));
    expect(told.filter(({ place }) => place.startsWith("deploy/"))).toEqual(wanted);
    expect(told.filter(({ place }) => !place.startsWith("deploy/")).map(({ ruleId }) => ruleId)).toEqual([
      "json/any",
      "json/any",
    ]);
  });
});

describe("withYantra", () => {
  const theirs: Linter.Config = { name: "theirs", files: ["**/*.ts"], rules: { "no-var": "error" } };

  it("awaits a configuration that is still to come, as composers' are", async () => {
    class Composer extends Promise<Linter.Config[]> {}
    const composer = new Composer((resolve) => {
      resolve([theirs]);
    });
    const wanted = withYantra([theirs]);
    expect(wanted).toContainEqual(theirs);
    expect(await withYantra(composer)).toEqual(wanted);
    expect(await withYantra(Promise.resolve(theirs))).toEqual(wanted);
  });

  it.each<[string, unknown, RegExp]>([
    ["a function", () => [theirs], /got a function: call it/],
    ["a function in a list", [() => [theirs]], /got a function: call it/],
    ["a promise in a list", [Promise.resolve(theirs)], /got a promise inside of a list: await it/],
    ["nothing", undefined, /got undefined/],
  ])("refuses %s with a TypeError that says what to do", (_, config, message) => {
    const call = () => withYantra(config as never);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });

  it("refuses a promise of a function", async () => {
    await expect(withYantra(Promise.resolve(() => [theirs]) as never)).rejects.toThrow(/call it/);
  });
});

it("is an ES module that a CommonJS configuration reaches by a promise", async () => {
  const plugin = (await import(createRequire(import.meta.url).resolve("eslint-plugin-yantra"))) as {
    default: typeof yantra;
  };
  expect(plugin.default).toBe(yantra);
});
