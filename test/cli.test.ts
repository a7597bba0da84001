/** The program as a user meets it: options, exit codes, what goes where. */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { findings, folder, ROOT, yantra } from "./support/program.ts";

const DROP = "ALTER TABLE orders DROP COLUMN note;\n";
const DROPPED = { "migrations/0001_drop.sql": DROP };
const CLEAN = { "migrations/0001_add.sql": "ALTER TABLE orders ADD COLUMN note text;\n" };

describe("exit codes", () => {
  it("0: clean", () => {
    const { code, stdout, stderr } = yantra([], { cwd: folder(CLEAN) });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe("✔ No findings; 1 file checked.\n");
  });

  it("1: errors", () => {
    const { code, stdout, stderr } = yantra([], { cwd: folder(DROPPED) });
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("migrations/0001_drop.sql:1:20  error  yantra/sql/no-drop-column");
    expect(stdout).toContain("> 1 | ALTER TABLE orders DROP COLUMN note;");
    expect(stdout).toContain("✖ 1 error; 1 file checked.");
  });

  it("0 with warnings, 1 with more than --max-warnings", () => {
    const cwd = folder({ ...DROPPED, "yantra.config.yaml": "rules: { sql/no-drop-column: warn }\n" });
    expect(yantra([], { cwd }).code).toBe(0);
    expect(yantra(["--max-warnings", "1"], { cwd }).code).toBe(0);
    expect(yantra(["--max-warnings", "0", "--quiet"], { cwd }).code).toBe(1);
    const { code, stderr } = yantra(["--max-warnings", "0"], { cwd });
    expect([code, stderr]).toEqual([1, "yantra-lint: 1 warning, and --max-warnings allows 0.\n"]);
  });

  it.each([
    [["--foramt", "json"], "There is no option --foramt. Did you mean --format?"],
    [
      ["--format", "jsno"],
      "There is no format jsno. Did you mean json? Known: pretty, json, sarif, sarif-audit, github, gitlab, junit, markdown.",
    ],
    [["--format", "json", "--format", "sarif"], "Only one format can go to standard output"],
    [
      ["--format", "json:a.json", "--format", "sarif:./a.json"],
      "json and sarif cannot both go to ./a.json: name a file for each.",
    ],
    [["--max-warnings", "-1"], "--max-warnings takes a whole number from 0, not -1."],
    [["--config", "--fix"], "--config needs a value, but the option --fix follows."],
    [["--base"], "--base needs a value; --help shows which."],
    [["--fix=yes"], "--fix takes no value, but got yes."],
    [["-x"], "There is no option -x."],
    [["--cache"], "There is no option --cache."],
    [["--jobs", "0"], "--jobs takes a whole number from 1, not 0."],
    [["--date", "2026-02-30"], "--date takes a day as YYYY-MM-DD, not 2026-02-30."],
    [["no/such/file.sql"], "There is no file or folder no/such/file.sql."],
    [["chek"], "There is no file or folder chek. Did you mean the command check?"],
    [[""], 'There is no file or folder "".'],
    [
      ["--stdin-filename", "migrations"],
      "--stdin-filename takes the name of a file, but migrations is a folder.",
    ],
    [["--config", "none.yaml"], "none.yaml: cannot be read"],
    [
      ["explain", "sql/no-drop-colum"],
      "There is no rule sql/no-drop-colum. Did you mean sql/no-drop-column?",
    ],
    [["explain", "no-drop-col"], "There is no rule no-drop-col. Did you mean sql/no-drop-column?"],
    [["explain"], "explain takes the name of one rule"],
    [["init", "extra"], "init takes no argument, but got extra."],
    [["rules", "sql"], "rules takes no argument, but got sql."],
    [["help", "me"], "help takes no argument, but got me."],
    [["rules", "--format", "sarif"], "rules knows the formats pretty and json, not sarif."],
  ])("2: %j", (args, message) => {
    const { code, stdout, stderr } = yantra(args, { cwd: folder(CLEAN) });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("2: a wrong configuration, with its place", () => {
    const cwd = folder({ ...CLEAN, "yantra.config.yaml": "rules:\n  sql/no-drop-colum: off\n" });
    const { code, stderr } = yantra([], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe(
      `yantra-lint: ${path.join(cwd, "yantra.config.yaml")}:2:3: there is no rule yantra/sql/no-drop-colum. Did you mean sql/no-drop-column?\n`,
    );
  });
});

describe("output", () => {
  it("JSON alone on stdout, after its schema", () => {
    const cwd = folder({
      ...DROPPED,
      "migrations/0002_x.sql": `-- eslint-disable-next-line yantra/sql/no-drop-column -- nobody reads it\n${DROP}`,
    });
    const { code, stdout, stderr } = yantra(["--format", "json"], { cwd });
    expect([code, stderr]).toEqual([1, ""]);
    const report: unknown = JSON.parse(stdout);
    const schema = createRequire(import.meta.url)("@yantra-lint/schemas/report.schema.json") as object;
    const ajv = new Ajv2020({ allErrors: true });
    expect(ajv.validate(schema, report), JSON.stringify(ajv.errors)).toBe(true);
    expect(report).toMatchObject({
      summary: { files: 2, errors: 1, warnings: 0, suppressed: 1 },
      findings: [
        {
          ruleId: "yantra/sql/no-drop-column",
          suppressed: false,
          startLine: 1,
          startColumn: 20,
          endLine: 1,
          endColumn: 36,
        },
        { suppressed: true, suppression: { reason: "nobody reads it" }, startLine: 2 },
      ],
    });
  });

  it("several formats in one run, files where they are wanted", () => {
    const cwd = folder(DROPPED);
    const { stdout } = yantra(["--format", "pretty", "--format", "json:out/a.json", "-f", "sarif:b.sarif"], {
      cwd,
    });
    expect(stdout).toContain("yantra/sql/no-drop-column");
    const json = JSON.parse(fs.readFileSync(path.join(cwd, "out/a.json"), "utf8")) as { findings: unknown[] };
    const sarif = JSON.parse(fs.readFileSync(path.join(cwd, "b.sarif"), "utf8")) as {
      runs: { results: unknown[] }[];
    };
    expect([json.findings.length, sarif.runs[0]?.results.length]).toEqual([1, 1]);
  });

  it("is the same on every run, with cache, without, with one thread or two", () => {
    const cwd = folder({
      ...DROPPED,
      ...Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`migrations/1${n}00_x.sql`, DROP])),
    });
    const runs = [[], [], ["--no-cache"], ["--jobs", "1"]].map(
      (args) => yantra(["--format", "json", ...args], { cwd }).stdout,
    );
    expect(new Set(runs).size).toBe(1);
  });

  it("--quiet leaves out warnings", () => {
    const cwd = folder({
      ...DROPPED,
      "migrations/0002_x.sql":
        "-- eslint-disable-next-line yantra/sql/no-drop-column -- why not\nSELECT 1;\n",
    });
    expect(findings(cwd).summary).toMatchObject({ errors: 1, warnings: 1 });
    expect(findings(cwd, "--quiet").summary).toMatchObject({ errors: 1, warnings: 0 });
  });

  it("keeps control characters of names and texts out of the terminal", () => {
    const cwd = folder({
      "migrations/0001_\u001b[31mred.sql": 'ALTER TABLE orders DROP COLUMN "\u001b[2Jnote";\n',
    });
    const { stdout } = yantra([], { cwd });
    expect(stdout).toContain("\\x1b[31mred.sql");
    expect(stdout).not.toContain("\u001b");
  });
});

describe("what is checked", () => {
  it("the working directory, a folder, or a file; facts come from the whole repository all the same", () => {
    const cwd = folder({
      "a/migrations/0001_x.sql": DROP,
      "b/migrations/0001_x.sql": DROP,
      "yantra.config.yaml": "preset: recommended\n",
    });
    const paths = (...args: string[]) => findings(cwd, ...args).findings.map((finding) => finding.path);
    expect(paths()).toEqual(["a/migrations/0001_x.sql", "b/migrations/0001_x.sql"]);
    expect(paths("a")).toEqual(["a/migrations/0001_x.sql"]);
    expect(paths("b/migrations/0001_x.sql")).toEqual(["b/migrations/0001_x.sql"]);
    expect(findings(path.join(cwd, "b")).findings.map((finding) => finding.path)).toEqual([
      "b/migrations/0001_x.sql",
    ]);
  });

  it("a named file that is no migration by its name", () => {
    const cwd = folder({ "change.sql": DROP });
    expect(findings(cwd).findings).toEqual([]);
    expect(findings(cwd, "change.sql").findings).toHaveLength(1);
  });

  it("a text on standard input, in its place among the files", () => {
    const cwd = folder({ "migrations/0001_create.sql": "CREATE TABLE orders (id int, note text);\n" });
    const args = ["--format", "json", "--stdin-filename", "migrations/0002_new.sql"];
    const { code, stdout } = yantra(args, { cwd, stdin: DROP });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ path: "migrations/0002_new.sql", startLine: 1 }],
    });
    expect(fs.existsSync(path.join(cwd, "migrations/0002_new.sql"))).toBe(false);
  });

  it("a file outside of the repository in a run of its own", () => {
    const outside = folder({ "x.sql": DROP });
    const cwd = folder(CLEAN);
    expect(findings(cwd, path.join(outside, "x.sql")).findings).toHaveLength(1);
    const { code, stderr } = yantra(["migrations", path.join(outside, "x.sql")], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("lies outside of");
  });
});

describe("a named file that nobody reads", () => {
  const files = {
    ...CLEAN,
    "readme.txt": "x\n",
    "notes.txt": "x\n",
    "ci.yaml": "on: push\n",
    "old.sql": DROP,
    "yantra.config.yaml": "ignore: [old.sql]\n",
  };

  it("is a notice beside others, and when only its text or `ignore` is the reason", () => {
    const cwd = folder(files);
    const named = "migrations/0001_add.sql";
    const { code, stdout } = yantra([named, "readme.txt", "notes.txt", "ci.yaml", "old.sql"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "note  readme.txt (and 1 other file): The file was named, but no pack reads files of this name: it was not checked.",
        "note  ci.yaml: The file was named, but no pack knows what it is by its text: it was not checked.",
        "note  old.sql: The file was named, but `ignore` in the configuration leaves it out: it was not checked.",
        "",
        "✔ No findings; 1 file checked.",
        "",
      ].join("\n"),
    );
    expect(yantra(["old.sql"], { cwd }).code).toBe(0);
  });

  it.each([
    [["readme.txt"], "readme.txt: The file was named, but no pack reads files of this name"],
    [["--stdin-filename", "foo.txt"], "foo.txt: The file was named, but no pack reads files of this name"],
    [["--stdin-filename", "a.yaml"], "a.yaml: The file was named, but no pack knows what it is by its text"],
    [["--stdin-filename", "old.sql"], "old.sql: The file was named, but `ignore`"],
  ])("is wrong use when there is nothing else to read: %j", (args, message) => {
    const { code, stdout, stderr } = yantra(args, { cwd: folder(files), stdin: "on: push\n" });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

describe("files checked", () => {
  it("are those that were read", () => {
    const template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n";
    const large = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n${"  # padding\n".repeat(400_000)}`;
    const cwd = folder({
      ...CLEAN,
      "chart/Chart.yaml": "name: a\n",
      "chart/templates/a.yaml": template,
      "large.yaml": large,
    });
    const report = findings(cwd);
    expect(report.notices.map(({ id }) => id).sort()).toEqual(["file-too-large", "helm-template"]);
    expect(report.summary.files).toBe(1);
  });
});

describe("--fix", () => {
  it("writes what is certain and tells what is left", () => {
    const cwd = folder({
      "src/a.ts": "// @yantra-Risk high -- moves money\nexport const a = 1;\n",
      ...DROPPED,
    });
    const { code, stdout } = yantra(["--fix", "--format", "json"], { cwd });
    expect(fs.readFileSync(path.join(cwd, "src/a.ts"), "utf8")).toBe(
      "// @yantra-risk high -- moves money\nexport const a = 1;\n",
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ ruleId: "yantra/sql/no-drop-column" }] });
  });

  it("keeps byte order marks, line breaks, and the bytes of what is not UTF-8", () => {
    const latin = Buffer.from("-- @yantra-Risk high -- f\u00fcr\nSELECT 1;\n", "latin1");
    const cwd = folder({
      "migrations/0001_bom.sql": "\uFEFF-- @yantra-Risk high -- x\r\nSELECT 1;\r\n-- @yantra-Owner shop\r\n",
      "migrations/0002_latin.sql": latin,
      "migrations/0003_fffe.sql": Buffer.concat([Buffer.from([0xff, 0xfe]), latin]),
    });
    const { stdout, stderr } = yantra(["--fix"], { cwd });
    expect(stderr).toBe("");
    expect(fs.readFileSync(path.join(cwd, "migrations/0001_bom.sql"), "utf8")).toBe(
      "\uFEFF-- @yantra-risk high -- x\r\nSELECT 1;\r\n-- @yantra-owner shop\r\n",
    );
    expect(fs.readFileSync(path.join(cwd, "migrations/0002_latin.sql")).equals(latin)).toBe(true);
    expect(fs.readFileSync(path.join(cwd, "migrations/0003_fffe.sql")).subarray(2).equals(latin)).toBe(true);
    expect(stdout).toContain(
      "migrations/0002_latin.sql: The file is not valid UTF-8, so --fix left it as it is.",
    );
  });

  it("tells in one line which file cannot be written, after the others were", () => {
    const text = "// @yantra-Risk high -- x\n";
    const cwd = folder({ "src/a.ts": text, "src/b.ts": text });
    // File modes do not stop root, so the system's answer is put in its place.
    const preload = `import fs from "node:fs";
      const { writeFileSync } = fs;
      fs.writeFileSync = (file, ...rest) => {
        if (String(file).endsWith("a.ts")) throw new Error("EACCES: permission denied, open '" + file + "'");
        writeFileSync(file, ...rest);
      };`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
    expect(yantra(["--fix"], { cwd, env })).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "yantra-lint: --fix could not write src/a.ts (EACCES: permission denied); 1 other file had fixes applied.\n",
    });
    expect(fs.readFileSync(path.join(cwd, "src/a.ts"), "utf8")).toBe(text);
    expect(fs.readFileSync(path.join(cwd, "src/b.ts"), "utf8")).toBe("// @yantra-risk high -- x\n");
  });
});

describe("rules and explain", () => {
  it("lists every rule, as text and as data", () => {
    const { stdout } = yantra(["rules", "--format", "json"], { cwd: ROOT });
    const rules = JSON.parse(stdout) as { id: string }[];
    expect(rules.map((rule) => rule.id)).toContain("yantra/kubernetes/no-unresolved-reference");
    const lines = yantra(["rules"], { cwd: ROOT }).stdout.trimEnd().split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(rules.map((rule) => rule.id));
  });

  it.each(["sql/no-drop-column", "yantra/sql/no-drop-column", "no-drop-column"])("explains %s", (name) => {
    const { code, stdout } = yantra(["explain", name], { cwd: ROOT });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# yantra\/sql\/no-drop-column\n/);
  });

  it("helps and tells its version", () => {
    const { version } = createRequire(import.meta.url)("../packages/cli/package.json") as { version: string };
    expect(yantra(["--version"], { cwd: ROOT })).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(yantra(["--help"], { cwd: ROOT }).stdout).toContain("Exit codes");
  });

  it.each(["check", "rules", "explain", "init", "help"])("%s answers --help and --version", (command) => {
    const cwd = folder();
    expect(yantra([command, "--help"], { cwd }).stdout).toContain("Exit codes");
    expect(yantra([command, "--version"], { cwd }).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(fs.readdirSync(cwd)).toEqual([]);
  });

  it("takes help for a command, with or without another's name", () => {
    const help = yantra(["--help"], { cwd: ROOT });
    expect(yantra(["help"], { cwd: ROOT })).toEqual(help);
    expect(yantra(["help", "check"], { cwd: ROOT })).toEqual(help);
  });
});
