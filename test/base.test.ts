/** A change against its base: what is new, what was there, what is gone; and how the base is found. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { folder, type JsonReport, yantra } from "./support/program.ts";

const DROP = "ALTER TABLE orders DROP COLUMN note;\n";

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

function write(cwd: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    fs.writeFileSync(path.join(cwd, name), text);
  }
}

function commit(cwd: string, files: Readonly<Record<string, string>> = {}): void {
  write(cwd, files);
  git(cwd, "add", "--all");
  git(cwd, "commit", "--quiet", "--allow-empty", "--message=x");
}

/** Where a test edits a migration only to have a changed file. */
const EDITABLE = { "yantra.config.yaml": "rules: { sql/no-edited-migration: off }\n" };

/** A repository whose branch main has these files, and a branch `change` that is checked out. */
function repository(files: Readonly<Record<string, string>>): string {
  const cwd = folder();
  git(cwd, "init", "--quiet", "--initial-branch=main");
  commit(cwd, files);
  git(cwd, "checkout", "--quiet", "-b", "change");
  return cwd;
}

function check(cwd: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = yantra(["--format", "json", "--no-cache", ...args], {
    cwd,
    env,
  });
  const report =
    stdout === ""
      ? undefined
      : (JSON.parse(stdout) as JsonReport & { fixed: JsonReport["findings"]; base?: { how: string } });
  const told = (list: readonly (JsonReport["findings"][number] & { state?: string })[] = []) =>
    list.map(({ path: file, startLine, state }) => `${state} ${file}:${startLine}`);
  return {
    code,
    stderr,
    findings: told(report?.findings),
    fixed: told(report?.fixed),
    how: report?.base?.how,
  };
}

describe("states", () => {
  it("tells new, existing and fixed findings apart, and only new ones fail", () => {
    const cwd = repository({
      ...EDITABLE,
      "migrations/0001_a.sql": DROP,
      "migrations/0002_b.sql": DROP.replace("note", "gone"),
    });
    commit(cwd, {
      "migrations/0002_b.sql": "SELECT 1;\n",
      "migrations/0003_c.sql": DROP.replace("note", "tip"),
    });
    expect(check(cwd)).toMatchObject({
      code: 1,
      findings: ["existing migrations/0001_a.sql:1", "new migrations/0003_c.sql:1"],
      fixed: ["fixed migrations/0002_b.sql:1"],
    });
    git(cwd, "rm", "--quiet", "migrations/0003_c.sql");
    expect(check(cwd)).toMatchObject({ code: 0, findings: ["existing migrations/0001_a.sql:1"] });
  });

  it("tells nothing new of what the change leaves alone, though its releases are judged by other rules then", () => {
    const cwd = repository({
      "migrations/0001_a.sql": "CREATE TABLE t (id int, a int);\nCREATE TABLE w (a int);\n",
      "migrations/0002_b.sql":
        "ALTER TABLE t ADD COLUMN b int;\nUPDATE t SET b = a;\nALTER TABLE t DROP COLUMN a;\n",
      "migrations/0003_c.sql": "UPDATE t SET b = 0;\nALTER TABLE t ADD CHECK (b >= 0) NOT VALID;\n",
      "migrations/0004_d.sql": "ALTER TABLE w ALTER COLUMN a SET NOT NULL;\n",
      "src/db.ts":
        'import { db } from "./pool";\nexport const put = () => db.query("INSERT INTO w DEFAULT VALUES");\n',
    });
    commit(cwd, { "migrations/0005_e.sql": "CREATE TABLE u (id int);\n" });
    const { code, findings, fixed } = check(cwd);
    expect(findings.filter((line) => !line.startsWith("existing "))).toEqual([]);
    expect(findings.length).toBeGreaterThan(2);
    expect({ code, fixed }).toEqual({ code: 0, fixed: [] });
  });

  it("knows a finding again when its lines moved and its file was renamed", () => {
    const cwd = repository({ ...EDITABLE, "migrations/0001_a.sql": DROP });
    git(cwd, "mv", "migrations/0001_a.sql", "migrations/0005_a.sql");
    commit(cwd, { "migrations/0005_a.sql": `-- moved\n\nSELECT 1;\n${DROP}` });
    expect(check(cwd)).toMatchObject({ code: 0, findings: ["existing migrations/0005_a.sql:4"], fixed: [] });
  });

  it("counts a second, equal finding as new", () => {
    const cwd = repository({ "migrations/0001_a.sql": DROP });
    commit(cwd, { "migrations/0002_b.sql": DROP });
    expect(
      check(cwd)
        .findings.map((line) => line.split(" ")[0])
        .sort(),
    ).toEqual(["existing", "new"]);
  });

  it("takes uncommitted work for a part of the change: edited, staged and new files", () => {
    const cwd = repository({ ...EDITABLE, "migrations/0001_a.sql": "SELECT 1;\n" });
    write(cwd, { "migrations/0001_a.sql": DROP, "migrations/0002_b.sql": DROP.replace("note", "b") });
    write(cwd, { "migrations/0003_c.sql": DROP.replace("note", "c") });
    git(cwd, "add", "migrations/0003_c.sql");
    expect(check(cwd).findings).toEqual([
      "new migrations/0001_a.sql:1",
      "new migrations/0002_b.sql:1",
      "new migrations/0003_c.sql:1",
    ]);
  });

  it("calls a finding new whose suppression was taken away", () => {
    const comment = "-- eslint-disable-next-line yantra/sql/no-drop-column -- never deployed\n";
    const cwd = repository({ "migrations/0001_a.sql": comment + DROP });
    commit(cwd, { "migrations/0001_a.sql": DROP });
    expect(check(cwd)).toMatchObject({ code: 1, findings: ["new migrations/0001_a.sql:1"] });
  });

  it("sees what a change does to a file it does not touch", () => {
    const service =
      "apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec:\n  selector: { app: shop }\n  ports: [{ port: 80 }]\n";
    const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: shop-settings }\ndata: { a: b }\n";
    const pod = (name: string) =>
      `apiVersion: batch/v1\nkind: Job\nmetadata: { name: j }\nspec: { template: { metadata: { labels: { app: shop } }, spec: { containers: [{ name: j, image: "shop:1.0.0", envFrom: [{ configMapRef: { name: ${name} } }] }] } } }\n`;
    const cwd = repository({
      "deploy/service.yaml": service,
      "deploy/config.yaml": config,
      "deploy/job.yaml": pod("shop-settings"),
    });
    expect(check(cwd).findings).toEqual([]);
    commit(cwd, { "deploy/config.yaml": config.replace("shop-settings", "shop-setting") });
    expect(check(cwd)).toMatchObject({ code: 1, findings: ["new deploy/job.yaml:4"] });
  });

  it("knows that migrations which it adds ship together", () => {
    const cwd = repository({
      "migrations/0001_users.sql": "CREATE TABLE users (id int PRIMARY KEY, name text);\n",
    });
    commit(cwd, {
      "migrations/0002_orders.sql": "CREATE TABLE orders (id int, note text);\n",
      "migrations/0003_index.sql":
        "CREATE INDEX ON orders (id);\nALTER TABLE orders RENAME COLUMN note TO remark;\nALTER TABLE users RENAME COLUMN name TO title;\n",
    });
    expect(check(cwd).findings).toEqual(["new migrations/0003_index.sql:3"]);
    expect(check(cwd, ["--no-base"]).findings).toHaveLength(3);
  });

  it("tells once of a drop what it does to the release that ships and to the one that runs", () => {
    const cwd = repository({ "migrations/0001_users.sql": "CREATE TABLE users (id int, name text);\n" });
    commit(cwd, {
      "migrations/0002_title.sql":
        "ALTER TABLE users ADD COLUMN title text;\nUPDATE users SET title = name;\n",
      "migrations/0003_name.sql": "ALTER TABLE users DROP COLUMN name;\n",
    });
    const { findings: told } = JSON.parse(
      yantra(["--format", "json", "--no-cache"], { cwd }).stdout,
    ) as JsonReport;
    expect(told.map(({ ruleId }) => ruleId)).toEqual([
      "yantra/sql/no-unbatched-backfill",
      "yantra/sql/no-drop-in-same-release",
    ]);
  });

  it("works where the configuration lies in a folder of the repository", () => {
    const cwd = repository({
      "app/yantra.config.yaml": "preset: recommended\n",
      "app/migrations/0001_a.sql": DROP,
    });
    commit(cwd, {
      "app/migrations/0002_b.sql": DROP.replace("note", "b"),
      "other/migrations/0001_c.sql": DROP,
    });
    expect(check(path.join(cwd, "app")).findings).toEqual([
      "existing migrations/0001_a.sql:1",
      "new migrations/0002_b.sql:1",
    ]);
  });
});

describe("the base", () => {
  it("is what --base names, from where the change branched off", () => {
    const cwd = repository({ "migrations/0001_a.sql": DROP });
    commit(cwd, { "migrations/0002_b.sql": DROP.replace("note", "b") });
    git(cwd, "tag", "later");
    commit(cwd, { "migrations/0003_c.sql": DROP.replace("note", "c") });
    git(cwd, "checkout", "--quiet", "main");
    commit(cwd, { "migrations/0009_z.sql": DROP.replace("note", "z") });
    git(cwd, "checkout", "--quiet", "change");
    expect(check(cwd, ["--base", "later"]).findings.filter((line) => line.startsWith("new"))).toEqual([
      "new migrations/0003_c.sql:1",
    ]);
    const { findings, fixed } = check(cwd, ["--base", "main"]);
    expect(findings.filter((line) => line.startsWith("new"))).toEqual([
      "new migrations/0002_b.sql:1",
      "new migrations/0003_c.sql:1",
    ]);
    expect(fixed).toEqual([]);
  });

  it.each([
    [{ GITHUB_BASE_REF: "target" }, "GITHUB_BASE_REF=target"],
    [{ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "target" }, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=target"],
    [
      { SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/target" },
      "SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/target",
    ],
    [{ BITBUCKET_PR_DESTINATION_BRANCH: "target" }, "BITBUCKET_PR_DESTINATION_BRANCH=target"],
    [{ CHANGE_TARGET: "target" }, "CHANGE_TARGET=target"],
  ])("is the target branch that CI names: %j", (env, how) => {
    const cwd = repository({});
    commit(cwd, { "migrations/0001_a.sql": DROP });
    git(cwd, "branch", "target");
    commit(cwd, { "migrations/0002_b.sql": DROP.replace("note", "b") });
    expect(check(cwd, [], env)).toMatchObject({
      how,
      findings: ["existing migrations/0001_a.sql:1", "new migrations/0002_b.sql:1"],
    });
  });

  it("is the commit before the push, on a push to the default branch", () => {
    const cwd = repository({ "migrations/0001_a.sql": DROP });
    git(cwd, "checkout", "--quiet", "main");
    const before = git(cwd, "rev-parse", "HEAD");
    commit(cwd, { "migrations/0002_b.sql": DROP.replace("note", "b") });
    const event = path.join(folder({ "event.json": JSON.stringify({ before }) }), "event.json");
    for (const env of [
      { GITHUB_EVENT_NAME: "push", GITHUB_EVENT_PATH: event },
      { CI_COMMIT_BEFORE_SHA: before },
    ]) {
      expect(check(cwd, [], env)).toMatchObject({
        code: 1,
        findings: ["existing migrations/0001_a.sql:1", "new migrations/0002_b.sql:1"],
      });
    }
  });

  it("is the default branch on a push to another branch: an earlier push is a part of the change too", () => {
    const cwd = repository({});
    commit(cwd, { "migrations/0001_a.sql": DROP });
    const before = git(cwd, "rev-parse", "HEAD");
    commit(cwd, { "migrations/0002_b.sql": DROP.replace("note", "b") });
    expect(check(cwd, [], { CI_COMMIT_BEFORE_SHA: before })).toMatchObject({
      how: "the default branch, main",
      findings: ["new migrations/0001_a.sql:1", "new migrations/0002_b.sql:1"],
    });
  });

  it("is nothing without git, before the first commit, and with --no-base: everything is new", () => {
    const files = { "migrations/0001_a.sql": DROP };
    const plain = check(folder(files));
    const unborn = folder(files);
    git(unborn, "init", "--quiet");
    const asked = check(repository(files), ["--no-base"]);
    for (const result of [plain, check(unborn), asked]) {
      expect(result).toMatchObject({ code: 1, how: undefined, findings: ["new migrations/0001_a.sql:1"] });
    }
  });

  it("is told in one line when it cannot be had", () => {
    const cwd = repository({ "migrations/0001_a.sql": DROP });
    expect(check(cwd, ["--base=-x"])).toMatchObject({
      code: 2,
      stderr: "yantra-lint: -x is no revision: it begins with a dash.\n",
    });
    expect(check(cwd, ["--base", "nowhere"])).toMatchObject({
      code: 2,
      stderr:
        "yantra-lint: --base nowhere: there is no such commit here. Fetch it with `git fetch origin nowhere`.\n",
    });
    expect(check(cwd, [], { CHANGE_TARGET: "--upload-pack=x" })).toMatchObject({ code: 2 });
    expect(check(cwd, ["--base", "main", "--no-base"])).toMatchObject({ code: 2 });
  });

  it("that is damaged ends the run: what is not known to be old must not pass for it", () => {
    const cwd = repository({ "migrations/0001_a.sql": "SELECT 1;\n" });
    const blob = git(cwd, "rev-parse", "HEAD:migrations/0001_a.sql");
    commit(cwd, { "migrations/0001_a.sql": DROP });
    fs.rmSync(path.join(cwd, ".git/objects", blob.slice(0, 2), blob.slice(2)), { force: true });
    const { code, stderr } = check(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain("the base cannot be read");
  });

  it("gave nothing where a file was too large to be read, so its findings are new", () => {
    const cwd = repository({ "migrations/0001_a.sql": `${DROP}-- ${"x".repeat(5 * 1024 * 1024)}\n` });
    commit(cwd, { "migrations/0001_a.sql": DROP });
    expect(check(cwd).findings).toEqual(["new migrations/0001_a.sql:1"]);
  });

  it("of a shallow clone names the command that fetches the history", () => {
    const origin = repository({ "migrations/0001_a.sql": DROP });
    commit(origin, { "migrations/0002_b.sql": "SELECT 1;\n" });
    const cwd = path.join(folder(), "clone");
    execFileSync(
      "git",
      ["clone", "--quiet", "--depth=1", "--branch=change", pathToFileURL(origin).href, cwd],
      { stdio: "ignore" },
    );
    const { code, stderr } = check(cwd, [], { GITHUB_BASE_REF: "main" });
    expect(code).toBe(2);
    expect(stderr).toContain("This clone is shallow: fetch the history with `git fetch --unshallow origin`.");
  });

  it("of a partial clone names the command that fetches what it lacks, and is read after it", () => {
    const origin = repository({ "migrations/0001_a.sql": DROP });
    git(origin, "config", "uploadpack.allowFilter", "true");
    commit(origin, { "migrations/0001_a.sql": `${DROP}-- more\n`, ...EDITABLE });
    const cwd = path.join(folder(), "clone");
    const clone = [
      "clone",
      "--quiet",
      "--filter=blob:none",
      "--branch=change",
      pathToFileURL(origin).href,
      cwd,
    ];
    execFileSync("git", clone, { stdio: "ignore" });
    const away = `${origin}.away`;
    fs.renameSync(origin, away);
    const base = { GITHUB_BASE_REF: "main" };
    const { code, stderr } = check(cwd, [], base);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "so the base cannot be read. This clone is partial, and its remote does not give",
    );
    fs.renameSync(away, origin);
    git(cwd, "fetch", "--quiet", "--refetch", "--no-filter");
    fs.renameSync(origin, away);
    expect(check(cwd, [], base)).toMatchObject({
      stderr: "",
      findings: ["existing migrations/0001_a.sql:1"],
    });
  });
});

it("shows new findings only, and counts the others", () => {
  const cwd = repository({ "migrations/0001_a.sql": DROP });
  commit(cwd, { "migrations/0002_b.sql": DROP.replace("note", "b") });
  const { stdout } = yantra([], { cwd });
  expect(stdout).not.toContain("0001_a.sql:1");
  expect(stdout).toContain(
    "✖ 1 error; 2 files checked.\n  1 finding was there before this change (the default branch, main); --all shows them.",
  );
  expect(yantra(["--all"], { cwd }).stdout).toContain("0001_a.sql:1");
});

it("takes the default branch that CI names, and in CI on it the last commit", () => {
  const cwd = repository({ "migrations/0001_a.sql": "SELECT 1;\n" });
  git(cwd, "branch", "--move", "main", "trunk");
  commit(cwd, { "migrations/0002_b.sql": DROP });
  git(cwd, "branch", "main");
  expect(check(cwd, [], { CI_DEFAULT_BRANCH: "trunk" })).toMatchObject({
    how: "the default branch, trunk",
    findings: ["new migrations/0002_b.sql:1"],
  });
  expect(check(cwd, [], { CI: "true", CI_DEFAULT_BRANCH: undefined })).toMatchObject({
    how: "the commit before HEAD",
    findings: ["new migrations/0002_b.sql:1"],
  });
});
