/**
 * `pnpm demo`: builds the example repository, checks out its risky change and runs yantra-lint there as a user
 * would. It succeeds when the linter stops the change.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { buildExample } from "../../../test/examples/build-example.ts";
import { ROOT } from "./repository.ts";

const CHECKOUT = path.join(ROOT, ".demo/checkout");
const SARIF = path.join(ROOT, ".demo/checkout.sarif");
const ARGUMENTS = ["check", "--base", "main", "--format", "pretty", "--format", "sarif:../checkout.sarif"];

rmSync(path.join(ROOT, ".demo"), { recursive: true, force: true });
buildExample(CHECKOUT);
execFileSync("git", ["switch", "--quiet", "risky-change"], { cwd: CHECKOUT, stdio: "inherit" });

console.log("$ cd .demo/checkout && git switch risky-change");
console.log(`$ yantra-lint ${ARGUMENTS.join(" ")}\n`);
const bin = path.join(ROOT, "node_modules/.bin/yantra-lint");
const { status, error } = spawnSync(bin, ARGUMENTS, { cwd: CHECKOUT, stdio: "inherit" });
if (error) throw error;

console.log(`\nCI would see exit code ${status ?? "none"}.`);
if (status === 1 && existsSync(SARIF)) {
  console.log("What code scanning would show is in .demo/checkout.sarif.");
} else {
  console.error("The demo fails: the risky change must end with exit code 1 and a SARIF file.");
  process.exitCode = 1;
}
