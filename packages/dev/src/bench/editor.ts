/**
 * Measures what an editor waits for: ESLint with the plugin lints one migration of 500 lines, at the end of a history,
 * again after each keystroke. Prints the median in milliseconds, the first runs (which read the history) aside.
 *
 * `tsx editor.ts DIRECTORY FILE`: the repository, and the migration in it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../repository.ts";

const WARM_UP = 5;
const RUNS = 25;

interface Linter {
  lintText(text: string, options: { filePath: string }): Promise<{ messages: unknown[] }[]>;
}

const [directory = "", file = ""] = process.argv.slice(2);
process.chdir(directory);
const plugin = path.join(ROOT, "packages/eslint-plugin");
const { ESLint } = createRequire(path.join(plugin, "package.json"))("eslint") as {
  ESLint: new (options: object) => Linter;
};
const entry = pathToFileURL(path.join(plugin, "dist/index.js")).href;
const { default: yantra } = (await import(entry)) as { default: { configs: { recommended: unknown } } };
const eslint = new ESLint({
  cwd: directory,
  overrideConfigFile: true,
  overrideConfig: yantra.configs.recommended,
});
const text = readFileSync(path.join(directory, file), "utf8");
const times: number[] = [];
let findings = 0;
for (let run = 0; run < WARM_UP + RUNS; run += 1) {
  const start = performance.now();
  const [result] = await eslint.lintText(`${text}-- ${run}\n`, { filePath: path.join(directory, file) });
  if (run >= WARM_UP) times.push(performance.now() - start);
  findings = result?.messages.length ?? 0;
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({ median: times[Math.floor(times.length / 2)], findings }));
