import {
  type ChangedFileFact,
  type Fact,
  FactIndex,
  factsIn,
  type FileStatus,
  type Files,
  type Finding,
  runWorkspaceRule,
} from "@yantra-lint/core";
import { describe, expect, it, test } from "vitest";
import pack from "../index.ts";
import rule from "./no-edited-migration.ts";

const SQLX = { "Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' };
const PRISMA = { "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n' };
const A = "CREATE TABLE a (b int);\n";

/** The facts that the engine makes of a change from one repository to another. `moved`: new paths by old ones. */
function factsOfChange(before: Files, after: Files, moved: Files): Fact[] {
  const old = factsIn(pack, before);
  const renamed = new Map(Object.entries(moved).map(([from, to]) => [to, from]));
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(
    (path): ChangedFileFact[] => {
      const from = renamed.get(path) ?? path;
      if (before[from] === after[path] && from === path) return [];
      if (Object.hasOwn(moved, path)) return [];
      const status: FileStatus =
        from === path
          ? before[path] === undefined
            ? "added"
            : after[path] === undefined
              ? "deleted"
              : "modified"
          : "renamed";
      const edit = pack.compare?.({
        path,
        ...(before[from] === undefined ? {} : { before: before[from] }),
        ...(after[path] === undefined ? {} : { after: after[path] }),
      });
      const line = status === "deleted" ? 1 : (edit?.line ?? 1);
      const width = after[path]?.split("\n")[line - 1]?.length ?? 0;
      return [
        {
          type: "changedFile",
          path,
          startLine: line,
          startColumn: 1,
          endLine: line,
          endColumn: width + 1,
          status,
          ...(from === path ? {} : { previousPath: from }),
          edit: edit?.kind ?? "unknown",
          base: "abc1234",
          migrations: old.flatMap((fact) => (fact.type === "migration" && fact.path === from ? [fact] : [])),
        },
      ];
    },
  );
  return [...factsIn(pack, after), ...changes];
}

function findings(before: Files, after: Files, moved: Files = {}): Finding[] {
  return runWorkspaceRule("yantra/sql/no-edited-migration", rule, {
    facts: new FactIndex(factsOfChange(before, after, moved)),
  });
}

describe("silent", () => {
  test.each<[string, Files, Files, Files?]>([
    ["a new migration", { "migrations/1_a.sql": A }, { "migrations/1_a.sql": A, "migrations/2_b.sql": A }],
    [
      "comments and white space",
      { "migrations/1_a.sql": A },
      { "migrations/1_a.sql": `-- a\ncreate table a  (b int)` },
    ],
    [
      "Liquibase: a further changeset, white space, lines of its own, and one that runs on every change",
      {
        "db/changelog/1.sql": `--liquibase formatted sql\n--changeset a:1\n${A}--rollback DROP TABLE a;\n--changeset a:2 runOnChange:true\nSELECT 1;\n`,
      },
      {
        "db/changelog/1.sql": `--liquibase formatted sql\n--changeset a:1 labels:x\n--comment: why\n\n${A.replaceAll(" ", "  ")}--rollback DROP TABLE a CASCADE;\n/* liquibase rollback\nSELECT 1;\n*/\n--changeset a:2 runOnChange:true\nSELECT 2;\n--changeset a:3\nSELECT 3;\n`,
      },
    ],
    [
      "Liquibase: a comment in a changeset that says which checksums are right, and one whose old checksum nobody knows",
      {
        "db/changelog/1.sql": `--liquibase formatted sql\n--changeset a:1\n${A}--changeset a:2\n--validCheckSum: any\nSELECT 1;\n`,
      },
      {
        "db/changelog/1.sql": `--liquibase formatted sql\n--changeset a:1\n--validCheckSum: 9:abc\n-- why\n${A}--changeset a:2\n-- why\nSELECT 1;\n`,
      },
    ],
    [
      "Flyway: line ends and empty lines, which its checksum leaves out",
      { "db/migration/V1__a.sql": A },
      { "db/migration/V1__a.sql": `\uFEFF${A.replaceAll("\n", "\r\n")}\r\n\r\n` },
    ],
    ["a down migration", { "migrations/1_a.down.sql": A }, { "migrations/1_a.down.sql": "DROP TABLE a;" }],
    [
      "a down section",
      { "migrations/1_a.sql": `-- migrate:up\n${A}-- migrate:down\nDROP TABLE b;` },
      { "migrations/1_a.sql": `-- migrate:up\n${A}-- migrate:down\nDROP TABLE a;` },
    ],
    ["a repeatable script", { "migrations/R__v.sql": A }, { "migrations/R__v.sql": "SELECT 1;" }],
    ["a file that is no migration", { "src/q.sql": A }, { "src/q.sql": "SELECT 1;" }],
    [
      "a migration that moved to another directory, name and text unchanged",
      { "db/migrations/1_a.sql": A },
      { "shop/migrations/1_a.sql": A },
      { "db/migrations/1_a.sql": "shop/migrations/1_a.sql" },
    ],
    ["the same, when git has not told", { "db/migrations/1_a.sql": A }, { "shop/migrations/1_a.sql": A }],
    [
      "a description that a runner of versions does not look at",
      { "migrations/1_a.sql": A },
      { "migrations/1_b.sql": A },
    ],
    [
      "a stream that is gone as a whole",
      { "old/migrations/1_a.sql": A, "migrations/1_a.sql": A },
      { "migrations/1_a.sql": A },
    ],
  ])("%s", (_, before, after, moved) => {
    expect(findings(before, after, moved)).toEqual([]);
  });

  it("without a base", () => {
    expect(
      runWorkspaceRule("r", rule, { facts: new FactIndex(factsIn(pack, { "migrations/1_a.sql": A })) }),
    ).toEqual([]);
  });
});

describe("an edit", () => {
  it("of a comment in a changeset of Liquibase counts, and of one behind it, for its checksum has both", () => {
    const path = "db/changelog/1.sql";
    const head = `--liquibase formatted sql\n--changeset a:1\n`;
    const further = "--changeset a:2\nSELECT 2;\n";
    for (const edited of [`${head}-- why\n${A}${further}`, `${head}${A}-- the next one\n${further}`])
      expect(findings({ [path]: `${head}${A}` }, { [path]: edited })).toMatchObject([
        {
          messageId: "reworded",
          message: expect.stringContaining("Liquibase refuses to migrate such a database") as string,
        },
      ]);
  });

  it("of a changeset of Liquibase with validCheckSum does not make it refuse, unless another one was edited too", () => {
    const path = "db/changelog/1.sql";
    const changeset = (id: number, head: string, type: string): string =>
      `--changeset a:${id}\n${head}CREATE TABLE t${id} (b ${type});\n`;
    const before = `--liquibase formatted sql\n${changeset(1, "", "int")}${changeset(2, "", "int")}`;
    for (const valid of ["any", "9:0f1e2d"]) {
      const head = `--validCheckSum: ${valid}\n`;
      const one = `--liquibase formatted sql\n${changeset(1, head, "bigint")}${changeset(2, "", "int")}`;
      expect(findings({ [path]: before }, { [path]: one })).toMatchObject([
        {
          messageId: "edited",
          message: expect.stringContaining("Where its `validCheckSum` is right, Liquibase goes on") as string,
        },
      ]);
      const both = `--liquibase formatted sql\n${changeset(1, head, "bigint")}${changeset(2, "", "bigint")}`;
      expect(findings({ [path]: before }, { [path]: both })).toMatchObject([
        { messageId: "edited", message: expect.stringContaining("Liquibase refuses to migrate") as string },
      ]);
    }
  });

  it("is told at the first line that differs, with the way back", () => {
    const path = "migrations/0001_a.sql";
    expect(findings({ [path]: A }, { [path]: "-- a\nCREATE TABLE a (b bigint);\n" })).toEqual([
      {
        ruleId: "yantra/sql/no-edited-migration",
        messageId: "edited",
        level: "error",
        path,
        startLine: 2,
        startColumn: 1,
        endLine: 2,
        endColumn: 27,
        message:
          "This migration was there before the change, and databases have run it as it was. The runner does not run it again there, so the edit reaches new databases only: tests pass against a schema that production does not have. Restore it with `git checkout abc1234 -- migrations/0001_a.sql`, and make the change in a new migration.",
      },
    ]);
  });

  test.each<[string, Files, string, string]>([
    ["Flyway", {}, "migrations/V1__a.sql", "Flyway refuses to migrate such a database"],
    ["sqlx", SQLX, "migrations/1_a.sql", "sqlx refuses to migrate such a database"],
    [
      "Prisma",
      PRISMA,
      "prisma/migrations/20260101000000_a/migration.sql",
      "`migrate deploy` warns and goes on",
    ],
  ])("%s compares the file, comments included", (_, more, path, message) => {
    const reworded = findings({ ...more, [path]: A }, { ...more, [path]: `-- a\n${A}` });
    expect(reworded).toMatchObject([
      { messageId: "reworded", path, startLine: 1, startColumn: 1, endLine: 1, endColumn: 5 },
    ]);
    expect(reworded[0]?.message).toContain(message);
    const edited = findings({ ...more, [path]: A }, { ...more, [path]: "SELECT 1;" });
    expect(edited).toMatchObject([{ messageId: "edited", path }]);
    expect(edited[0]?.message).toContain(message);
  });

  it("is an edit of an up section too", () => {
    const text = (type: string): string =>
      `-- +goose Up\nCREATE TABLE a (b ${type});\n-- +goose Down\nDROP TABLE a;\n`;
    const path = "migrations/00001_a.sql";
    expect(findings({ [path]: text("int") }, { [path]: text("text") })).toMatchObject([
      { messageId: "edited", startLine: 2, message: expect.stringContaining("goose does not run it again") },
    ]);
  });

  it("may come with a move", () => {
    expect(
      findings(
        { "db/migrations/1_a.sql": A },
        { "x/migrations/1_a.sql": "SELECT 1;" },
        { "db/migrations/1_a.sql": "x/migrations/1_a.sql" },
      ),
    ).toMatchObject([
      {
        messageId: "edited",
        path: "x/migrations/1_a.sql",
        message: expect.stringContaining("-- db/migrations/1_a.sql`"),
      },
    ]);
  });
});

describe("another name", () => {
  const B = "CREATE TABLE b (c int);\n";

  test.each<[string, Files]>([
    ["git has told", { "migrations/1_a.sql": "migrations/3_a.sql" }],
    ["git has not told", {}],
  ])("is told at the new file when %s", (_, moved) => {
    const found = findings(
      { "migrations/1_a.sql": A, "migrations/2_b.sql": B },
      { "migrations/2_b.sql": B, "migrations/3_a.sql": A },
      moved,
    );
    expect(found).toMatchObject([
      {
        messageId: "renamed",
        path: "migrations/3_a.sql",
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 23,
      },
    ]);
    expect(found[0]?.message).toBe(
      'Migration "1" was there before the change and is called "3" now. The runner takes it for a new migration and runs it a second time on databases that have it: it fails there, or does its work twice. Give it its old name back, and its old text: `git checkout abc1234 -- migrations/1_a.sql`.',
    );
  });

  it("stops sqlx, or makes it run twice", () => {
    const found = findings(
      { ...SQLX, "migrations/1_a.sql": A, "migrations/2_b.sql": B },
      { ...SQLX, "migrations/2_b.sql": B, "migrations/3_a.sql": A },
    );
    expect(found).toMatchObject([
      {
        messageId: "renamed",
        message: expect.stringContaining(
          " sqlx looks for the old one in every database that has run it, and stops when it is not there. Where the program calls `set_ignore_missing(true)`, it takes it for a new migration and runs it a second time on databases that have it: it fails there, or does its work twice. Give it",
        ) as string,
      },
    ]);
  });

  it("is another migration where the runner goes by the file's name", () => {
    const found = findings({ "migrations/V1__a.sql": A }, { "migrations/V1__b.sql": A });
    expect(found).toMatchObject([{ messageId: "renamed", path: "migrations/V1__b.sql" }]);
    expect(found[0]?.message).toContain(
      'Migration "V1__a.sql" was there before the change and is called "V1__b.sql" now. Flyway looks for',
    );
  });
});

describe("a migration that is gone", () => {
  it("is told at the place it had", () => {
    const found = findings(
      { "migrations/1_a.sql": A, "migrations/2_b.sql": "SELECT 1;" },
      { "migrations/1_a.sql": A },
    );
    expect(found).toMatchObject([
      {
        messageId: "deleted",
        path: "migrations/2_b.sql",
        startLine: 1,
        startColumn: 1,
        endLine: 1,
        endColumn: 1,
      },
    ]);
    expect(found[0]?.message).toBe(
      "This migration was there before the change, and is gone. Databases that have run it keep what it made, and new ones never get it: tests pass against a schema that production does not have. Restore it with `git checkout abc1234 -- migrations/2_b.sql`, and undo what it did in a new migration.",
    );
  });

  it("stops runners that need its file", () => {
    const found = findings(
      { "migrations/V1__a.sql": A, "migrations/V2__b.sql": A },
      { "migrations/V1__a.sql": A },
    );
    expect(found).toMatchObject([
      { messageId: "deleted", message: expect.stringContaining("Flyway stops at a database") },
    ]);
    const ofSqlx = findings(
      { ...SQLX, "migrations/1_a.sql": A, "migrations/2_b.sql": A },
      { ...SQLX, "migrations/1_a.sql": A },
    );
    expect(ofSqlx).toMatchObject([
      {
        messageId: "deleted",
        message: expect.stringContaining(
          " sqlx stops at a database that has run a migration without a file, so this deployment and all later ones fail. Where the program calls `set_ignore_missing(true)`, databases that have run it keep what it made, and new ones never get it: tests pass against a schema that production does not have. Restore it",
        ) as string,
      },
    ]);
  });
});
