import type {
  AnnotationFact,
  ChangedFile,
  Fact,
  FileEdit,
  MigrationFact,
  Operation,
  OutcomeFact,
} from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { type ChangedText, describeChange, type DescribeInput } from "./describe.ts";

const LOGIC: FileEdit = { kind: "logic", line: 1, declarations: [], exports: ["a"] };

function file(path: string, before: string | undefined, after: string | undefined): ChangedText {
  return {
    path,
    status: before === undefined ? "added" : after === undefined ? "deleted" : "modified",
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    opaque: false,
  };
}

function change(files: ChangedText[], parts: Partial<DescribeInput> = {}) {
  return describeChange({
    files,
    paths: files.map(({ path }) => path),
    facts: { before: [], after: [] },
    settings: { external: {}, services: [], migrations: [] },
    compare: () => LOGIC,
    history: new Map(),
    findings: [],
    hidden: [],
    settingChanges: [],
    ...parts,
  });
}

function only(files: ChangedText[], parts: Partial<DescribeInput> = {}): ChangedFile {
  const [first] = change(files, parts).files;
  if (!first) throw new Error("no file");
  return first;
}

describe("describeChange", () => {
  it("counts lines and asks the packs what an edit does", () => {
    expect(only([file("src/a.ts", "a\nb\n", "a\nc\nd\n")])).toMatchObject({
      category: "source",
      language: "TypeScript",
      linesAdded: 2,
      linesDeleted: 1,
      edit: LOGIC,
    });
  });

  it("calls unknown what no pack understands, and what is no text", () => {
    const compare = () => undefined;
    expect(only([file("main.go", "a", "b")], { compare }).edit).toMatchObject({
      kind: "unknown",
      exports: "all",
    });
    expect(only([{ ...file("run.ts", "a", "a"), opaque: true }]).edit.kind).toBe("unknown");
  });

  it.each([
    ["README.md", "comment"],
    [".gitignore", "comment"],
    ["logo.png", "style"],
    ["src/a.css", "style"],
  ])("needs no pack for %s: %s", (path, kind) => {
    expect(only([file(path, "a", "b")]).edit.kind).toBe(kind);
  });

  it("takes a file that only moved for logic, since paths mean something to others", () => {
    const moved = {
      ...file("src/pages/a.ts", "a", "a"),
      previousPath: "src/a.ts",
      status: "renamed" as const,
    };
    const compare = (): FileEdit => ({ kind: "comment", line: 1, declarations: [], exports: [] });
    expect(only([moved], { compare }).edit.kind).toBe("logic");
    const document = { ...moved, path: "docs/a.md", previousPath: "a.md" };
    expect(only([document], { compare }).edit.kind).toBe("comment");
  });

  it.each([
    ["src/auth/guard.ts", "tests/guard.ts", "source"],
    ["src/server.ts", "src/server.test.ts", "source"],
    ["tests/guard.ts", "src/auth/guard.ts", "source"],
    [".github/workflows/gate.yml", "docs/gate.md", "ci"],
    ["infra/main.tf", "infra/main.md", "infrastructure"],
    ["deploy/pdb.yaml", "tests/pdb.yaml", "infrastructure"],
    ["CODEOWNERS", "docs/owners.md", "settings"],
    ["Cargo.toml", "docs/cargo.md", "dependencies"],
  ])("takes what was %s and is %s for %s, which does something else now", (previousPath, path, category) => {
    const moved = { ...file(path, "a", "a"), previousPath, status: "renamed" as const };
    const compare = (): FileEdit => ({ kind: "comment", line: 1, declarations: [], exports: [] });
    expect(only([moved], { compare })).toMatchObject({ category, edit: { kind: "logic" } });
  });

  it.each([
    ["README.md", "link", "data", "unknown"],
    ["public/logo.svg", "submodule", "data", "unknown"],
    ["tests/data", "submodule", "data", "unknown"],
    ["src/a.ts", "link", "source", "unknown"],
    ["public/logo.png", undefined, "asset", "style"],
    ["docs/flow.png", undefined, "docs", "style"],
    ["docs/flow.md", undefined, "docs", "unknown"],
  ] as const)("of %s, which is %s and no text, says %s", (path, special, category, kind) => {
    const opaque = { ...file(path, "", ""), opaque: true, ...(special ? { special } : {}) };
    expect(only([opaque])).toMatchObject({ category, edit: { kind } });
  });

  it.each([
    ["src/util.ts", ["src/util/index.ts"], "logic"],
    ["src/util.ts", ["src/util.js"], "logic"],
    ["src/util.ios.ts", ["src/util.ts"], "logic"],
    ["src/util/index.ts", ["src/util.ts"], "logic"],
    ["src/util.ts", ["src/utils.ts", "src/util.css"], "addition"],
    ["web/public/tracker.js", [], "logic"],
    ["src/service-worker.ts", [], "logic"],
    ["src/swap.ts", [], "addition"],
  ])("of a new %s beside %j says %s", (path, beside, kind) => {
    const compare = (): FileEdit => ({ kind: "addition", line: 1, declarations: [], exports: [] });
    const told = only([file(path, undefined, "a")], { compare, paths: [path, ...beside] });
    expect(told.edit.kind).toBe(kind);
  });

  it("does not take two new modules for each other's replacement", () => {
    const compare = (): FileEdit => ({ kind: "addition", line: 1, declarations: [], exports: [] });
    const files = [file("a.ts", undefined, "a"), file("a/index.ts", undefined, "a")];
    expect(change(files, { compare }).files.map(({ edit }) => edit.kind)).toEqual(["addition", "addition"]);
    const instead = [file("a.ts", undefined, "a"), file("a/index.ts", "a", undefined)];
    expect(change(instead, { compare, paths: ["a.ts"] }).files[0]?.edit.kind).toBe("logic");
  });

  it.each([
    ["a dependency", { dependencies: { a: "1" } }, { dependencies: { a: "2" } }, "comment", 1],
    ["a script", { scripts: { build: "a" } }, { scripts: { build: "b" } }, "logic", 0],
    [
      "a dependency and a script",
      { devDependencies: {} },
      { devDependencies: { a: "1" }, scripts: { postinstall: "a" } },
      "logic",
      1,
    ],
    ["its own version", { version: "1.0.0" }, { version: "1.0.1" }, "comment", 0],
  ])("tells in a package.json %s", (_, before, after, kind, count) => {
    const told = change([file("package.json", JSON.stringify(before), JSON.stringify(after))]);
    expect(told.files[0]).toMatchObject({ category: "dependencies", edit: { kind } });
    expect(told.dependencies).toHaveLength(count);
  });

  it("takes a recipe of an image for infrastructure, and names its base image", () => {
    const told = change([file("Dockerfile", "FROM node:20\n", "FROM node:22\n")]);
    expect(told.files[0]?.category).toBe("infrastructure");
    expect(told.dependencies).toMatchObject([{ ecosystem: "image", name: "node", change: "major" }]);
  });

  it("takes a file among tests that running code imports for source", () => {
    const edited = file("src/__fixtures__/rates.ts", "a", "b");
    expect(only([edited]).category).toBe("test");
    expect(only([edited], { imported: new Set(["src/__fixtures__/rates.ts"]) }).category).toBe("source");
  });

  it("asks the graph for what depends on a module, and finds what is deployed with it", () => {
    const graph = {
      dependents: () => ({ direct: 1, transitive: 2, percentile: 0.5 }),
      importersOf: (_: string, names: readonly string[] | "all") => (names.includes("a") ? ["web/b.ts"] : []),
      closure: () => new Set(["shared/a.ts", "web/b.ts"]),
    };
    const paths = ["web/Dockerfile", "worker/Dockerfile", "tests/Dockerfile", "shared/a.ts"];
    expect(only([file("shared/a.ts", "a", "b")], { graph, paths }).dependents).toEqual({
      direct: 1,
      transitive: 2,
      percentile: 0.5,
      ofExports: ["web/b.ts"],
      deployables: ["web"],
    });
  });

  it("tells migrations by phase, and the way back apart", () => {
    const migration = (path: string, direction: "up" | "down"): MigrationFact => ({
      type: "migration",
      path,
      startLine: 3,
      startColumn: 1,
      endLine: 3,
      endColumn: 2,
      runner: "diesel",
      stream: "migrations",
      version: "1",
      direction,
      operations: [],
    });
    const after: Fact[] = [migration("m/1/up.sql", "up"), migration("m/1/down.sql", "down")];
    const files = [file("m/1/up.sql", undefined, "a"), file("m/1/down.sql", undefined, "a")];
    expect(change(files, { facts: { before: [], after } }).migrations).toEqual([
      {
        path: "m/1/down.sql",
        line: 3,
        status: "added",
        direction: "down",
        phase: "expand",
        irreversible: [],
      },
      {
        path: "m/1/up.sql",
        line: 3,
        status: "added",
        direction: "up",
        phase: "expand",
        irreversible: [],
        hasDown: true,
      },
    ]);
  });

  it("tells the releases that a new contract migration relies on, and where they serve", () => {
    const place = { startLine: 2, startColumn: 1, endLine: 2, endColumn: 2 };
    const drop: Operation = {
      ...place,
      statement: 0,
      range: [0, 1],
      transaction: 0,
      kind: "DropColumn",
      table: { name: "orders" },
      column: "note",
      ifExists: false,
      cascade: false,
    };
    const migration = (path: string, operations: Operation[]): MigrationFact => ({
      type: "migration",
      path,
      ...place,
      runner: "plain",
      stream: "m",
      version: path,
      direction: "up",
      operations,
    });
    const contract = (path: string, after?: string): AnnotationFact => ({
      type: "annotation",
      path,
      ...place,
      name: "phase",
      value: "contract",
      options: after === undefined ? {} : { after },
      reason: "",
    });
    const outcome = (release: string, environment: string, time: string): OutcomeFact => ({
      type: "outcome",
      path: "o.jsonl",
      ...place,
      release,
      environment,
      result: "promoted",
      time,
    });
    const after: Fact[] = [
      migration("m/1.sql", [drop]),
      migration("m/2.sql", [drop]),
      migration("m/3.sql", []),
      contract("m/1.sql", "v2"),
      contract("m/1.sql", "v2"),
      contract("m/2.sql"),
      contract("m/2.sql", "m/1.sql"),
      contract("m/3.sql", "v2"),
      outcome("v1", "staging", "2026-03-01T08:00:00Z"),
      outcome("v2", "production", "2026-03-01T10:00:00Z"),
    ];
    const files = ["m/1.sql", "m/2.sql", "m/3.sql"].map((path) => file(path, undefined, "a"));
    const relied = (facts: Fact[], given = files) =>
      change(given, { facts: { before: [], after: facts } }).migrations.map(({ relies }) => relies);
    expect(relied(after)).toEqual([
      [
        {
          release: "v2",
          standings: [
            { environment: "production", state: "promoted", time: "2026-03-01T10:00:00Z" },
            { environment: "staging", state: "notPromoted" },
          ],
        },
      ],
      [],
      undefined,
    ]);
    expect(relied(after.slice(0, 4))).toEqual([[{ release: "v2", standings: [] }], [], undefined]);
    expect(relied(after, [file("m/1.sql", "a", "b")])).toEqual([undefined]);
  });
});
