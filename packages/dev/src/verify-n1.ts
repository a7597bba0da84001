/**
 * `pnpm verify-n1 [DIR [BASE [HEAD]]]`: runs the base's migrations on embedded PostgreSQL, has it prepare each query
 * of the base before and after each migration that the head adds, and prints its answer beside ours: `=` both take
 * it, `x` both refuse it, `!` they differ, `-` the server refuses it at the base already. Ends with 1 when they differ
 * or nothing was compared. BASE is `main`, HEAD the commit that is checked out. Without DIR: the example shop, each of
 * its branches against main.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { BRANCHES, buildExample } from "../../../test/examples/build-example.ts";
import { compare, type Pair } from "./n1.ts";

function markOf({ server, ours }: Pair): string {
  if ((server === undefined) !== (ours === undefined)) return "!";
  return server === undefined ? "=" : "x";
}

/** Prints a comparison; gives how many pairs there are, and how many differ. */
async function verify(
  directory: string,
  base: string,
  head: string,
): Promise<{ pairs: number; wrong: number }> {
  console.log(`${base} … ${head}`);
  const { pairs, left, failed } = await compare(directory, base, head);
  for (const { path: file, why } of failed) console.log(`  ${file} did not run: ${why}`);
  for (const { query, why } of left) {
    console.log(`  - ${query.location.path}:${query.location.startLine} at ${base}: ${why}`);
  }
  for (const pair of pairs) {
    const { query, migration, server, ours } = pair;
    const place = `${query.location.path}:${query.location.startLine}`;
    console.log(`  ${markOf(pair)} ${place} after ${migration}`);
    if (server !== undefined || ours !== undefined)
      console.log(`      PostgreSQL: ${server ?? "takes it"}; we: ${ours ?? "take it"}`);
  }
  return { pairs: pairs.length, wrong: pairs.filter((pair) => markOf(pair) === "!").length };
}

const { positionals } = parseArgs({ allowPositionals: true });
const [given, base = "main", head = "HEAD"] = positionals;
const made = given === undefined ? mkdtempSync(path.join(tmpdir(), "yantra-n1-")) : undefined;
const directory = given === undefined ? path.join(made ?? "", "shop") : path.resolve(given);
try {
  if (made !== undefined) buildExample(directory);
  let pairs = 0;
  let wrong = 0;
  for (const branch of made === undefined ? [head] : Object.keys(BRANCHES)) {
    const found = await verify(directory, base, branch);
    pairs += found.pairs;
    wrong += found.wrong;
  }
  console.log(`${pairs} pairs of a query and a migration, ${wrong} answers differ.`);
  if (wrong > 0 || pairs === 0) process.exitCode = 1;
} finally {
  if (made !== undefined) rmSync(made, { recursive: true });
}
