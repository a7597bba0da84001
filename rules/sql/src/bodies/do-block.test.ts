import { describe, expect, it } from "vitest";
import { Catalog } from "../catalog/catalog.ts";
import { foldSteps } from "../catalog/fold.ts";
import { parseFile } from "../language/parse.ts";

const details = {
  dialect: "postgresql",
  runner: "plain",
  version: "1",
  direction: "up",
  transactional: true,
} as const;

/** Each operation of a text: kind, what it runs under, and the text at its place. */
function read(sql: string, transactional = true): string[] {
  return parseFile(sql, { ...details, transactional }).steps.map((step) => {
    const operation = step.operation();
    expect(step.node?.range).toEqual(operation.range);
    const under = operation.condition === undefined ? "" : ` ${operation.condition}`;
    return `${operation.kind}${under}: ${sql.slice(...operation.range)}`;
  });
}

describe("a DO block", () => {
  it.each<[name: string, body: string, expected: string[]]>([
    [
      "statements that always run",
      "BEGIN ALTER TABLE t DROP COLUMN a, DROP COLUMN b; DROP TABLE u; END",
      ["DropColumn: DROP COLUMN a", "DropColumn: DROP COLUMN b", "DropTable: DROP TABLE u"],
    ],
    [
      "the same statement twice",
      "BEGIN DELETE FROM t; DELETE FROM t; END",
      ["WriteData: DELETE FROM t", "WriteData: DELETE FROM t"],
    ],
    [
      "a statement with INTO, and one with PERFORM",
      "DECLARE n int;\nBEGIN\n  UPDATE t SET a = 1 RETURNING b INTO n;\n  PERFORM set_config('lock_timeout', '5s', true);\nEND",
      [
        "WriteData: UPDATE t SET a = 1 RETURNING b",
        "SetParameter: PERFORM set_config('lock_timeout', '5s', true)",
      ],
    ],
    [
      "IF NOT EXISTS by hand",
      "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c' AND conrelid = 'public.t'::regclass) THEN ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); END IF; END",
      ["AddConstraint unlessThere: ADD CONSTRAINT c CHECK (a > 0)"],
    ],
    [
      "IF EXISTS by hand",
      "BEGIN IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') THEN ALTER TABLE t RENAME COLUMN a TO b; END IF; END",
      ["RenameColumn ifThere: ALTER TABLE t RENAME COLUMN a TO b"],
    ],
    [
      "to_regclass",
      "BEGIN IF to_regclass('public.i') IS NULL THEN CREATE INDEX i ON t (a); END IF; END",
      ["CreateIndex unlessThere: CREATE INDEX i ON t (a)"],
    ],
    [
      "a guard that looks at something else",
      "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'x') THEN DROP TABLE t; END IF; END",
      ["DropTable maybe: DROP TABLE t"],
    ],
    [
      "a guard that looks at rows",
      "BEGIN IF EXISTS (SELECT 1 FROM t WHERE a = 't') THEN DROP TABLE t; ELSE DROP TABLE u; END IF; END",
      ["DropTable maybe: DROP TABLE t", "DropTable maybe: DROP TABLE u"],
    ],
    [
      "an error that is passed over",
      "BEGIN CREATE TABLE t (a int); EXCEPTION WHEN duplicate_table OR duplicate_object THEN RAISE NOTICE 'there'; END",
      ["CreateTable unlessThere: CREATE TABLE t (a int)"],
    ],
    [
      "errors that are all passed over, and one that ends the block",
      "BEGIN BEGIN DROP TABLE t; EXCEPTION WHEN others THEN NULL; END; BEGIN DROP TABLE u; EXCEPTION WHEN others THEN RAISE; END; END",
      ["DropTable maybe: DROP TABLE t", "DropTable: DROP TABLE u"],
    ],
    [
      "a loop, and what may not be reached",
      "DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP DELETE FROM t; END LOOP; IF r.a THEN RETURN; END IF; DROP TABLE t; END",
      ["WriteData maybe: DELETE FROM t", "DropTable maybe: DROP TABLE t"],
    ],
    [
      "EXECUTE of a literal",
      "BEGIN EXECUTE 'ALTER TABLE t ALTER a SET DEFAULT ''x'', DROP COLUMN b'; END",
      ["SetDefault: ALTER a SET DEFAULT ''x''", "DropColumn: DROP COLUMN b"],
    ],
    [
      "EXECUTE of literals put together",
      "BEGIN EXECUTE format('DROP TABLE %I.%s', 's', 't') ; EXECUTE 'DROP TABLE ' || 'u'; END",
      ["DropTable: format('DROP TABLE %I.%s', 's', 't')", "DropTable: 'DROP TABLE ' || 'u'"],
    ],
    [
      "EXECUTE of what only the run tells",
      "DECLARE x text; BEGIN DROP TABLE u; EXECUTE 'DROP TABLE ' || x; END",
      [
        "DropTable: DROP TABLE u",
        "Other: DO $do$ DECLARE x text; BEGIN DROP TABLE u; EXECUTE 'DROP TABLE ' || x; END $do$",
      ],
    ],
    ["no operation", "BEGIN RAISE NOTICE 'x'; END", ["Other: DO $do$ BEGIN RAISE NOTICE 'x'; END $do$"]],
    ["what is wrong", "BEGIN SELEC 1; END", ["Other: DO $do$ BEGIN SELEC 1; END $do$"]],
  ])("%s", (_name, body, expected) => {
    expect(read(`DO $do$ ${body} $do$`)).toEqual(expected);
  });

  it("may stand in plain quotes, in another place, and hold other letters", () => {
    expect(
      read("SELECT 'é'; DO LANGUAGE plpgsql 'BEGIN -- ''é''\n ALTER TABLE \"tä\" DROP ä; END';"),
    ).toEqual(["Other: SELECT 'é'", "DropColumn: DROP ä"]);
    expect(read("DO E'BEGIN DROP TABLE t; END'")).toEqual(["Other: DO E'BEGIN DROP TABLE t; END'"]);
  });

  it("gives what is guarded IF [NOT] EXISTS", () => {
    const sql = "DO $$ BEGIN CREATE INDEX i ON t (a); EXCEPTION WHEN duplicate_table THEN NULL; END $$";
    expect(parseFile(sql, details).steps.map((step) => step.operation())).toMatchObject([
      { kind: "CreateIndex", ifNotExists: true },
    ]);
  });

  it("is one transaction, unless it commits by itself", () => {
    const transactions = (body: string): unknown[] =>
      parseFile(`DO $$ BEGIN ${body} END $$`, { ...details, transactional: false }).steps.map(
        (step) => step.operation().transaction,
      );
    expect(transactions("DROP TABLE t; DROP TABLE u;")).toEqual([0, 0]);
    expect(transactions("DROP TABLE t; COMMIT; DROP TABLE u;")).toEqual([null, null]);
  });

  it("holds comments of the file", () => {
    const { comments } = parseFile("-- a\nDO $$ BEGIN -- b\n NULL; /* c */ END $$; -- d", details);
    expect(comments.map(({ text }) => text.trim())).toEqual(["a", "b", "c", "d"]);
  });
});

describe("the catalog after a DO block", () => {
  const state = (body: string, name = "t"): string => {
    const history = `CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); DO $do$ BEGIN ${body} END $do$`;
    const catalog = foldSteps(Catalog.empty({ complete: true }), parseFile(history, details).steps, "0.sql");
    const answer = catalog.table({ name });
    if (answer.state === "absent") return "absent";
    const { columns, constraints } = answer.table;
    return `${answer.state}: ${[...columns.keys()].join(" ")} | ${constraints.map((each) => each.name).join(" ")}`;
  };

  it.each([
    ["ALTER TABLE t ADD b int;", "known: a b | c"],
    ["IF 1 > 2 THEN ALTER TABLE t ADD b int; END IF;", "unknown: a | "],
    ["IF 1 > 2 THEN ALTER TABLE u ADD b int; END IF;", "known: a | c"],
    ["IF random() > 0.5 THEN DROP TABLE t; END IF;", "unknown: a | "],
    [
      "IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'c') THEN ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1); END IF;",
      "known: a | c",
    ],
    [
      "IF EXISTS (SELECT FROM pg_attribute WHERE attname = 'z') THEN ALTER TABLE t RENAME z TO y; END IF;",
      "known: a | c",
    ],
    [
      "IF EXISTS (SELECT FROM pg_attribute WHERE attname = 'a') THEN ALTER TABLE t RENAME a TO y; END IF;",
      "known: y | c",
    ],
    ["BEGIN CREATE TABLE t (z int); EXCEPTION WHEN duplicate_table THEN NULL; END;", "known: a | c"],
    ["EXECUTE format('ALTER TABLE %s DROP a', 'T'::regclass);", "unknown: a | "],
  ])("%s", (body, expected) => {
    expect(state(body)).toBe(expected);
  });

  it("does not know whether there is a table that a block may have made", () => {
    expect(state("IF random() > 0.5 THEN CREATE TABLE u (a int); END IF;", "u")).toBe("unknown:  | ");
    expect(state("CREATE TABLE u (a int);", "u")).toBe("known: a | ");
  });
});
