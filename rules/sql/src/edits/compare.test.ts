import type { FileEdit } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { compare } from "./compare.ts";

const edit = (before: string | undefined, after: string | undefined): FileEdit | undefined =>
  compare({
    path: "db/a.sql",
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });

const TABLE = "CREATE TABLE orders (id bigint);\n";

describe("the kind of an edit", () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ["comments, white space, case", "-- a\nSELECT  Id FROM t;\n", "select id\n  FROM T -- b\n;\n", "comment"],
    ["the case of quoted names and texts", "SELECT 'a';", "SELECT 'A';", "logic"],
    ["line endings", "SELECT 1;\nSELECT 2;\n", "SELECT 1;\r\nSELECT 2;\r\n", "comment"],
    ["a new file, whatever is in it", undefined, `${TABLE}DELETE FROM t;`, "addition"],
    ["a file that is gone", TABLE, undefined, "deletion"],
    ["a statement that creates something", TABLE, `${TABLE}CREATE INDEX i ON orders (id);`, "addition"],
    ["a statement that writes", TABLE, `${TABLE}UPDATE orders SET id = 1;`, "logic"],
    ["a trigger", TABLE, `${TABLE}CREATE TRIGGER x AFTER INSERT ON orders EXECUTE FUNCTION f();`, "logic"],
    ["a call", TABLE, `${TABLE}SELECT drop_everything();`, "logic"],
    [
      "a named query",
      "-- name: A :one\nSELECT 1;",
      "-- name: A :one\nSELECT 1;\n-- name: B :exec\nDELETE FROM t;",
      "addition",
    ],
    [
      "a statement under a heading of pg_dump, which is no query's name",
      TABLE,
      `${TABLE}-- Name: t; Type: TABLE DATA; Schema: public; Owner: -\nDELETE FROM t;`,
      "logic",
    ],
    ["a query's name", "-- name: A :one\nSELECT 1;", "-- name: B :one\nSELECT 1;", "deletion"],
    ["a statement less", `${TABLE}SELECT 1;`, TABLE, "deletion"],
    ["a statement that differs", TABLE, "CREATE TABLE orders (id int);", "logic"],
    [
      "another order",
      "ALTER TABLE a ADD b int; ALTER TABLE a ADD c int;",
      "ALTER TABLE a ADD c int; ALTER TABLE a ADD b int;",
      "logic",
    ],
    [
      "a runner's directive",
      "-- +goose Up\nSELECT 1;",
      "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;",
      "logic",
    ],
    ["a directive that goes", "-- no-transaction\nSELECT 1;", "SELECT 1;", "deletion"],
    ["data of a COPY", "COPY t FROM stdin;\n1\n\\.\n", "COPY t FROM stdin;\n2\n\\.\n", "logic"],
    ["a variable of psql", "\\set a 1\nSELECT 1;", "\\set a 2\nSELECT 1;", "logic"],
    ["a hint that MySQL runs", "SELECT /*!40000 1 */ 2;", "SELECT /*!40000 3 */ 2;", "logic"],
    ["comments around what is not PostgreSQL", "SHOW ENGINES x y;", "-- a\nSHOW ENGINES x y;", "comment"],
  ])("%s", (_, before, after, kind) => {
    expect(edit(before, after)?.kind).toBe(kind);
  });

  it.each<[string, string, string]>([
    ["a statement does not parse", TABLE, `${TABLE}CREATE TABEL a ();`],
    ["a statement of MySQL differs", "ALTER TABLE a ADD b int AFTER c;", "ALTER TABLE a ADD b int AFTER d;"],
    ["a template's statement differs", "SELECT ${a};", "SELECT ${b};"],
  ])("is not known when %s", (_, before, after) => {
    expect(edit(before, after)).toBeUndefined();
  });

  it("is not asked of other files", () => {
    expect(compare({ path: "a.ts", before: "1", after: "2" })).toBeUndefined();
  });
});

describe("what an edit touches", () => {
  it("names statements, with the comments above them", () => {
    const before = `-- One.\n${TABLE}\nDROP TABLE IF EXISTS "Old" CASCADE;\nALTER TABLE ONLY shop.orders\n  ADD a int;\n`;
    const after = `-- One.\n${TABLE}\n-- Why.\nALTER TABLE ONLY shop.orders\n  ADD a bigint;\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON orders (id);\n`;
    expect(edit(before, after)).toEqual({
      kind: "logic",
      line: 5,
      exports: [],
      declarations: [
        {
          name: "ALTER TABLE shop.orders",
          change: "changed",
          exported: false,
          before: { start: 5, count: 2 },
          after: { start: 4, count: 3 },
        },
        { name: "CREATE INDEX i", change: "added", exported: false, after: { start: 7, count: 1 } },
        { name: "DROP TABLE Old", change: "removed", exported: false, before: { start: 4, count: 1 } },
      ],
    });
  });

  it("shows the first line of a change of comments", () => {
    expect(edit("SELECT 1;\n-- a\n", "SELECT 1;\n-- b\n")).toMatchObject({
      kind: "comment",
      line: 2,
      declarations: [],
    });
  });
});
