/** All published packages, packed and installed together into an empty folder, give a working `npx yantra-lint`. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { workspacePackages } from "../packages/dev/src/repository.ts";
import { folder, ROOT } from "./support/program.ts";

it("works from its tarballs", { timeout: 300_000 }, () => {
  const tarballs = folder();
  for (const { directory } of workspacePackages().filter(({ published }) => published)) {
    execFileSync("pnpm", ["pack", "--pack-destination", tarballs], {
      cwd: path.join(ROOT, directory),
      stdio: "pipe",
    });
  }
  const files = fs.readdirSync(tarballs).map((name) => path.join(tarballs, name));
  expect(files.length).toBeGreaterThan(7);

  const cwd = folder({
    "package.json": "{}",
    "migrations/0001_drop.sql": "ALTER TABLE orders DROP COLUMN note;\n",
    "deploy/api.yaml":
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { template: { spec: { containers: [{ name: api, image: api }] } } }\n",
    "src/a.ts": "// @yantra-rsik high -- moves money\nexport const a: number = 1;\n",
    "eslint.config.mjs":
      'import yantra from "eslint-plugin-yantra";\nexport default yantra.configs.recommended;\n',
  });
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", "eslint@10", ...files], {
    cwd,
    stdio: "pipe",
  });
  const run = (...args: string[]): { code: number; stdout: string } => {
    try {
      return {
        code: 0,
        stdout: execFileSync("npx", ["--no-install", ...args], { cwd, encoding: "utf8", stdio: "pipe" }),
      };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, stdout };
    }
  };
  const { code, stdout } = run("yantra-lint", "--format", "json");
  expect(code).toBe(1);
  const found = (JSON.parse(stdout) as { findings: { ruleId: string }[] }).findings.map(
    ({ ruleId }) => ruleId,
  );
  expect(found).toEqual([
    "yantra/kubernetes/no-mutable-image",
    "yantra/sql/no-drop-column",
    "yantra/code/valid-annotation",
  ]);
  expect(run("yantra-lint", "explain", "no-drop-column").stdout).toContain("# yantra/sql/no-drop-column");
  const eslint = run("eslint", "--format", "json", ".");
  const told = (JSON.parse(eslint.stdout) as { messages: { ruleId: string }[] }[]).flatMap(({ messages }) =>
    messages.map(({ ruleId }) => ruleId),
  );
  expect(told.toSorted()).toEqual(found.toSorted());
});
