import { describe, expect, it } from "vitest";
import { parseBody, parseFunctionBody, placedLiteral, Places, textsOf, typesIn } from "./plpgsql.ts";

describe("parseBody", () => {
  it.each([
    ["DO $$ BEGIN NULL; END $$", true],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", false],
    ["DO $$ DECLARE r t%ROWTYPE; BEGIN r.a := 1; END $$", true],
    ["DO $$ DECLARE r t; BEGIN r.a := 1; END $$", true],
    ["DO $$ BEGIN r.a := 1; END $$", false],
    ["SELECT 1", false],
    ["DO $$ BEGIN SELEC 1; END $$", false],
    ["DO $$ BEGIN NULL; END $$ \0", false],
    [`DO $$ BEGIN ${"NULL;".repeat(60_000)} END $$`, false],
    ["", false],
  ])("reads what it can: case %#", (statement, expected) => {
    expect(parseBody(statement) !== undefined).toBe(expected);
  });
});

describe("parseFunctionBody", () => {
  it.each([
    ["BEGIN RETURN 1; END", "integer"],
    ["BEGIN RETURN; END", undefined],
    ["BEGIN RETURN NEXT 1; END", "integer"],
    ["BEGIN a := 1; b.c := 2; END", undefined],
    ["BEGIN NEW.a := TG_OP; RETURN NEW; END", "trigger"],
    ["DECLARE a text; BEGIN a := tg_tag; END", "event_trigger"],
    ["DECLARE r s.t; q t%ROWTYPE := f(); BEGIN r.a := 1; q.a := 2; END", "void"],
  ])("%s", (body, returns) => {
    expect(parseFunctionBody(body, returns)).toBeDefined();
  });

  it("gives its texts and what it executes", () => {
    const tree = parseFunctionBody(
      "DECLARE r t%ROWTYPE; n int := (SELECT 1); BEGIN EXECUTE 'x'; r.a := n; FOR r IN EXECUTE y LOOP NULL; END LOOP; RETURN QUERY EXECUTE z; END",
      undefined,
    );
    const { texts, executed } = textsOf(tree);
    expect(texts).toEqual([{ sql: "SELECT (SELECT 1)" }, { sql: "SELECT  n", target: "r.a" }]);
    expect(executed).toEqual(["'x'", "y", "z"]);
  });
});

it("reads the types of variables", () => {
  expect(typesIn("a s.t%ROWTYPE; b \"T\".c % type; -- x%TYPE\n RAISE 'u%ROWTYPE'; d := e % f;")).toEqual([
    { parts: ["s", "t"], row: true },
    { parts: ["T", "c"], row: false },
  ]);
});

describe("places", () => {
  it.each([
    ["$a$x $b$ é$a$", "x $b$ é", [0, 7], "x $b$ é"],
    ["'it''s é'", "it's é", [2, 6], "''s é"],
    ["'plain'", "plain", [1, 3], "la"],
    ["E'a'", "a", [0, 1], undefined],
    ["'a'\n'b'", "ab", [0, 1], undefined],
  ] as const)("of %s", (literal, value, range, expected) => {
    const source = `(${literal})`;
    const placed = placedLiteral(source, [1, source.length - 1], value);
    expect(placed && source.slice(...placed.at([...range]))).toBe(expected);
  });

  it("of statements: from their line on, each once, INTO blanked out", () => {
    const body = "a;\na;\r\nb INTO x c;\n  PERFORM\n f(1);";
    const places = new Places(body);
    expect(places.find("a", 2)).toEqual([3, 4]);
    expect(places.find("a", 1)).toEqual([0, 1]);
    expect(places.find("a", 1)).toBeUndefined();
    expect(places.find("b        c", 3)).toEqual([7, 17]);
    expect(places.findPerform("SELECT\n f(1)", 4)).toEqual([21, 34]);
  });
});
