/** SARIF of a pull request: findings outside of the diff stand at the changed line that causes them. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { complaintsAbout } from "../packages/sarif/src/multitool.fixture.ts";
import { folder, yantra } from "./support/program.ts";

interface Place {
  physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
}

interface Result {
  message: { text: string };
  locations: Place[];
  relatedLocations?: Place[];
  partialFingerprints: Record<string, string>;
}

function git(cwd: string, ...args: string[]): void {
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd,
    stdio: "ignore",
  });
}

const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop-settings\ndata: { a: b }\n";
const JOB =
  'apiVersion: batch/v1\nkind: Job\nmetadata: { name: j }\nspec: { template: { spec: { containers: [{ name: j, image: "shop:1.0.0", envFrom: [{ configMapRef: { name: shop-settings } }] }] } } }\n';

function results(cwd: string, env: NodeJS.ProcessEnv) {
  const { stdout } = yantra(["--no-cache", "--base", "main", "--format", "sarif"], { cwd, env });
  const { runs } = JSON.parse(stdout) as { runs: { results: Result[] }[] };
  return { stdout, results: runs.flatMap((run) => run.results) };
}

function told({ physicalLocation: { artifactLocation, region } }: Place): string {
  return `${artifactLocation.uri}:${region.startLine}`;
}

it("anchors a finding to the edit in another file that brought it about", () => {
  const cwd = folder({ "deploy/config.yaml": CONFIG, "deploy/job.yaml": JOB, "deploy/other.yaml": "a: 1\n" });
  git(cwd, "init", "--quiet", "--initial-branch=main");
  git(cwd, "add", "--all");
  git(cwd, "commit", "--quiet", "--message=x");
  git(cwd, "checkout", "--quiet", "-b", "change");
  fs.writeFileSync(path.join(cwd, "deploy/config.yaml"), CONFIG.replace("shop-settings", "shop-setting"));
  fs.writeFileSync(path.join(cwd, "deploy/other.yaml"), "a: 2\n");
  git(cwd, "commit", "--quiet", "--all", "--message=y");

  const local = results(cwd, {}).results;
  expect(local.map(({ locations }) => locations.map(told))).toEqual([["deploy/job.yaml:4"]]);

  const { stdout, results: anchored } = results(cwd, { GITHUB_BASE_REF: "main" });
  const [first] = anchored;
  expect(anchored).toHaveLength(1);
  expect(first?.locations.map(told)).toEqual(["deploy/config.yaml:4"]);
  expect(first?.relatedLocations?.map(told)[0]).toBe("deploy/job.yaml:4");
  expect(first?.message.text).toMatch(/\]\(1\)/);
  // The alert is the same one, wherever it is shown.
  expect(first?.partialFingerprints).toEqual(local[0]?.partialFingerprints);
  expect(complaintsAbout(stdout)).toEqual([]);
});
