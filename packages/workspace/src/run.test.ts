import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ResultCache } from "./cache.ts";
import { defaultConfig } from "./config.ts";
import { fakePack, packs } from "./fake-pack.fixture.ts";
import { reduce } from "./reduce.ts";
import { knownRules, resolveRules, type RuleSetting } from "./rules.ts";
import { run, type RunResult } from "./run.ts";

const made: string[] = [];

function repository(files: Record<string, string>): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-run-")));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

afterEach(() => {
  for (const root of made.splice(0)) fs.rmSync(root, { recursive: true, force: true });
});

const known = knownRules(packs);

async function lint(
  root: string,
  options: {
    rules?: Record<string, RuleSetting>;
    cache?: ResultCache;
    jobs?: number;
    ignore?: string[];
  } = {},
): Promise<RunResult> {
  const config = { ...defaultConfig(), ignore: options.ignore ?? [] };
  return await run({
    root,
    packs,
    packsModule: new URL("./fake-pack.fixture.ts", import.meta.url).href,
    config,
    rules: resolveRules(known, "recommended", options.rules ?? {}),
    named: new Set(),
    jobs: options.jobs ?? 1,
    toolVersion: "test",
    ...(options.cache ? { cache: options.cache } : {}),
  });
}

const LIMIT: Record<string, RuleSetting> = {
  "yantra/toy/no-bad-line": { severity: "error", options: [{ limit: 10 }] },
};

function told(result: RunResult): string[] {
  return result.findings.map(
    ({ path: file, startLine, startColumn, endColumn, message }) =>
      `${file}:${startLine}:${startColumn}-${endColumn} ${message}`,
  );
}

describe("run", () => {
  it("finds, with exact places, and leaves alone what is not a pack's", async () => {
    const root = repository({
      "a.toy": "good 1\nbad 2\n",
      "b.txt": "bad 1\n",
      "c.toy": "#not ours\nbad 1\n",
    });
    const result = await lint(root);
    expect(told(result)).toEqual(["a.toy:2:1-4 Line 2 is bad."]);
    expect([...result.kinds.keys()]).toEqual(["a.toy"]);
    expect(result.findings[0]).toMatchObject({
      ruleId: "yantra/toy/no-bad-line",
      level: "error",
      messageId: "bad",
    });
  });

  it("folds a stream in its order, numbers as numbers", async () => {
    const root = repository({ "10-c.toy": "x 1", "2-b.toy": "x 9", "1-a.toy": "x 2" });
    expect(told(await lint(root, { rules: LIMIT }))).toEqual(["10-c.toy:1:1-1 The sum before is 11."]);
  });

  it("says where a parser gave up, and goes on", async () => {
    const root = repository({ "a.toy": "x\n ?", "b.toy": "bad" });
    const result = await lint(root);
    expect(told(result)).toEqual([
      "a.toy:2:2-2 The file cannot be parsed, so nothing in it was checked: a question mark.",
      "b.toy:1:1-4 Line 1 is bad.",
    ]);
  });

  it("names the file a rule broke on, and checks the others", async () => {
    const root = repository({ "a.toy": "boom", "b.toy": "bad" });
    const result = await lint(root);
    expect(result.crashes).toMatchObject([{ path: "a.toy" }]);
    expect(result.crashes[0]?.message).toContain("the rule broke");
    expect(told(result)).toEqual(["b.toy:1:1-4 Line 1 is bad."]);
  });

  it("leaves out what the configuration ignores", async () => {
    const root = repository({ "a.toy": "bad", "generated/b.toy": "bad" });
    expect(told(await lint(root, { ignore: ["generated/**"] }))).toEqual(["a.toy:1:1-4 Line 1 is bad."]);
  });

  it("reads no file through a link, and tells of invalid UTF-8", async () => {
    const root = repository({ "a.toy": "good" });
    fs.symlinkSync("a.toy", path.join(root, "b.toy"));
    fs.symlinkSync("nowhere.toy", path.join(root, "c.toy"));
    fs.writeFileSync(path.join(root, "d.toy"), Buffer.from([0x62, 0xff, 0x64]));
    fs.mkdirSync(path.join(root, "e.toy"));
    const result = await lint(root);
    expect([...result.kinds.keys()].sort()).toEqual(["a.toy", "d.toy"]);
    expect(result.notices).toMatchObject([{ id: "invalid-utf8", path: "d.toy" }]);
  });

  it("gives a notice instead of parsing a file beyond the limit", async () => {
    const root = repository({ "a.toy": "x".repeat(5 * 1024 * 1024) });
    const result = await lint(root);
    expect(result.notices).toMatchObject([{ id: "file-too-large", path: "a.toy" }]);
    expect(result.kinds.size).toBe(0);
  });
});

describe("the cache", () => {
  const files = { "1-a.toy": "x 2", "2-b.toy": "x 9", "3-c.toy": "bad 1", "z.toy": "bad" };

  async function twice(
    change: (root: string) => void,
  ): Promise<{ first: RunResult; second: RunResult; cold: RunResult }> {
    const root = repository(files);
    const file = path.join(root, "cache.json");
    const run1 = ResultCache.open(file, "test");
    const first = await lint(root, { rules: LIMIT, cache: run1 });
    run1.save();
    change(root);
    const second = await lint(root, { rules: LIMIT, cache: ResultCache.open(file, "test") });
    return { first, second, cold: await lint(root, { rules: LIMIT }) };
  }

  it("answers for all files when nothing changed, with the same findings", async () => {
    const { first, second } = await twice(() => undefined);
    expect([first.cached, second.cached]).toEqual([0, 4]);
    expect(second.findings).toEqual(first.findings);
    expect(second.facts).toEqual(first.facts);
  });

  it("tells files with the same text apart", async () => {
    const root = repository({ "a/x.toy": "x 1", "b/x.toy": "x 1" });
    const file = path.join(root, "cache.json");
    for (const pass of [1, 2]) {
      const cache = ResultCache.open(file, "test");
      const { facts, cached } = await lint(root, { cache });
      cache.save();
      expect(facts).toMatchObject([{ directory: "a/" }, { directory: "b/" }]);
      expect(cached).toBe(pass === 1 ? 0 : 2);
    }
  });

  it("forgets the files of a stream from the changed one on", async () => {
    const { second, cold } = await twice((root) => {
      fs.writeFileSync(path.join(root, "2-b.toy"), "x 5");
    });
    expect(second.cached).toBe(2);
    expect(told(second)).toEqual(["3-c.toy:1:1-4 Line 1 is bad.", "z.toy:1:1-4 Line 1 is bad."]);
    expect(second.findings).toEqual(cold.findings);
  });

  it("uses what it knows of earlier files to fold a new last one", async () => {
    const { second, cold } = await twice((root) => {
      fs.writeFileSync(path.join(root, "4-d.toy"), "x");
    });
    expect(second.cached).toBe(4);
    expect(second.findings).toEqual(cold.findings);
    expect(told(second)).toContain("4-d.toy:1:1-1 The sum before is 12.");
  });

  it("drops what another build of the tool has stored, which nobody asks for again", async () => {
    const root = repository(files);
    const file = path.join(root, "cache.json");
    const before = ResultCache.open(file, "before");
    await lint(root, { cache: before });
    before.save();
    const now = ResultCache.open(file, "now");
    expect(now.isEmpty).toBe(true);
    now.save();
    expect(ResultCache.open(file, "before").isEmpty).toBe(false);
  });

  it("keeps texts of all scripts", () => {
    const file = path.join(repository({}), "cache.json");
    const place = { path: "", startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };
    const message = '\u2026 \u00e9 \u{1f600} \u2028 \ud800 \\u0041 "';
    const result = {
      facts: [],
      findings: [{ ruleId: "r", messageId: "m", level: "error" as const, message, ...place }],
    };
    const cache = ResultCache.open(file, "test");
    cache.set("key", result);
    cache.save();
    expect(ResultCache.open(file, "test").get("key")).toEqual(result);
  });

  it.each([
    "",
    "{",
    '{"format":2,"tool":"test","generation":1,"entries":{"x":null}}',
    '{"format":99}',
    "null",
  ])("takes %j for no cache", async (content) => {
    const root = repository({ "a.toy": "bad" });
    const file = path.join(root, "cache.json");
    fs.writeFileSync(file, content);
    const cache = ResultCache.open(file, "test");
    const result = await lint(root, { cache });
    expect(told(result)).toEqual(["a.toy:1:1-4 Line 1 is bad."]);
    cache.save();
    expect((await lint(root, { cache: ResultCache.open(file, "test") })).cached).toBe(1);
  });
});

describe("reduce", () => {
  it("adds workspace findings at their severity", async () => {
    const root = repository({ "a.toy": "x 7" });
    const result = await lint(root);
    const rules = resolveRules(known, "recommended", {});
    const input = {
      packs: [fakePack],
      known,
      rules,
      settings: defaultConfig().settings,
      unsuppressible: [],
      today: "2026-01-01",
    };
    expect(reduce({ ...input, ...result })).toMatchObject([
      { ruleId: "yantra/toy/no-lonely-file", level: "warning", message: "sum 7 is alone.", path: "a.toy" },
    ]);
  });
});
