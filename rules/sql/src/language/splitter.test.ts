import { describe, expect, it } from "vitest";
import { split } from "./splitter.ts";

function texts(text: string, boundaries: number[] = []): string[] {
  return split(text, [0, text.length], boundaries).statements.map(({ range }) => text.slice(...range));
}

describe("split", () => {
  it.each<[name: string, text: string, statements: string[]]>([
    ["nothing", " \n-- c\n/* d */ ;; ", []],
    ["semicolons", "a;b ; c", ["a", "b", "c"]],
    ["line ends of Windows, and a byte order mark", "\ufeffa\r\n;\r\nb\r\n", ["a", "b"]],
    ["strings, identifiers and comments", "a ';' \";\" /*;*/ b -- ;\n;c", ["a ';' \";\" /*;*/ b", "c"]],
    ["dollar quotes", "DO $$ x; $a$ y; $$; DO $a$ $$; $a$", ["DO $$ x; $a$ y; $$", "DO $a$ $$; $a$"]],
    [
      "BEGIN ATOMIC, nested",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3",
      [
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END",
        "SELECT 3",
      ],
    ],
    [
      "BEGIN ATOMIC in OR REPLACE PROCEDURE, with a body of bodies",
      "create or replace procedure p() begin atomic begin atomic select 1; end; end; begin; end",
      ["create or replace procedure p() begin atomic begin atomic select 1; end; end", "begin", "end"],
    ],
    [
      "BEGIN alone",
      "BEGIN; CREATE TABLE atomic (a int); END;",
      ["BEGIN", "CREATE TABLE atomic (a int)", "END"],
    ],
    [
      "CREATE RULE with several commands",
      "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b); c",
      ["CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)", "c"],
    ],
    [
      "a parenthesis that is never closed costs only its statement",
      "SELECT (1; SELECT 2",
      ["SELECT (1", "SELECT 2"],
    ],
    [
      "data of COPY",
      "COPY t (a, b) FROM stdin WITH (FORMAT text);\n1\tit's; \"\n2\t$$\n\\.\nSELECT 1;",
      ["COPY t (a, b) FROM stdin WITH (FORMAT text)", "SELECT 1"],
    ],
    ["data of COPY without an end", "COPY t FROM STDIN;\n1;2", ["COPY t FROM STDIN"]],
    ["COPY from a file", "COPY t FROM 'stdin'; SELECT 1", ["COPY t FROM 'stdin'", "SELECT 1"]],
    ["psql commands", "\\set x 'y;z\nSELECT 1 \\g\nSELECT 2;\n\\timing", ["SELECT 1", "SELECT 2"]],
    [
      "psql commands that run other text",
      "\\i other.sql\nSELECT 'DROP TABLE t' \\gexec\n",
      ["\\i other.sql", "SELECT 'DROP TABLE t' \\gexec"],
    ],
    ["templates", "ALTER TABLE ${a;b} x; {{ c; }}", ["ALTER TABLE ${a;b} x", "{{ c; }}"]],
  ])("%s", (_name, text, statements) => {
    expect(texts(text)).toEqual(statements);
  });

  it("ends a statement at a boundary", () => {
    expect(texts("a b; c", [2])).toEqual(["a", "b", "c"]);
  });

  it("gives comments with their text and its place", () => {
    const text = "-- one\nSELECT 1; /* two */";
    expect(split(text, [0, text.length]).comments).toEqual([
      { text: " one", range: [0, 6], textStart: 2 },
      { text: " two ", range: [17, 26], textStart: 19 },
    ]);
  });
});
