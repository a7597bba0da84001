/** Threads: the same results as without, and a thread that dies names its file and costs no other. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { knownRules, resolveRules, run, type RunResult } from "@yantra-lint/workspace";
import { folder, ROOT } from "./support/program.ts";

const PACKS = pathToFileURL(path.join(ROOT, "packages/cli/dist/packs.js")).href;
const DYING = pathToFileURL(path.join(ROOT, "test/support/dying-packs.js")).href;

async function lint(root: string, packsModule: string, jobs: number): Promise<RunResult> {
  const { packs } = (await import(packsModule)) as Parameters<typeof run>[0];
  return await run({
    root,
    packs,
    packsModule,
    config: {
      preset: "recommended",
      rules: {},
      ignore: [],
      settings: { external: {}, services: [], migrations: [] },
      unsuppressible: [],
      risk: {},
      policy: {},
    },
    rules: resolveRules(knownRules(packs), "recommended", {}),
    named: new Set(),
    jobs,
    toolVersion: "test",
    worthThreads: 0,
  });
}

const migrations = (folderName: string, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `${folderName}/migrations/${String(n).padStart(4, "0")}_x.sql`,
      n % 2 === 0 ? `CREATE TABLE t${n} (a int);\n` : `ALTER TABLE t${n - 1} ALTER COLUMN a SET NOT NULL;\n`,
    ]),
  );

describe("threads", () => {
  it("give what one thread gives, streams kept whole", async () => {
    const root = folder({
      ...migrations("a", 20),
      ...migrations("b", 20),
      "deploy/web.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: web }] }\n",
      "src/a.ts": "// @yantra-rsik high -- x\n",
    });
    const [one, two] = [await lint(root, PACKS, 1), await lint(root, PACKS, 2)];
    expect(one.findings.length).toBeGreaterThan(20);
    // What reads modules is a function, and reads nothing before it is asked.
    expect({ ...two, modules: undefined }).toEqual({ ...one, modules: undefined });
  });

  it("that die name their file; the others are checked", async () => {
    const root = folder({
      "deploy/a.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: a }] }\n",
      "deploy/b.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: die-here }\n",
      ...migrations("m", 4),
    });
    const result = await lint(root, DYING, 2);
    expect(result.crashes.map(({ path: file }) => file)).toEqual(["deploy/b.yaml"]);
    expect(result.facts.some((fact) => fact.type === "resource" && fact.name === "a")).toBe(true);
    expect(result.findings).toHaveLength(2);
  });
});
