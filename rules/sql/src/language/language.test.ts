import { DEFAULT_SETTINGS } from "@yantra-lint/core";
import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import { pack } from "../index.ts";
import { detailsOfKind } from "./details.ts";
import { language } from "./language.ts";
import { parseFile } from "./parse.ts";
import { SqlSourceCode } from "./source-code.ts";
import { Catalog } from "../catalog/catalog.ts";

const rules = Object.fromEntries(Object.entries(pack.rules).map(([name, rule]) => [`sql/${name}`, rule]));

function lint(
  text: string,
  filename = "migrations/0001_x.sql",
  languageOptions: Record<string, unknown> = {},
) {
  const config: Record<string, unknown> = {
    files: ["**/*.sql"],
    plugins: { yantra: { languages: { sql: language }, rules } },
    language: "yantra/sql",
    languageOptions,
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { "yantra/sql/no-drop-column": "error", "yantra/sql/no-syntax-error": "error" },
  };
  return new Linter({ configType: "flat" }).verify(text, [config], { filename });
}

describe("language", () => {
  it.each([
    ["-- eslint-disable-next-line yantra/sql/no-drop-column -- nobody reads it\nALTER TABLE t DROP a;"],
    ["ALTER TABLE t DROP a; -- eslint-disable-line yantra/sql/no-drop-column -- nobody reads it"],
    [
      "/* eslint-disable yantra/sql/no-drop-column -- all agreed */\nALTER TABLE t DROP a;\nALTER TABLE t DROP b;",
    ],
  ])("is silenced by %j", (text) => {
    expect(lint(text)).toEqual([]);
  });

  it("is not silenced by a comment that names no rule, or another plugin's", () => {
    expect(lint("/* eslint-disable */\nALTER TABLE t DROP a;")).toMatchObject([{ line: 2 }]);
    expect(lint("/* eslint-disable no-console */\nALTER TABLE t DROP a;")).toMatchObject([{ line: 2 }]);
  });

  it("hears eslint-enable, and says which comment hides nothing", () => {
    const text =
      "-- eslint-disable yantra/sql/no-drop-column -- x\nALTER TABLE t DROP a;\n-- eslint-enable yantra/sql/no-drop-column\nALTER TABLE t DROP b;";
    expect(lint(text)).toMatchObject([{ line: 4 }]);
    expect(lint("-- eslint-disable-next-line yantra/sql/no-drop-column -- x\nSELECT 1;")).toMatchObject([
      { ruleId: null, line: 1 },
    ]);
  });

  it("ignores options that are meant for JavaScript, and files of other dialects", () => {
    const options = { ecmaVersion: 2024, sourceType: "module", globals: { a: true }, parserOptions: {} };
    expect(lint("SELECT 1;", "migrations/0001_x.sql", options)).toEqual([]);
    expect(lint("CREATE TABLE t (a INT AUTO_INCREMENT) ENGINE=InnoDB;")).toEqual([]);
  });

  it("supports selectors and the methods that ESLint's own rules call", () => {
    const seen: unknown[] = [];
    const probe = {
      meta: { languages: ["yantra/sql"] },
      create: (context: { sourceCode: SqlSourceCode }) => ({
        "Statement:has(DropColumn) > SetNotNull": (node: { column: string }) => seen.push(node.column),
        "File:exit"() {
          const { sourceCode } = context;
          seen.push(
            sourceCode.getAllComments().map((comment) => [comment.type, comment.value, comment.loc.start]),
          );
          seen.push(
            sourceCode.lines.length,
            sourceCode.getLocFromIndex(11),
            sourceCode.getIndexFromLoc({ line: 2, column: 3 }),
          );
        },
      }),
    };
    const text =
      "-- hello\r\nALTER TABLE t DROP a, ALTER b SET NOT NULL;\nALTER TABLE t ALTER c SET NOT NULL;";
    const config: Record<string, unknown> = {
      files: ["**/*.sql"],
      plugins: { yantra: { languages: { sql: language } }, x: { rules: { probe } } },
      language: "yantra/sql",
      rules: { "x/probe": "error" },
    };
    expect(
      new Linter({ configType: "flat" }).verify(text, [config], { filename: "migrations/1_x.sql" }),
    ).toEqual([]);
    expect(seen).toEqual(["b", [["Line", " hello", { line: 1, column: 1 }]], 3, { line: 2, column: 2 }, 12]);
  });

  it("asks the host what the file is and what stood before it", () => {
    const text = "ALTER TABLE t DROP COLUMN IF EXISTS a;";
    const kind = {
      name: "migration",
      details: {
        dialect: "postgresql",
        runner: "diesel",
        version: "2",
        direction: "up",
        transactional: true,
      },
    };
    const before = pack.fold?.apply(
      pack.fold.initial(DEFAULT_SETTINGS),
      mapped("CREATE TABLE t (b int);", kind),
      {
        path: "1.sql",
        kind,
      },
    );
    expect(lint(text)).toHaveLength(1);
    try {
      pack.bind?.({
        kindOf: (path) => (path.endsWith("2.sql") ? kind : undefined),
        stateBefore: () => before,
      });
      expect(lint(text, "anything/2.sql")).toEqual([]);
      expect(lint("NO SQL AT ALL", "anything/3.sql")).toEqual([]);
    } finally {
      pack.bind?.(undefined);
    }
  });
});

function mapped(text: string, kind: { name: string; details: Record<string, unknown> }) {
  const file = { path: "1.sql", text, kind };
  const parsed = pack.parse(file);
  return parsed.ok ? pack.map(parsed.code, file) : [];
}

describe("map", () => {
  it("tells sections, operations, comments and what was not read", () => {
    const text =
      "-- +goose Up\n-- @yantra-owner payments\nALTER TABLE t DROP a;\nSELECT ${x};\n-- +goose Down\nALTER TABLE t ADD a int;\n";
    const kind = {
      name: "migration",
      stream: "db",
      details: {
        dialect: "postgresql",
        runner: "goose",
        version: "7",
        direction: "both",
        transactional: true,
      },
    };
    expect(mapped(text, kind)).toMatchObject([
      {
        type: "migration",
        path: "",
        runner: "goose",
        stream: "db",
        version: "7",
        direction: "up",
        startLine: 3,
        operations: [
          { kind: "DropColumn", transaction: 0 },
          { kind: "Other", tag: "UnreadStatement", mentions: ["select", "x"] },
        ],
      },
      {
        type: "migration",
        direction: "down",
        startLine: 6,
        operations: [{ kind: "AddColumn", transaction: 1 }],
      },
      { type: "annotation", name: "owner", value: "payments", startLine: 2 },
      { type: "notice", id: "sql-unread", startLine: 4, endColumn: 12 },
    ]);
  });

  it("reads of a template what is for PostgreSQL", () => {
    const text = `CREATE TABLE t (a int);
{{if .mysql}}
SET @x = CONCAT('a', 'b');
DROP TABLE u;
{{else if .postgres}}
DROP TABLE v;
{{end}}
{{if .plugin}}
INSERT OR IGNORE INTO w VALUES (1);
{{if .postgres}}
DROP TABLE y;
SET search_path TO a;
{{end}}{{end}}
DROP TABLE x;`;
    const kind = { name: "migration", details: { dialect: "postgresql" } };
    const facts = mapped(text, kind);
    expect(facts).toMatchObject([
      {
        type: "migration",
        operations: [
          { kind: "CreateTable" },
          { kind: "DropTable", table: { name: "v" } },
          {
            kind: "Other",
            tag: "UnreadStatement",
            mentions: ["insert", "or", "ignore", "into", "w", "values"],
          },
          { kind: "DropTable", table: { name: "y" }, condition: "maybe" },
          { kind: "Other", tag: "UnreadStatement", mentions: ["set", "search_path", "to", "a"] },
          { kind: "DropTable", table: { name: "x" } },
        ],
      },
      ...[
        [3, "It stands in a branch of a template that is for another database."],
        [4, "It stands in a branch of a template that is for another database."],
        [9, "It stands in a branch of a template, and whether that is there on PostgreSQL is not known."],
        [12, "It stands in a branch of a template, and whether that is there on PostgreSQL is not known."],
      ].map(([startLine, why]) => ({
        type: "notice",
        id: "sql-unread",
        startLine,
        message: `A statement was not checked. ${why}`,
      })),
    ]);
    expect(facts).toHaveLength(5);
  });

  it("gives facts that JSON keeps as they are", () => {
    const kind = { name: "migration", details: { dialect: "postgresql" } };
    const facts = mapped(
      "CREATE TABLE t (a int DEFAULT 1 CHECK (a > 0)); CREATE INDEX ON t (a); BEGIN;",
      kind,
    );
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it("leaves a file alone that is too large", () => {
    const details = detailsOfKind({ name: "migration", details: { dialect: "postgresql" } });
    const text = `SELECT 1;${" ".repeat(9 * 1024 * 1024)}`;
    const code = new SqlSourceCode(text, parseFile(text, details), details, () =>
      Catalog.empty({ complete: true }),
    );
    expect(code.ast.sections[0]?.statements).toMatchObject([{ type: "UnreadStatement" }]);
  });
});
