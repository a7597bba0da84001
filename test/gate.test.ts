/** The gate, end to end: the example's branches, and attacks on it. None of them lets a change pass. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BRANCHES, buildExample } from "./examples/build-example.ts";
import { type Ended, folder, yantra } from "./support/program.ts";

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=Mal", "-c", "user.email=mal@example.com", ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

const example = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "yantra-gate-")));
const cache = fs.mkdtempSync(path.join(os.tmpdir(), "yantra-gate-cache-"));

beforeAll(() => {
  buildExample(example);
});

afterAll(() => {
  for (const directory of [example, cache]) fs.rmSync(directory, { recursive: true, force: true });
});

/** SARIF by what was linted. */
const linted = new Map<string, string>();

/** The example with a branch checked out; reports lie beside it. */
class Shop {
  readonly cwd = folder();
  readonly #beside = folder();

  constructor(branch: string) {
    fs.cpSync(example, this.cwd, { recursive: true });
    git(this.cwd, "checkout", "--quiet", branch);
  }

  file(name: string): string {
    return path.join(this.#beside, name);
  }

  write(name: string, text: string): string {
    fs.writeFileSync(this.file(name), text);
    return this.file(name);
  }

  /** Edits files of the repository and commits them. */
  commit(files: Edits): void {
    for (const [name, edit] of Object.entries(files)) {
      const file = path.join(this.cwd, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, edit(fs.existsSync(file) ? fs.readFileSync(file, "utf8") : ""));
    }
    git(this.cwd, "add", "--all");
    git(this.cwd, "commit", "--quiet", "--message=More");
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
    return yantra(args, {
      cwd: this.cwd,
      env: {
        CI: "true",
        GITHUB_EVENT_PATH: undefined,
        GITHUB_OUTPUT: undefined,
        GITHUB_STEP_SUMMARY: undefined,
        YANTRA_KEY: undefined,
        ...env,
      },
    });
  }

  /** Lints and gives the SARIF file's path. What another test has linted as it is here need not be linted again. */
  lint(name = "results.sarif", env: NodeJS.ProcessEnv = {}): string {
    const file = this.file(name);
    const key = JSON.stringify([git(this.cwd, "rev-parse", "HEAD"), git(this.cwd, "status", "--short"), env]);
    const known = linted.get(key);
    if (known !== undefined) return this.write(name, known);
    this.run(["--cache-location", cache, "--base", "main", "--format", `sarif:${file}`], env);
    if (git(this.cwd, "status", "--short") === "") linted.set(key, fs.readFileSync(file, "utf8"));
    return file;
  }

  gate(args: readonly string[], environment = "production", env: NodeJS.ProcessEnv = {}): Ended {
    return this.run(["gate", ...args, "--environment", environment], env);
  }

  approve(report: string, approver = "bea", environment = "production"): string {
    const output = this.file(`${approver}.json`);
    const ended = this.run([
      "approve",
      report,
      "--environment",
      environment,
      "--approver",
      approver,
      "--output",
      output,
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    return output;
  }
}

/** New texts of files, from their old ones. */
type Edits = Readonly<Record<string, (text: string) => string>>;

/** Rewrites a SARIF file. */
function tamper(file: string, edit: (run: SarifRun) => void): string {
  const log = JSON.parse(fs.readFileSync(file, "utf8")) as { runs: SarifRun[] };
  for (const run of log.runs) edit(run);
  fs.writeFileSync(file, JSON.stringify(log));
  return file;
}

interface SarifRun {
  results: { level: string }[];
  invocations: { executionSuccessful: boolean }[];
  properties: {
    "yantra/change": {
      digest: string;
      policy: { classes: { high: { deploys: string[] } } };
      risk: { class: string; score: number; signals: unknown[] };
      findings: { errors: number; warnings: number };
      authors: string[];
      tool: { version: string };
    };
    "yantra/seal"?: unknown;
  };
}

const DECISIONS: Readonly<Record<string, { staging: number; production: number }>> = {
  "copy-change": { staging: 0, production: 0 },
  "logic-change": { staging: 0, production: 3 },
  "expand-change": { staging: 3, production: 3 },
  "risky-change": { staging: 1, production: 1 },
};

describe("the example's branches", () => {
  it("are all decided", () => {
    expect(Object.keys(DECISIONS).sort()).toEqual(Object.keys(BRANCHES).sort());
  });

  it.each(Object.entries(DECISIONS))("%s", (branch, { staging, production }) => {
    const shop = new Shop(branch);
    const report = shop.lint();
    expect(shop.gate([report], "staging").code).toBe(staging);
    expect(shop.gate([report], "production").code).toBe(production);
    // A name that the policy does not know is never a mild one.
    expect(shop.gate([report], "prod").code).toBe(production);
  });
});

describe("an approval", () => {
  it("lets a change pass whose report it is bound to", () => {
    const shop = new Shop("expand-change");
    const report = shop.lint();
    const { code, stdout } = shop.gate([report, "--approvals", shop.approve(report)]);
    expect(code).toBe(0);
    expect(stdout).toContain("has 1: bea");
  });

  it("is void after another push, and holds after a squash with the same tree", () => {
    const shop = new Shop("expand-change");
    const approval = shop.approve(shop.lint());
    const tree = git(shop.cwd, "rev-parse", "HEAD^{tree}");
    const squash = git(shop.cwd, "commit-tree", tree, "-p", "main", "-m", "Squashed");
    git(shop.cwd, "reset", "--quiet", "--hard", squash);
    const squashed = shop.lint("squashed.sarif");
    expect(shop.gate([squashed, "--approvals", approval]).code).toBe(0);
    shop.commit({ "README.md": (text) => `${text}\nMore.\n` });
    const stale = shop.gate([shop.lint("pushed.sarif"), "--approvals", approval]);
    expect(stale.code).toBe(3);
    expect(stale.stdout).toContain("does not count");
  });

  it("of another environment or another change does not count", () => {
    const shop = new Shop("expand-change");
    const report = shop.lint();
    expect(shop.gate([report, "--approvals", shop.approve(report, "bea", "staging")]).code).toBe(3);
    const other = new Shop("logic-change");
    expect(shop.gate([report, "--approvals", other.approve(other.lint())]).code).toBe(3);
  });

  it("of an author is refused when it is written and when it is read", () => {
    const shop = new Shop("expand-change");
    const report = shop.lint();
    const words = ["approve", report, "--environment", "production", "--approver"];
    expect(shop.run([...words, "ada@example.com"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cannot approve it"),
    });
    const record = JSON.parse(fs.readFileSync(shop.approve(report), "utf8")) as object;
    const forged = shop.write("forged.json", JSON.stringify({ ...record, approver: "ADA@example.com" }));
    expect(shop.gate([report, "--approvals", forged]).code).toBe(3);
  });

  it("comes from GitHub's reviews, of the commit or of one with its tree", () => {
    const shop = new Shop("expand-change");
    const head = git(shop.cwd, "rev-parse", "HEAD");
    const review = (commit: string, more: object = {}) =>
      shop.write(
        "reviews.json",
        JSON.stringify([
          [
            {
              user: { login: "bea", type: "User" },
              state: "APPROVED",
              commit_id: commit,
              submitted_at: "2026-11-22T09:00:00Z",
              author_association: "MEMBER",
              ...more,
            },
          ],
        ]),
      );
    const report = shop.lint();
    expect(shop.gate([report, "--github-reviews", review(head)]).code).toBe(0);
    expect(shop.gate([report, "--github-reviews", review(git(shop.cwd, "rev-parse", "main"))]).code).toBe(3);
    expect(shop.gate([report, "--github-reviews", review(head, { state: "DISMISSED" })]).code).toBe(3);
    expect(shop.gate([report, "--github-reviews", review(head, { author_association: "NONE" })]).code).toBe(
      3,
    );
    const squash = git(shop.cwd, "commit-tree", `${head}^{tree}`, "-p", "main", "-m", "Squashed");
    git(shop.cwd, "reset", "--quiet", "--hard", squash);
    expect(shop.gate([shop.lint(), "--github-reviews", review(head)]).code).toBe(0);
  });

  it("holds when the pull request is squashed onto a base that moved", () => {
    const shop = new Shop("expand-change");
    const head = git(shop.cwd, "rev-parse", "HEAD");
    git(shop.cwd, "checkout", "--quiet", "main");
    shop.commit({ "README.md": (text) => `${text}\nMore.\n` });
    git(shop.cwd, "branch", "moved");
    git(shop.cwd, "merge", "--quiet", "--squash", "expand-change");
    git(shop.cwd, "commit", "--quiet", "--message=Squashed");
    const report = shop.file("squashed.sarif");
    shop.run(["--cache-location", cache, "--base", "moved", "--format", `sarif:${report}`]);
    const review = {
      user: { login: "bea", type: "User" },
      state: "APPROVED",
      commit_id: head,
      submitted_at: "2026-11-22T09:00:00Z",
      author_association: "MEMBER",
    };
    const reviews = shop.write("reviews.json", JSON.stringify([review]));
    expect(shop.gate([report, "--github-reviews", reviews]).code).toBe(0);
  });

  it("has to be an owner's where CODEOWNERS of the base names one", () => {
    const shop = new Shop("main");
    shop.commit({ ".github/CODEOWNERS": () => "/db/ @dana\n" });
    git(shop.cwd, "checkout", "--quiet", "expand-change");
    git(shop.cwd, "rebase", "--quiet", "main");
    // The change names another owner, which does not help it.
    shop.commit({ ".github/CODEOWNERS": () => "/db/ @bea\n" });
    const report = shop.lint();
    const asked = shop.gate([report, "--approvals", shop.approve(report)]);
    expect(asked.code).toBe(3);
    expect(asked.stdout).toContain("dana");
    expect(shop.gate([report, "--approvals", shop.approve(report, "dana")]).code).toBe(0);
  });
});

describe("attacks that the change itself makes", () => {
  it.each<[string, Edits]>([
    [
      "loosens the policy",
      {
        "yantra.config.yaml": (text) => `${text}\npolicy: { classes: { high: { deploys: ["*"] } } }\n`,
      },
    ],
    [
      "turns the floors off",
      {
        "yantra.config.yaml": (text) => `${text}\nrisk: { thresholds: { medium: 100, high: 100 } }\n`,
      },
    ],
    [
      "turns rules off",
      {
        "yantra.config.yaml": (text) => `${text}\nrules: { sql/no-drop-column: off }\n`,
        "db/migrations/20260701090000_drop.sql": () =>
          "-- migrate:up\nALTER TABLE orders DROP COLUMN total;\n\n-- migrate:down\n",
      },
    ],
    ["leaves files out", { "yantra.config.yaml": (text) => `${text}\nignore: ["db/**"]\n` }],
    [
      "suppresses what it breaks",
      {
        "db/migrations/20260701090000_drop.sql": () =>
          "-- migrate:up\n-- eslint-disable-next-line yantra/sql/no-drop-column -- trust me\nALTER TABLE orders DROP COLUMN total;\n\n-- migrate:down\n",
      },
    ],
    [
      "takes an annotation away",
      {
        "services/checkout/src/payments.ts": (text) => text.replace("@yantra-risk high", "risk"),
      },
    ],
    [
      "lowers an annotation",
      {
        "services/checkout/src/payments.ts": (text) => text.replace("@yantra-risk high", "@yantra-risk low"),
      },
    ],
    ["edits the workflow that calls us", { ".github/workflows/ci.yaml": () => "on: push\njobs: {}\n" }],
  ])("%s", (_, files) => {
    const shop = new Shop("copy-change");
    shop.commit(files);
    const report = shop.lint();
    const { code, stdout } = shop.gate([report], "staging");
    expect(code, stdout).toBe(3);
    expect(stdout).toContain("Class high");
  });

  it("is not helped by a low annotation that it brings along", () => {
    const shop = new Shop("logic-change");
    shop.commit({
      "services/checkout/src/pricing.ts": (text) =>
        text.replace(
          /^(export function priceOf)/m,
          "// @yantra-risk low -- prices are rounded elsewhere\n$1",
        ),
    });
    expect(shop.gate([shop.lint()]).code).toBe(3);
  });
});

describe("attacks around the report", () => {
  it("a policy file that the change edits", () => {
    const shop = new Shop("expand-change");
    shop.commit({ "gate.yaml": () => 'policy: { classes: { high: { deploys: ["*"] } } }\n' });
    const { code, stderr } = shop.gate([shop.lint(), "--policy", path.join(shop.cwd, "gate.yaml")]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("cannot bring its own policy")]);
  });

  it("a report without a base, by whose policy the change would judge itself", () => {
    const shop = new Shop("expand-change");
    shop.commit({
      "yantra.config.yaml": (text) => `${text}\npolicy: { classes: { high: { deploys: ["*"] } } }\n`,
    });
    const report = shop.file("none.sarif");
    shop.run(["--no-base", "--cache-location", cache, "--format", `sarif:${report}`]);
    expect(shop.gate([report]).code).not.toBe(0);
  });

  it("warnings left out by --quiet", () => {
    const shop = new Shop("risky-change");
    const [loud, quiet] = [shop.lint(), shop.file("quiet.sarif")];
    shop.run(["--quiet", "--cache-location", cache, "--base", "main", "--format", `sarif:${quiet}`]);
    expect(fs.readFileSync(quiet, "utf8")).toBe(fs.readFileSync(loud, "utf8"));
  });

  it("a .mailmap that gives the author another name", () => {
    const shop = new Shop("copy-change");
    shop.commit({
      ".mailmap": () => "Bea <bea@example.com> <mal@example.com>\n",
      "services/checkout/src/payments.ts": (text) =>
        text.replace("30_000", "31_000").replace(/$/, "\nexport {};\n"),
    });
    const report = shop.lint();
    const words = ["approve", report, "--environment", "production", "--approver", "mal@example.com"];
    expect(shop.run(words).code).toBe(2);
  });

  it("code outside of the folder where the run begins", () => {
    const shop = new Shop("main");
    shop.commit({ "services/checkout/yantra.config.yaml": () => "preset: recommended\n" });
    git(shop.cwd, "checkout", "--quiet", "-b", "elsewhere");
    shop.commit({ "services/auth/guard.ts": () => "export const guard = true;\n" });
    const report = shop.file("part.sarif");
    const cwd = path.join(shop.cwd, "services/checkout");
    yantra(["--cache-location", cache, "--base", "main", "--format", `sarif:${report}`], { cwd });
    expect(shop.gate([report], "staging")).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("lies outside of services/checkout"),
    });
  });
});

describe("attacks on the report", () => {
  it.each<[string, (run: SarifRun) => void]>([
    ["results taken out", (run) => run.results.splice(0)],
    [
      "errors called notes",
      (run) => {
        for (const result of run.results) result.level = "note";
      },
    ],
    [
      "the class lowered",
      (run) => {
        run.properties["yantra/change"].risk.class = "low";
      },
    ],
    [
      "the reasons taken out",
      (run) => {
        Object.assign(run.properties["yantra/change"].risk, { class: "low", score: 0, signals: [] });
      },
    ],
    [
      "the policy loosened",
      (run) => {
        run.properties["yantra/change"].policy.classes.high.deploys = ["*"];
      },
    ],
    [
      "the seal taken off",
      (run) => {
        delete run.properties["yantra/seal"];
      },
    ],
    [
      "all risk data taken out",
      (run) => {
        Object.assign(run, { properties: {} });
      },
    ],
    [
      "a failed run",
      (run) => {
        for (const invocation of run.invocations) invocation.executionSuccessful = false;
      },
    ],
  ])("%s", (_, edit) => {
    const shop = new Shop("risky-change");
    expect(shop.gate([tamper(shop.lint(), edit)]).code).toBe(2);
  });

  it("a signed report cannot be sealed anew without the key", () => {
    const shop = new Shop("copy-change");
    const signed = shop.lint("signed.sarif", { YANTRA_KEY: "secret" });
    const plain = shop.lint("plain.sarif");
    expect(shop.gate([signed], "staging", { YANTRA_KEY: "secret" }).code).toBe(0);
    expect(shop.gate([signed], "staging", { YANTRA_KEY: "other" }).code).toBe(2);
    expect(shop.gate([plain], "staging", { YANTRA_KEY: "secret" }).code).toBe(2);
    // A secret that is not there must not turn the demand off.
    expect(shop.gate([plain], "staging", { YANTRA_KEY: "" }).code).toBe(2);
  });

  it("the report of another tree, of uncommitted work, or of nothing", () => {
    const shop = new Shop("copy-change");
    const report = shop.lint();
    shop.commit({ "README.md": (text) => `${text}\nMore.\n` });
    expect(shop.gate([report], "staging")).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("checked out is"),
    });
    fs.appendFileSync(path.join(shop.cwd, "services/checkout/src/pricing.ts"), "\nexport const one = 1;\n");
    expect(shop.gate([shop.lint()], "staging").code).toBe(2);
    git(shop.cwd, "checkout", "--quiet", "--force", "main");
    expect(shop.gate([shop.lint()], "staging")).toMatchObject({
      code: 2,
      stdout: expect.stringContaining("no change was judged"),
    });
  });

  it("the report of a part, or without warnings that were there", () => {
    const shop = new Shop("risky-change");
    const part = shop.file("part.sarif");
    shop.run(["services", "--no-cache", "--base", "main", "--format", `sarif:${part}`]);
    expect(shop.gate([part]).code).toBe(2);
  });

  it("no run of ours, an empty log, no log at all", () => {
    const shop = new Shop("risky-change");
    const foreign = (results: unknown) =>
      JSON.stringify({
        version: "2.1.0",
        runs: [{ tool: { driver: { name: "CodeQL", version: "2" } }, results }],
      });
    expect(shop.gate([shop.write("foreign.sarif", foreign([]))]).code).toBe(2);
    expect(shop.gate([shop.write("empty.sarif", '{ "version": "2.1.0", "runs": [] }')]).code).toBe(2);
    expect(shop.gate([shop.write("cut.sarif", '{ "version": "2.1.0", "ru')]).code).toBe(2);
    expect(shop.gate([shop.write("none.sarif", "")]).code).toBe(2);
    expect(shop.gate([shop.file("absent.sarif")]).code).toBe(2);
  });
});

describe("other tools", () => {
  const log = (level: string, more: object = {}) =>
    JSON.stringify({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "Trivy", version: "1" } },
          results: [{ ruleId: "CVE-1", level, message: { text: "A hole." }, ...more }],
        },
      ],
    });

  it("block by their errors, and let nothing pass", () => {
    const shop = new Shop("copy-change");
    const report = shop.lint();
    const foreign = (name: string, text: string) => shop.write(name, text);
    expect(shop.gate([report, foreign("a.sarif", log("error"))])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("CVE-1"),
    });
    expect(shop.gate([report, foreign("b.sarif", log("warning"))]).code).toBe(0);
    const known = log("error", { baselineState: "unchanged" });
    expect(shop.gate([report, foreign("c.sarif", known)]).code).toBe(0);
    const lenient = shop.write("policy.yaml", "policy: { blocks: { Trivy: never } }\n");
    expect(shop.gate([report, foreign("d.sarif", log("error")), "--policy", lenient]).code).toBe(0);
  });
});

describe("output for pipelines", () => {
  it("writes outputs and a summary for GitHub Actions", () => {
    const shop = new Shop("logic-change");
    const report = shop.lint();
    const [output, summary] = [shop.write("output", ""), shop.write("summary", "")];
    const env = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
    expect(shop.gate([report], "production", env).code).toBe(3);
    expect(fs.readFileSync(output, "utf8")).toMatch(
      /^decision=approval\nclass=medium\nscore=\d+\ndigest=[0-9a-f]{64}\n$/,
    );
    expect(fs.readFileSync(summary, "utf8")).toContain("### yantra-lint: production needs approval");
    expect(shop.run(["risk", "--no-cache"], env).code).toBe(0);
    expect(fs.readFileSync(output, "utf8")).toMatch(/\nclass=medium\nscore=\d+\n$/);
  });

  it("decides as data and as a comment", () => {
    const shop = new Shop("logic-change");
    const report = shop.lint();
    const { stdout } = shop.gate([report, "--format", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "approval",
      exitCode: 3,
      class: "medium",
      needed: 1,
    });
    expect(shop.gate([report, "--format", "markdown"]).stdout).toMatch(/^<!-- yantra-lint gate -->\n###/);
  });

  it.each([
    [["gate"], "gate takes SARIF files"],
    [["gate", "x.sarif"], "needs --environment"],
    [["gate", "x.sarif", "--environment", " "], "needs --environment"],
    [["approve", "x.sarif", "--environment", "e"], "needs --approver"],
    [["approve"], "approve takes one SARIF file"],
    [["risk", "src"], "risk takes no argument"],
    [["risk", "--format", "sarif"], "There is no format sarif"],
  ])("%j is answered in one line", (args, message) => {
    const { code, stderr } = yantra(args, { cwd: folder() });
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining(message)]);
  });
});
