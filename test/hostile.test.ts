/**
 * Hostile and odd input, through the whole program: each file has its message, its neighbours are still checked, the
 * exit code is right, and nobody sees a stack trace.
 */
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type Ended, folder, type JsonReport, ROOT, yantra } from "./support/program.ts";

const DROP = "ALTER TABLE orders DROP COLUMN note;\n";
const TYPO = "// @yantra-rsik high -- x\n";
const DEEP = 10_000;
const MB = 1024 * 1024;
/** A stack trace of Node, or the names of its own modules. */
const TRACE = /^ {4}at .*:\d+:\d+\)?$|node:internal|file:\/\//m;

const nested = (open: string, close: string, middle = ""): string =>
  open.repeat(DEEP) + middle + close.repeat(DEEP);

function manifest(name: string, more = ""): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: a, image: "a:latest" }] }\n${more}`;
}

const config = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: ${data}\n`;

/** Ten aliases of ten aliases …: 10^10 nodes when expanded. */
const BOMB = `a0: &a0 [x, x]\n${Array.from({ length: 10 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(", ")}]\n`).join("")}`;

/** The report as `--format json` gives it, after checks that hold for every run. */
/** The results that a cache holds. What it knows of files depends on how long ago they were written. */
function resultsIn(cache: string): unknown {
  return (JSON.parse(cache) as { entries: unknown }).entries;
}

function checked({ code, stdout, stderr }: Ended): JsonReport & { code: number | null } {
  expect(stderr).toBe("");
  expect(stdout).not.toMatch(TRACE);
  return { ...(JSON.parse(stdout) as JsonReport), code };
}

/** What was found in a file: places with rules, and ids of notices. */
function toldOf({ findings, notices }: JsonReport): Record<string, string[]> {
  const told: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const { path: file, startLine, startColumn, ruleId } of findings)
    (told[file] ??= []).push(`${startLine}:${startColumn} ${ruleId.replace("yantra/", "")}`);
  for (const { path: file = "", id } of notices) (told[file] ??= []).push(id);
  return told;
}

const JSON_RUN = ["--format", "json", "--no-cache"];

describe("odd texts", () => {
  const dropped = (place: string): string => `${place} sql/no-drop-column`;
  const mutable = (place: string): string => `${place} kubernetes/no-mutable-image`;
  const typo = (place: string): string => `${place} code/valid-annotation`;

  /** By path: the content, and what is told of it by the rules at hand. */
  const files: Record<string, [content: string | Uint8Array, told: string[]]> = {
    "migrations/0001_bom.sql": [`\uFEFF${DROP}`, [dropped("1:20")]],
    "migrations/0002_crlf.sql": [`SELECT 1;\r\n${DROP}`, [dropped("2:20")]],
    "migrations/0003_cr.sql": [`SELECT 1;\r${DROP}`, [dropped("2:20")]],
    "migrations/0004_ünï.sql": [`SELECT 'żółć 😀';${DROP}`, [dropped("1:37")]],
    "migrations/0005_empty.sql": ["", []],
    "migrations/0006_comment.sql": ["-- nothing\n/* at all */", []],
    "migrations/0007_syntax.sql": [`ALTER TABEL x;\n${DROP}`, ["1:7 sql/no-syntax-error", dropped("2:20")]],
    "migrations/0008_nul.sql": [`SELECT 1;\0\n${DROP}`, ["1:10 sql/no-syntax-error", dropped("2:20")]],
    "migrations/0009_control.sql": [
      `SELECT 1; \u0003;\n${DROP}`,
      ["1:11 sql/no-syntax-error", dropped("2:20")],
    ],
    "migrations/0010_bytes.sql": [
      Buffer.concat([Buffer.from("SELECT '"), Buffer.from([0xff, 0xc3]), Buffer.from(`'; ${DROP}`)]),
      [dropped("1:33"), "invalid-utf8"],
    ],
    "migrations/0011_open.sql": [`${DROP}SELECT 'abc`, [dropped("1:20"), "2:8 sql/no-syntax-error"]],
    "migrations/0012_proto.sql": [
      'CREATE TABLE "__proto__" ("constructor" int);\nALTER TABLE "toString" DROP COLUMN "__proto__";\n',
      [dropped("2:24")],
    ],
    "deploy/bom.yaml": [`\uFEFF${manifest("a")}`, [mutable("4:43")]],
    "deploy/crlf.yaml": [manifest("b").replaceAll("\n", "\r\n"), [mutable("4:43")]],
    "deploy/empty.yaml": ["", []],
    "deploy/comment.yaml": ["# apiVersion: v1\n# kind: Pod\n", []],
    "deploy/syntax.yaml": [`${manifest("c")}x: [a\n`, ["5:5 kubernetes/no-syntax-error"]],
    "deploy/nul.yaml": [manifest("d", "# \0\n"), ["5:3 kubernetes/no-syntax-error"]],
    "deploy/utf-16.yaml": [Buffer.from(`\uFEFF${manifest("e")}`, "utf16le"), ["utf-16"]],
    "deploy/proto.yaml": [
      manifest("__proto__", "__proto__: { a: 1 }\nconstructor: x\n").replace("spec:", "toString: 1\nspec:"),
      [mutable("5:43")],
    ],
    "deploy/bomb.yaml": [BOMB + config("*a10"), []],
    "deploy/bomb-of-merges.yaml": [
      `m0: &m0 { x: "1" }\n${Array.from({ length: 40 }, (_, n) => `m${n + 1}: &m${n + 1} { <<: [*m${n}, *m${n}] }\n`).join("")}${config("*m40")}`,
      [],
    ],
    "deploy/bomb-of-lists.yaml": [`${BOMB}${config("{ <<: *a10 }")}`, []],
    "deploy/loop.yaml": [config("&a { b: *a, <<: *a }"), []],
    "src/bom.ts": [`\uFEFF${TYPO}`, [typo("1:4")]],
    "src/crlf.ts": [`\r\n${TYPO}\r\n`, [typo("2:4")]],
    "src/syntax.ts": [`${TYPO}const a = ;\n`, ["2:11 core/no-syntax-error"]],
    "src/bytes.ts": [
      Buffer.concat([Buffer.from(`${TYPO}// `), Buffer.from([0xff, 10])]),
      [typo("1:4"), "invalid-utf8"],
    ],
    "src/nul.ts": [`${TYPO}const a = "\0";\0\n`, ["2:15 core/no-syntax-error"]],
    "package.json": ['{ "name": "__proto__", "dependencies": { "__proto__": "1", "constructor": [] } }', []],
    "a/package.json": ["[1", []],
    "a/tsconfig.json": ['{ "extends": "../b/tsconfig.json" }', []],
    "b/tsconfig.json": ['{ "extends": ["../a/tsconfig.json", "./tsconfig.json", 7] }', []],
    "b/package.json": [`{ "name": "n", "exports": ${nested('{ "a": ', "}", "1")} }`, []],
    CODEOWNERS: [`* @a\n${"**/".repeat(500)}x @b\n[ @c\n\\ @d\n! @e\n`, []],
  };

  it("each has its message, at its place, and costs no other", () => {
    const contents = Object.fromEntries(Object.entries(files).map(([file, [content]]) => [file, content]));
    const report = checked(yantra(JSON_RUN, { cwd: folder(contents) }));
    expect(report.code).toBe(1);
    const told = toldOf(report);
    for (const [file, [, expected]] of Object.entries(files)) {
      const here = (told[file] ?? []).filter((one) =>
        /no-syntax-error|no-drop-column|no-mutable-image|valid-annotation|^[a-z]/.test(one),
      );
      expect({ [file]: here }).toEqual({ [file]: expected });
    }
  });
});

it("10,000-fold nesting is told, in every language, and costs no neighbour", () => {
  const code: Record<string, string> = {
    paren: `x = ${nested("(", ")", "1")}`,
    array: `x = ${nested("[", "]")}`,
    block: nested("{", "}"),
    call: nested("f(", ")", "1"),
    ternary: `x = ${"a ? b : ".repeat(DEEP)}c`,
    chain: `x = a${".b()".repeat(DEEP)}`,
    sum: `x = ${"1 + ".repeat(DEEP)}1`,
    template: `x = ${nested("`${", "}`", "1")}`,
    elses: `${"if (a) {} else ".repeat(DEEP)}{}`,
    jsx: nested("<a>", "</a>"),
  };
  const sql: Record<string, string> = {
    paren: `SELECT ${nested("(", ")", "1")};`,
    case: `SELECT ${nested("CASE WHEN true THEN ", " END", "1")};`,
    select: `SELECT ${nested("(SELECT ", ")", "1")};`,
    not: `SELECT ${"NOT ".repeat(DEEP)}true;`,
  };
  const yaml: Record<string, string> = {
    flow: nested("[", "]"),
    maps: nested("{ a: ", "}", "1"),
    block: `\n  ${"- ".repeat(DEEP)}a`,
    open: "[".repeat(DEEP),
  };
  const cwd = folder({
    ...Object.fromEntries(
      Object.entries(code).map(([name, text]) => [
        `src/${name}.${name === "jsx" ? "tsx" : "ts"}`,
        `${TYPO}${text};\n`,
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(sql).map(([name, text], n) => [`migrations/000${n}_${name}.sql`, `${text}\n${DROP}`]),
    ),
    ...Object.fromEntries(Object.entries(yaml).map(([name, text]) => [`deploy/${name}.yaml`, config(text)])),
    "migrations/0009_comments.sql": `${nested("/*", "*/")}${DROP}`,
    "deploy/deep.json": `{ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "n" }, "data": ${nested("[", "]")} }`,
    "deploy/healthy.yaml": manifest("healthy"),
    "src/healthy.ts": TYPO,
  });
  const report = checked(yantra(JSON_RUN, { cwd }));
  expect(report.code).toBe(1);
  const told = toldOf(report);
  for (const name of Object.keys(code).filter((one) => one !== "jsx"))
    expect(told[`src/${name}.ts`], name).toEqual(["1:1 core/no-syntax-error"]);
  expect(told["src/jsx.tsx"]).toEqual(["1:1 core/no-syntax-error"]);
  expect(report.findings.find(({ path: file }) => file === "src/paren.ts")?.message).toContain(
    "It is nested too deeply",
  );
  for (const [n, name] of Object.keys(sql).entries()) {
    const here = told[`migrations/000${n}_${name}.sql`];
    expect(
      here?.some((one) => /^1:\d+ sql\/no-syntax-error$/.test(one)),
      name,
    ).toBe(true);
    expect(here, name).toContain("2:20 sql/no-drop-column");
  }
  for (const name of Object.keys(yaml))
    expect(told[`deploy/${name}.yaml`], name).toEqual(["manifest-too-deep"]);
  expect(told["deploy/deep.json"]).toEqual(["manifest-too-deep"]);
  expect(told["migrations/0009_comments.sql"]).toContain("1:40020 sql/no-drop-column");
  expect(told["deploy/healthy.yaml"]).toContain("4:43 kubernetes/no-mutable-image");
  expect(told["src/healthy.ts"]).toEqual(["1:4 code/valid-annotation"]);
});

it("what is no file with a text is passed by or told, and nothing waits for it", () => {
  const cwd = folder({
    "migrations/0001_a.sql": DROP,
    "migrations/0002_folder.sql/x.txt": "",
    "src/a.ts": TYPO,
    "deploy/large.yaml": manifest("large") + "# pad\n".repeat((50 * MB) / 6),
    "migrations/0003_large.sql": DROP + "-- pad\n".repeat((50 * MB) / 7),
    "src/large.ts": TYPO + "// pad\n".repeat((50 * MB) / 7),
  });
  execFileSync("mkfifo", [path.join(cwd, "deploy/fifo.yaml")]);
  fs.symlinkSync("..", path.join(cwd, "src/loop"));
  fs.symlinkSync("self.ts", path.join(cwd, "src/self.ts"));
  fs.symlinkSync("nowhere.sql", path.join(cwd, "migrations/0004_dangling.sql"));
  fs.symlinkSync("/dev/zero", path.join(cwd, "deploy/zero.yaml"));
  fs.writeFileSync(
    Buffer.concat([Buffer.from(`${cwd}/migrations/0005_`), Buffer.from([0xff]), Buffer.from(".sql")]),
    DROP,
  );
  const tooLarge = ["deploy/large.yaml", "migrations/0003_large.sql", "src/large.ts"];
  for (const git of [false, true]) {
    if (git) execFileSync("git", ["init", "--quiet"], { cwd });
    const report = checked(yantra(JSON_RUN, { cwd }));
    expect(report.code).toBe(1);
    expect(toldOf(report)).toEqual({
      "migrations/0001_a.sql": ["1:20 sql/no-drop-column"],
      "src/a.ts": ["1:4 code/valid-annotation"],
      ...Object.fromEntries(tooLarge.map((file) => [file, ["file-too-large"]])),
      "migrations/0005_\uFFFD.sql": ["misnamed"],
    });
  }
  const { code, stdout } = yantra(["deploy/fifo.yaml", "migrations/0001_a.sql", "--no-cache"], { cwd });
  expect(code).toBe(1);
  expect(stdout).toContain("deploy/fifo.yaml: The file was named, but");
});

it("a file that cannot be read is told, and the others are checked", () => {
  const cwd = folder({ "migrations/0001_a.sql": DROP, "migrations/0002_b.sql": DROP });
  // Root reads whatever its permissions are, so reading fails in the program itself.
  const preload = `import fs from "node:fs";
    const { readFileSync } = fs;
    fs.readFileSync = (file, ...rest) => {
      if (String(file).endsWith("0001_a.sql")) throw new Error("EACCES: permission denied, open '" + file + "'");
      return readFileSync(file, ...rest);
    };`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
  const { code, stdout, stderr } = yantra(["--no-cache"], { cwd, env });
  expect([code, stderr]).toEqual([1, ""]);
  expect(stdout).toContain("migrations/0001_a.sql: The file could not be read: EACCES: permission denied.");
  expect(stdout).toContain("migrations/0002_b.sql:1:20  error  yantra/sql/no-drop-column");
});

describe("names", () => {
  const NAMES = [
    "sp ace",
    "new\nline",
    "\u001b[31mred\u0007",
    "\u009b31m",
    "::error::x",
    "%0A::error::y",
    "back`tick`",
    "pi|pe",
    "<script>alert(1)<",
    "<!-- x --",
    "right\u202eleft",
    "cd]]>&amp;",
    "@everyone",
    "[a](http:b)",
    "-rf",
    "'\"",
    "tab\tx",
    "carriage\rreturn",
    "$(id)",
    "__proto__",
    "\u2028separator",
    "😀",
  ];
  const files = Object.fromEntries(
    NAMES.map((name, n) => [`m/migrations/00${String(n).padStart(2, "0")}_${name}.sql`, DROP]),
  );
  const FORMATS = ["pretty", "json", "sarif", "github", "gitlab", "junit", "markdown"];
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

  it("do nothing in any format but name the file", () => {
    const cwd = folder(files);
    const outputs = FORMATS.flatMap((format) => ["--format", `${format}:out/${format}`]);
    const { code, stderr, stdout } = yantra(["--no-cache", ...outputs], { cwd });
    expect([code, stdout, stderr]).toEqual([1, "", ""]);
    const told = Object.fromEntries(
      FORMATS.map((format) => [format, fs.readFileSync(path.join(cwd, "out", format), "utf8")]),
    );
    for (const format of ["pretty", "markdown", "junit"]) expect(told[format], format).not.toMatch(RAW);
    for (const [format, text] of Object.entries(told)) expect(text, format).not.toMatch(TRACE);

    const { findings } = JSON.parse(told["json"] ?? "") as JsonReport;
    expect(new Set(findings.map((finding) => finding.path))).toEqual(new Set(Object.keys(files)));

    // Each line is one command of ours, and no name adds one.
    const commands = (told["github"] ?? "").trimEnd().split(/\r\n|[\n\r]/);
    expect(commands).toHaveLength(findings.length);
    for (const command of commands) expect(command).toMatch(/^::(?:error|warning) file=[^:,]*,line=\d+,/);

    const rows = (told["markdown"] ?? "").split("\n").filter((line) => line.startsWith("| error"));
    for (const row of rows) expect(row.replaceAll("\\|", "").match(/\|/g), row).toHaveLength(4);
    expect(told["markdown"]).not.toMatch(/^[^`]*(?:<script|@everyone|\]\(http)/m);

    expect(told["junit"]).not.toContain("<script");
    expect(told["junit"]).not.toContain("]]>");

    const sarif = JSON.parse(told["sarif"] ?? "") as {
      runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
    };
    const uris = sarif.runs[0]?.results.map(
      ({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri ?? "",
    );
    expect(new Set(uris?.map((uri) => decodeURIComponent(uri)))).toEqual(new Set(Object.keys(files)));
    for (const uri of uris ?? []) expect(uri).toMatch(/^[\w\-.~/%!$&'()*+,;=:@]+$/);
  });
});

describe("the cache", () => {
  const files = { "migrations/0001_a.sql": DROP, "src/a.ts": TYPO };
  const run = (cwd: string, location: string): Ended => yantra(["--cache-location", location], { cwd });

  it.each<[string, (cwd: string) => string, RegExp]>([
    [
      "is a file",
      (cwd) => {
        fs.writeFileSync(path.join(cwd, "cache"), "");
        return "cache";
      },
      /the cache could not be written \(E(?:EXIST|NOTDIR)/,
    ],
    [
      "cannot be made",
      (cwd) => {
        // Root may write to what is read-only by permission, so the file system's answer is given in its place.
        fs.writeFileSync(
          path.join(cwd, "preload.mjs"),
          `import fs from "node:fs";
           fs.mkdirSync = (folder) => { throw new Error("EROFS: read-only file system, mkdir '" + folder + "'"); };`,
        );
        return "cache";
      },
      /the cache could not be written \(EROFS: read-only file system\)/,
    ],
    [
      "is on a full disk",
      (cwd) => {
        // Node gives the temporary file the program's own number: /dev/full stands in for any of them.
        fs.mkdirSync(path.join(cwd, "cache"));
        fs.writeFileSync(
          path.join(cwd, "preload.mjs"),
          `import fs from "node:fs";
           const { writeFileSync } = fs;
           fs.writeFileSync = (file, ...rest) => writeFileSync(String(file).endsWith(".tmp") ? "/dev/full" : file, ...rest);`,
        );
        return "cache";
      },
      /the cache could not be written \(ENOSPC: no space left on device\)/,
    ],
  ])("that %s costs speed and nothing else", (_, prepare, message) => {
    const cwd = folder(files);
    const location = prepare(cwd);
    const preload = path.join(cwd, "preload.mjs");
    const env = fs.existsSync(preload) ? { NODE_OPTIONS: `--import=${preload}` } : {};
    const { code, stdout, stderr } = yantra(["--cache-location", location], { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout).toContain("migrations/0001_a.sql:1:20");
    expect(stdout).toContain("src/a.ts:1:4");
    const cache = path.join(cwd, "cache");
    if (fs.statSync(cache, { throwIfNoEntry: false })?.isDirectory())
      expect(fs.readdirSync(cache)).toEqual([]);
  });

  it("that is cut short, foreign or of other types is no cache, and is written anew", () => {
    const cwd = folder(files);
    const wanted = run(cwd, "cache").stdout;
    const file = path.join(cwd, "cache/results.json");
    const good = fs.readFileSync(file, "utf8");
    const broken = [good.slice(0, good.length / 2), "\0".repeat(100), nested("[", "]"), '{"__proto__":1}'];
    for (const content of broken) {
      fs.writeFileSync(file, content);
      expect(run(cwd, "cache")).toEqual({ code: 1, stdout: wanted, stderr: "" });
      expect(resultsIn(fs.readFileSync(file, "utf8"))).toEqual(resultsIn(good));
    }
  });

  it("survives a run that is killed while it writes", () => {
    const cwd = folder(files);
    const wanted = run(cwd, "cache").stdout;
    const good = fs.readFileSync(path.join(cwd, "cache/results.json"), "utf8");
    fs.writeFileSync(path.join(cwd, "src/b.ts"), TYPO);
    const preload = `import fs from "node:fs";
      const { writeFileSync } = fs;
      fs.writeFileSync = (file, text, ...rest) => {
        if (!String(file).endsWith(".tmp")) return writeFileSync(file, text, ...rest);
        writeFileSync(file, text.slice(0, text.length / 2), ...rest);
        process.kill(process.pid, "SIGKILL");
      };`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
    expect(yantra(["--cache-location", "cache"], { cwd, env }).code).toBeNull();
    expect(fs.readFileSync(path.join(cwd, "cache/results.json"), "utf8")).toBe(good);
    fs.rmSync(path.join(cwd, "src/b.ts"));
    expect(run(cwd, "cache")).toEqual({ code: 1, stdout: wanted, stderr: "" });
  });

  it("is whole after runs at the same time, which all say the same", async () => {
    const cwd = folder({
      ...files,
      ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`deploy/${n}.yaml`, manifest(`p${n}`)])),
    });
    const program = path.join(ROOT, "packages/cli/bin/yantra-lint.js");
    const ended = await Promise.all(
      [1, 2, 3].map(
        async () =>
          await new Promise<[number | null, string]>((resolve) => {
            const child = spawn(
              process.execPath,
              [program, "--format", "json", "--cache-location", "cache"],
              {
                cwd,
                stdio: ["ignore", "pipe", "inherit"],
              },
            );
            let stdout = "";
            child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
            child.on("close", (code) => {
              resolve([code, stdout]);
            });
          }),
      ),
    );
    expect(new Set(ended.map(([code]) => code))).toEqual(new Set([1]));
    expect(new Set(ended.map(([, stdout]) => stdout)).size).toBe(1);
    expect(fs.readdirSync(path.join(cwd, "cache"))).toEqual(["results.json"]);
    const stored = JSON.parse(fs.readFileSync(path.join(cwd, "cache/results.json"), "utf8")) as {
      entries: object;
    };
    expect(Object.keys(stored.entries)).toHaveLength(42);
  });
});

describe("git", () => {
  const files = { "migrations/0001_a.sql": DROP };
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  function repository(): string {
    const cwd = folder(files);
    git(cwd, "init", "--quiet", "--initial-branch=main");
    git(cwd, "add", "--all");
    git(cwd, "commit", "--quiet", "--message=x");
    return cwd;
  }
  const whole = /migrations\/0001_a\.sql:1:20|1 finding was there before/;

  it("that is absent, broken, detached, of a linked work tree or a submodule does not keep files from being read", () => {
    const plain = folder(files);
    const corrupt = repository();
    fs.writeFileSync(path.join(corrupt, ".git/index"), "garbage");
    const detached = repository();
    git(detached, "checkout", "--quiet", "--detach");
    const main = repository();
    git(main, "worktree", "add", "--quiet", "linked");
    const outer = repository();
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", main, "sub");
    for (const [cwd, env] of [
      [plain, { PATH: "/nonexistent" }],
      [detached, {}],
      [path.join(main, "linked"), {}],
      [path.join(outer, "sub"), {}],
      [outer, {}],
    ] as const) {
      const { code, stdout, stderr } = yantra(["--no-cache"], { cwd, env });
      expect(stdout, cwd).toMatch(whole);
      expect(stderr).toBe("");
      expect(code, cwd).toBe(stdout.includes("✖") ? 1 : 0);
    }
    // What changed cannot be told, and is not guessed.
    const { code, stdout, stderr } = yantra(["--no-cache"], { cwd: corrupt });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^yantra-lint: git [\w-]+ failed, so the base cannot be read\. Look whether `git fsck` finds [^\n]+\n$/,
    );
  });

  it("of a bare repository has no files to check", () => {
    const cwd = folder();
    git(cwd, "init", "--quiet", "--bare");
    const { code, stdout, stderr } = yantra(["--no-cache"], { cwd });
    expect([code, stdout, stderr]).toEqual([0, "✔ No findings; 0 files checked.\n", ""]);
  });
});

describe("files that configure", () => {
  it.each<[string, string, RegExp]>([
    ["an alias bomb", `${BOMB}rules: *a10\n`, /yantra\.config\.yaml.*alias/i],
    [
      "__proto__",
      '{ "__proto__": { "preset": "strict" } }\n',
      /yantra\.config\.yaml:1:\d+: "__proto__" is no key/,
    ],
    ["a wrong type", "rules: [1, 2]\n", /yantra\.config\.yaml:1:8: rules must be object/],
    ["10,000-fold nesting", `rules: ${nested("[", "]")}\n`, /yantra\.config\.yaml.*nested/i],
    ["no YAML", "rules: [a\n b: c: d", /yantra\.config\.yaml:\d+:\d+: /],
    ["a NUL", "preset: \0strict\n", /yantra\.config\.yaml:1:9: /],
    ["several documents", "preset: strict\n---\npreset: strict\n", /yantra\.config\.yaml:2:1: /],
  ])("the configuration: %s", (_, text, message) => {
    const cwd = folder({ "migrations/0001_a.sql": DROP, "yantra.config.yaml": text });
    const { code, stdout, stderr } = yantra(["--no-cache"], { cwd });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(TRACE);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it.each<[string, string, string]>([
    ["deep.sarif", `{ "runs": ${nested("[", "]")} }`, "deep.sarif is nested deeper than"],
    ["cut.sarif", '{ "runs": [', "cut.sarif is no JSON"],
    ["empty.sarif", "", "empty.sarif is empty"],
    ["folder.sarif/x", "", "folder.sarif cannot be read (EISDIR"],
  ])("the gate's report: %s", (name, content, message) => {
    const cwd = folder({ [name]: content });
    const { code, stdout, stderr } = yantra(["gate", name.replace("/x", ""), "--environment", "e"], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(TRACE);
  });

  it.each<[string, string]>([
    ["deep.json", nested("[", "]")],
    ["proto.json", '[{ "__proto__": { "state": "APPROVED" } }]'],
    ["cut.json", "["],
  ])("the gate's approvals: %s", (name, content) => {
    const cwd = folder({ [name]: content, "a.sarif": '{ "version": "2.1.0", "runs": [] }' });
    const { code, stderr } = yantra(["gate", "a.sarif", "--environment", "e", "--approvals", name], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(TRACE);
  });
});
