/** The laws of the repository: what every rule and every package keeps, told by the file that breaks it. */
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, packNames, readText, ROOT, workspacePackages } from "../packages/dev/src/repository.ts";
import { loadRules, type RuleEntry, ruleModules } from "../packages/dev/src/rules.ts";
import { readSource } from "../packages/dev/src/source.ts";

const rules = await loadRules();
const packages = workspacePackages();
const published = packages.filter((one) => one.published);
const sources = [
  ...packages.flatMap(({ directory }) => filesBelow(`${directory}/src`)),
  ...filesBelow("test").filter((file) => !file.startsWith("test/examples/")),
]
  .filter((file) => file.endsWith(".ts"))
  .map(readSource);

/** The package a file belongs to, or undefined for the whole-program tests. */
function packageOf(file: string) {
  return packages.find(({ directory }) => file.startsWith(`${directory}/`));
}

describe("every rule", () => {
  test("there are rules in every pack", () => {
    expect(packNames().filter((pack) => ruleModules(pack).length === 0)).toEqual([]);
  });

  test.each(rules)("$id is a module, a test and a page", ({ test: testFile, page }) => {
    expect([testFile, page].filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  test.each(packNames())("rules/%s/src/rules holds nothing but triples", (pack) => {
    const names = new Set(ruleModules(pack).map((file) => path.basename(file, ".ts")));
    const strangers = filesBelow(`rules/${pack}/src/rules`).filter(
      (file) => !names.has(path.basename(file).replace(/\.(?:test\.ts|ts|md)$/, "")),
    );
    expect(strangers).toEqual([]);
  });

  test.each(rules)("$id has its entry in its pack's list", ({ pack, name, scope }) => {
    const [fileRules = "", workspaceRules = ""] = readText(`rules/${pack}/src/rules.generated.ts`).split(
      "export const workspaceRules",
    );
    expect(scope === "file" ? fileRules : workspaceRules).toMatch(new RegExp(`^  "${name}": \\w+,$`, "m"));
  });

  test.each(rules)("$id has a name that says what it asks for", ({ name }) => {
    expect(name).toMatch(/^(?:[a-z][a-z0-9]*)(?:-[a-z0-9]+)+$/);
  });

  test.each(rules)("$id has a description that begins with what it does", ({ meta }) => {
    expect(meta.docs.description).toMatch(/^(?:Enforce|Require|Disallow|Prefer) .*[^.]$/);
  });

  test.each(rules)("$id says its type, its severity and its options", ({ meta, scope }) => {
    expect(["problem", "suggestion"]).toContain(meta.type);
    expect(["error", "warn", false]).toContain(meta.docs.recommended);
    expect(meta.schema).toBeInstanceOf(Array);
    // Without `meta.languages` a file rule crashes, or does nothing, on the files of another language.
    if (scope === "file") expect("languages" in meta && meta.languages).not.toHaveLength(0);
  });

  test.each(rules)("$id is certain of what fails a check", ({ meta }) => {
    const { uncertain = [], recommended } = meta.docs;
    expect(Object.keys(meta.messages)).toEqual(expect.arrayContaining([...uncertain]));
    // A rule that only warns has nothing to lower.
    expect(recommended === "error" || uncertain.length === 0).toBe(true);
    const hedged = Object.keys(meta.messages).filter((id) =>
      /cannot be told|looks like|^Nothing says/.test(meta.messages[id] ?? ""),
    );
    expect(recommended === "error" ? uncertain : hedged).toEqual(expect.arrayContaining(hedged));
  });

  test.each(rules)("$id speaks in whole sentences", ({ meta, module }) => {
    const messages = Object.entries(meta.messages);
    // A placeholder behind the last full stop is a sentence more, or nothing.
    expect(messages.filter(([, text]) => !/^[^a-z\s].*[.?](?:\{\{\w+\}\})*$/s.test(text))).toEqual([]);
    // What a suggestion does may be said in a few words; what is reported needs the consequence and the way out.
    const suggestions = readText(module)
      .split(/\bsuggest\b/)
      .slice(1)
      .map((text) => text.slice(0, 300));
    const isSuggestion = (id: string): boolean =>
      suggestions.some((text) => text.includes(`messageId: "${id}"`));
    expect(messages.filter(([id, text]) => text.length < 40 && !isSuggestion(id))).toEqual([]);
  });

  test.each(rules)("$id fits into 200 lines", ({ module }) => {
    expect(readText(module).split("\n").length).toBeLessThanOrEqual(200);
  });
});

/** The names of the options that a rule's schema describes. */
function optionNames({ properties }: RuleEntry["meta"]["schema"][number]): string[] {
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

describe("every page", () => {
  const HEADINGS = ["## At 3 AM", "## Instead of", "## Use", "## When not to use it", "## Sources"];

  test.each(rules)("$page has its title and its headings, in their order", ({ id, meta, page }) => {
    const headings = readText(page)
      .replaceAll(/^(`{3,})[\s\S]*?^\1/gm, "")
      .split("\n")
      .filter((line) => /^#{1,2} /.test(line));
    const options = meta.schema.length > 0 ? ["## Options"] : [];
    expect(headings[0]).toBe(`# ${id}`);
    expect(headings.filter((heading) => [...HEADINGS, ...options].includes(heading))).toEqual([
      ...HEADINGS.slice(0, 3),
      ...options,
      ...HEADINGS.slice(3),
    ]);
  });

  test.each(rules)("$page says every option", ({ meta, page }) => {
    const names = meta.schema.flatMap((schema) => optionNames(schema));
    const text = readText(page);
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });

  test.each(rules)("$page names its sources", ({ page }) => {
    const [, sourceList = ""] = readText(page).split("## Sources");
    expect(sourceList).toMatch(/^- \S/m);
  });
});

describe("imports", () => {
  const ANY = packages.map(({ name }) => name);
  const CORE = "@yantra-lint/core";

  /** Which workspace packages a package may import, by its directory. */
  function allowedFor(directory: string): readonly string[] {
    if (directory === "packages/core" || directory === "schemas") return [];
    if (directory === "packages/workspace") return [CORE, "@yantra-lint/schemas"];
    if (directory.startsWith("rules/")) return [CORE, "@yantra-lint/yaml"];
    if (["packages/cli", "packages/eslint-plugin", "packages/dev"].includes(directory)) return ANY;
    return [CORE];
  }

  const edges = sources.flatMap(({ file, imports }) => imports.map((specifier) => ({ file, specifier })));
  const owned = edges.flatMap(({ file, specifier }) => {
    const owner = packageOf(file);
    return owner ? [{ file, specifier, owner }] : [];
  });

  test("were read", () => {
    expect(edges.length).toBeGreaterThan(100);
  });

  test.each(packages)("$directory imports only the packages it may", ({ directory }) => {
    const allowed = allowedFor(directory);
    const wrong = owned.filter(({ owner, specifier }) => {
      const target = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
      return owner.directory === directory && target !== undefined && !allowed.includes(target.name);
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test("nobody imports the inside of a package", () => {
    const inside = edges.filter(({ specifier }) =>
      ANY.some((name) => specifier.startsWith(`${name}/`) && /\/(?:src|dist)(?:\/|$)/.test(specifier)),
    );
    expect(inside.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test("relative imports stay within their package", () => {
    const leaving = owned.filter(({ file, specifier, owner }) => {
      const target = path.posix.join(path.posix.dirname(file), specifier);
      // packages/dev builds and measures what lies outside of it.
      return (
        specifier.startsWith(".") && owner.directory !== "packages/dev" && !target.startsWith(owner.directory)
      );
    });
    expect(leaving.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  test.each(["packages/core", "packages/change", "packages/sarif", "packages/risk"])(
    "%s does no input and output",
    (directory) => {
      const IO =
        /^(?:node:)?(?:fs|child_process|process|net|http2?|https|worker_threads|os|dns|tty|readline)(?:\/|$)/;
      const pure = edges.filter(
        ({ file }) => file.startsWith(`${directory}/`) && !/\.(?:test|fixture)\.ts$/.test(file),
      );
      expect(pure.filter(({ specifier }) => IO.test(specifier))).toEqual([]);
    },
  );
});

describe("sources", () => {
  const MAY_PRINT = ["packages/cli/", "packages/dev/", "test/"];

  test("only the command line prints or ends the process", () => {
    const printing = sources
      .filter(({ file }) => !MAY_PRINT.some((directory) => file.startsWith(directory)))
      .flatMap(({ file, printsAt }) => printsAt.map((line) => `${file}:${line}`));
    expect(printing).toEqual([]);
  });

  test("no test is left out or run alone", () => {
    expect(sources.flatMap(({ file, focusedAt }) => focusedAt.map((line) => `${file}:${line}`))).toEqual([]);
  });
});

describe("documents", () => {
  const documents = filesBelow(".").filter((file) => file.endsWith(".md"));

  test.each(documents)("%s knows no machine", (file) => {
    const text = readText(file);
    expect(text.match(/(?:\/(?:home|Users|root)\/|[A-Z]:\\Users\\)\S*/g) ?? []).toEqual([]);
  });

  test.each(documents)("%s links to files that exist", (file) => {
    const targets = Array.from(
      readText(file).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g),
      (match) => match[1] ?? "",
    );
    const missing = targets.filter((target) => !existsSync(path.join(ROOT, path.dirname(file), target)));
    expect(missing).toEqual([]);
  });
});

describe("every published package", () => {
  test.each(published)("$directory says what it is", ({ manifest }) => {
    expect(manifest).toMatchObject({
      name: expect.stringMatching(/^(?:@yantra-lint\/[a-z-]+|yantra-lint|eslint-plugin-yantra)$/),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      description: expect.stringMatching(/\.$|\?$/),
      license: "Apache-2.0",
      type: "module",
      engines: { node: ">=20.19" },
      files: expect.any(Array),
      exports: expect.any(Object),
    });
  });

  test("all have one version", () => {
    expect(new Set(published.map(({ manifest }) => manifest.version)).size).toBe(1);
  });

  test.each(published.filter(({ directory }) => directory.startsWith("rules/")))(
    "$directory ships its rules' pages",
    ({ manifest }) => {
      expect(manifest.files).toContain("src/rules/*.md");
    },
  );
});
