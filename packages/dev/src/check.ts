/**
 * `pnpm check`: everything that is asked of the repository besides its tests. All checks run, whatever the others
 * say; the exit code is 1 when one fails.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { filesBelow, readJsonObject, workspacePackages } from "./repository.ts";
import { run } from "./run.ts";
import { schemaProblems } from "./schemas.ts";

interface Verdict {
  code: number;
  output: string;
}

interface Check {
  name: string;
  run(): Promise<Verdict>;
}

function schemas(): Verdict {
  const problems = filesBelow("schemas")
    .filter((file) => file.endsWith(".schema.json"))
    .flatMap((file) => schemaProblems(readJsonObject(file)).map((problem) => `${file}: ${problem}`));
  return { code: problems.length > 0 ? 1 : 0, output: problems.join("\n") };
}

/** Test files and their helpers, by their names. They have no business in a published package. */
const TEST_FILE = /(?:\.(?:test|fixture)|\/testing)\.(?:js|d\.ts)/;

/** The files of a packed package that `pnpm pack --json` lists. */
function packedFiles(json: string): string[] {
  const packed: unknown = JSON.parse(json);
  if (typeof packed !== "object" || packed === null || !("files" in packed) || !Array.isArray(packed.files))
    return [];
  const files: readonly unknown[] = packed.files;
  return files.flatMap((file) =>
    typeof file === "object" && file !== null && "path" in file ? [String(file.path)] : [],
  );
}

/** Packs a package as it would be published and has the tarball judged. */
async function judgePacked(directory: string, hasTypes: boolean): Promise<Verdict> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "yantra-pack-"));
  try {
    const packed = await run("pnpm", ["--dir", directory, "pack", "--json", "--pack-destination", folder]);
    const [tarball] = (await readdir(folder)).map((name) => path.join(folder, name));
    if (packed.code !== 0 || tarball === undefined) return { code: 1, output: packed.output };
    const files = packedFiles(packed.stdout);
    if (files.length === 0) return { code: 1, output: `The package is empty.\n${packed.output}` };
    const strangers = files
      .filter((file) => TEST_FILE.test(file))
      .map((file) => `${file} must not be published.`);
    const verdicts = [
      { code: strangers.length, output: strangers.join("\n") },
      await run("publint", ["run", tarball, "--strict"]),
    ];
    // Schemas are nothing but JSON: there are no types to be wrong.
    if (hasTypes) {
      const args = [tarball, "--profile", "esm-only", "--no-definitely-typed", "--format", "ascii"];
      verdicts.push(await run("attw", args));
    }
    const bad = verdicts.filter(({ code }) => code !== 0);
    return { code: bad.length, output: bad.map(({ output }) => output).join("\n") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const checks: Check[] = [
  { name: "eslint", run: () => run("eslint", ["--max-warnings", "0", "."]) },
  { name: "types", run: () => run("tsc", ["-p", "tsconfig.checks.json"]) },
  { name: "prettier", run: () => run("prettier", ["--check", "--log-level", "warn", "."]) },
  { name: "generated files", run: () => run("tsx", ["packages/dev/src/generate.ts", "--check"]) },
  { name: "laws", run: () => run("vitest", ["run", "test/laws.test.ts"]) },
  { name: "schemas", run: () => Promise.resolve(schemas()) },
  // What the project itself holds, against PostgreSQL; on other histories: pnpm verify-… DIR.
  ...["catalog", "locks", "rollback"].map((what) => ({
    name: `${what} of the example`,
    run: () => run("tsx", [`packages/dev/src/verify-${what}.ts`, "test/examples/checkout/main"]),
  })),
  { name: "queries of the example", run: () => run("tsx", ["packages/dev/src/verify-n1.ts"]) },
  { name: "knip", run: () => run("knip", ["--no-progress"]) },
  ...workspacePackages()
    .filter(({ published }) => published)
    .map(({ name, directory }) => ({
      name: `package ${name}`,
      run: () => judgePacked(directory, directory !== "schemas"),
    })),
];

/** The longest ones first; as many at once as there are processors, as most of them keep only one busy. */
const pending = [...checks];
let failed = 0;

async function work(): Promise<void> {
  for (let check = pending.shift(); check; check = pending.shift()) {
    const start = performance.now();
    const { code, output } = await check.run();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok  " : "FAIL"} ${check.name} (${seconds} s)`);
    if (code === 0) continue;
    failed += 1;
    console.log(output.trimEnd().replaceAll(/^/gm, "     "));
  }
}

await Promise.all(Array.from({ length: os.availableParallelism() }, work));
console.log(`\n${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
