/** `yantra-lint init`: writes what is missing, changes an ESLint configuration with care, and never overwrites. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { folder, yantra } from "./support/program.ts";

const read = (cwd: string, name: string): string => fs.readFileSync(path.join(cwd, name), "utf8");

describe("init", () => {
  it("writes configuration, ESLint entry and workflow, and a second time nothing", () => {
    const cwd = folder({ "package.json": '{ "type": "module" }' });
    const first = yantra(["init"], { cwd });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(
      fs
        .readdirSync(cwd)
        .filter((name) => !name.startsWith(".cache"))
        .sort(),
    ).toEqual([".github", "eslint.config.js", "package.json", "yantra.config.yaml"]);
    const written = ["eslint.config.js", "yantra.config.yaml", ".github/workflows/yantra-lint.yaml"].map(
      (name) => read(cwd, name),
    );
    expect(written[2]).toContain("npx --yes yantra-lint@");
    const { jobs } = parse(written[2] ?? "") as {
      jobs: Record<
        string,
        { steps: { id?: string; run?: string }[]; outputs?: object; environment?: string }
      >;
    };
    expect(Object.keys(jobs)).toEqual(["judge", "release"]);
    expect(jobs["judge"]?.outputs).toEqual({ decision: "${{ steps.gate.outputs.decision }}" });
    expect(jobs["judge"]?.steps.find(({ id }) => id === "gate")?.run).toMatch(
      /gate yantra-lint\.sarif --environment production --github-reviews reviews\.json \\\n {2}\|\| \[ \$\? -eq 3 \]/,
    );
    expect(jobs["release"]?.environment).toContain("needs.judge.outputs.decision == 'deploy'");
    const second = yantra(["init"], { cwd });
    expect(second.stdout).toContain("stays as it is");
    expect(second.stdout).not.toContain("written");
    expect(
      ["eslint.config.js", "yantra.config.yaml", ".github/workflows/yantra-lint.yaml"].map((name) =>
        read(cwd, name),
      ),
    ).toEqual(written);
    expect(yantra([], { cwd })).toMatchObject({ code: 0, stderr: "" });
  });

  it("calls the entry .mjs in a CommonJS package", () => {
    const cwd = folder({ "package.json": "{}" });
    yantra(["init"], { cwd });
    expect(fs.existsSync(path.join(cwd, "eslint.config.mjs"))).toBe(true);
  });

  it.each([
    [
      "eslint.config.js",
      'import js from "@eslint/js";\n\nexport default [js.configs.recommended];\n',
      'import js from "@eslint/js";\nimport { withYantra } from "eslint-plugin-yantra";\n\nexport default withYantra([js.configs.recommended]);\n',
    ],
    [
      "eslint.config.mjs",
      "export default defineConfig({ rules: {} });\n",
      'import { withYantra } from "eslint-plugin-yantra";\nexport default withYantra(defineConfig({ rules: {} }));\n',
    ],
    [
      "eslint.config.cjs",
      "const a = [];\nmodule.exports = a;\n",
      'const a = [];\nmodule.exports = (async () => (await import("eslint-plugin-yantra")).withYantra(a))();\n',
    ],
    [
      "eslint.config.ts",
      "\uFEFFexport default [];\r\n",
      '\uFEFFimport { withYantra } from "eslint-plugin-yantra";\r\nexport default withYantra([]);\r\n',
    ],
  ])("wraps the export of %s", (name, before, after) => {
    const cwd = folder({ [name]: before });
    expect(yantra(["init"], { cwd }).stdout).toContain(`${name} changed`);
    expect(read(cwd, name)).toBe(after);
  });

  it.each(["export default () => [];\n", Buffer.from("export default [/* f\u00fcr */];\n", "latin1")])(
    "leaves alone what it does not understand, and says what to write: %s",
    (text) => {
      const cwd = folder({ "eslint.config.js": text });
      expect(yantra(["init"], { cwd }).stdout).toContain("wrap it yourself");
      expect(fs.readFileSync(path.join(cwd, "eslint.config.js"))).toEqual(Buffer.from(text));
    },
  );
});
