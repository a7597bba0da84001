/**
 * `pnpm new-rule PACK NAME [--workspace]` makes a rule's three files and enters it in the generated lists. The new
 * rule reports nothing yet, and its test fails until it has cases.
 */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { nameProblem } from "./new-rule/names.ts";
import { templatesFor } from "./new-rule/templates.ts";
import { packNames, ROOT } from "./repository.ts";

/** What is wrong with the arguments, or undefined. */
function argumentProblem(
  pack: string | undefined,
  name: string | undefined,
  rest: readonly string[],
): string | undefined {
  if (!pack || !name || rest.length > 0) return "Usage: pnpm new-rule PACK NAME [--workspace]";
  if (!packNames().includes(pack)) return `There is no pack "${pack}"; there are ${packNames().join(", ")}.`;
  return nameProblem(name);
}

function refuse(problem: string): never {
  console.error(problem);
  process.exit(2);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { workspace: { type: "boolean", default: false } },
});
const [pack = "", name = "", ...rest] = positionals;
const problem = argumentProblem(pack, name, rest);
if (problem) refuse(problem);

const base = `rules/${pack}/src/rules/${name}`;
const files = Object.entries(templatesFor({ pack, name, workspace: values.workspace })).map(
  ([extension, text]) => ({
    path: `${base}${extension}`,
    text,
  }),
);
const present = files.filter((file) => existsSync(path.join(ROOT, file.path)));
if (present.length > 0)
  refuse(`${present.map((file) => file.path).join(", ")}: there already, and left as it is.`);

for (const file of files) {
  writeFileSync(path.join(ROOT, file.path), file.text);
  console.log(`wrote ${file.path}`);
}
execFileSync("pnpm", ["generate"], { cwd: ROOT, stdio: "inherit" });
console.log(`
To do, in this order:
  1. ${base}.test.ts: cases, valid ones first; it fails until then.
  2. ${base}.ts: the visitor or check, and \`meta\`: description, messages, severity.
  3. ${base}.md: the problem, what happens at 3 AM, both code blocks, sources.
Then \`pnpm generate\`, \`pnpm test\` and \`pnpm check\`.`);
