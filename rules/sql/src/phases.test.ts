/** Phases and losses are core's to tell; from SQL they are easier to read than from operations. */
import { irreversibleOperations, type Operation, phaseOf, phaseOfMigration } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { effectOf } from "./language/parse.ts";

const operations = (sql: string): Operation[] =>
  sql.split(";").flatMap((statement) => effectOf(statement) ?? []);
const lost = (sql: string): string[] => irreversibleOperations(operations(sql)).map(({ what }) => what);

describe("phaseOf", () => {
  it.each([
    ["CREATE TABLE a (b int)", "expand"],
    ["ALTER TABLE a ADD b int", "expand"],
    ["ALTER TABLE a ADD b int NOT NULL DEFAULT 0", "expand"],
    ["ALTER TABLE a ADD b bigserial NOT NULL", "expand"],
    ["ALTER TABLE a ADD b bigint GENERATED ALWAYS AS IDENTITY", "expand"],
    ["ALTER TABLE a ADD b int NOT NULL", "contract"],
    ["CREATE INDEX i ON a (b)", "expand"],
    ["CREATE UNIQUE INDEX i ON a (b)", "contract"],
    ["CREATE VIEW v AS SELECT 1", "expand"],
    ["CREATE TYPE t AS ENUM ('a')", "expand"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "expand"],
    ["CREATE EXTENSION citext", "expand"],
    ["ALTER TYPE t ADD VALUE 'b'", "expand"],
    ["ALTER TABLE a ALTER b DROP NOT NULL", "expand"],
    ["ALTER TABLE a ALTER b SET DEFAULT 1", "expand"],
    ["ALTER TABLE a ALTER b TYPE text", "expand"],
    ["ALTER TABLE a ALTER b TYPE bigint USING b::bigint", "expand"],
    ["GRANT SELECT ON a TO b", "expand"],
    ["UPDATE a SET b = 1", "migrate"],
    ["INSERT INTO a SELECT * FROM b", "migrate"],
    ["DELETE FROM a", "migrate"],
    ["ALTER TABLE a VALIDATE CONSTRAINT c", "migrate"],
    ["REFRESH MATERIALIZED VIEW v", "migrate"],
    ["DO $$ BEGIN UPDATE a SET b = 1; END $$", "migrate"],
    ["DO $$ BEGIN ALTER TABLE a DROP COLUMN b; END $$", "contract"],
    ["DROP TABLE a", "contract"],
    ["ALTER TABLE a DROP b", "contract"],
    ["ALTER TABLE a RENAME b TO c", "contract"],
    ["ALTER TABLE a RENAME TO c", "contract"],
    ["ALTER TABLE a SET SCHEMA s", "contract"],
    ["ALTER TABLE a ALTER b SET NOT NULL", "contract"],
    ["ALTER TABLE a ALTER b TYPE varchar(10)", "contract"],
    ["ALTER TABLE a ALTER b TYPE text USING left(b, 3)", "contract"],
    ["ALTER TABLE a ALTER b DROP DEFAULT", "contract"],
    ["ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID", "contract"],
    ["ALTER TABLE a DROP CONSTRAINT c", "contract"],
    ["ALTER TABLE a DETACH PARTITION b", "contract"],
    ["DROP TYPE t", "contract"],
    ["DROP FUNCTION f", "contract"],
    ["ALTER TYPE t RENAME VALUE 'a' TO 'b'", "contract"],
    ["ALTER TYPE t RENAME TO u", "contract"],
    ["REVOKE SELECT ON a FROM b", "contract"],
    ["BEGIN", undefined],
    ["SET lock_timeout = '1s'", undefined],
    ["SELECT 1", undefined],
    ["COMMENT ON TABLE a IS 'b'", undefined],
    ["VACUUM a", undefined],
  ])("%s: %s", (sql, phase) => {
    const [operation] = operations(sql.includes("$$") ? "" : sql);
    const found = operation ?? effectOf(sql)?.[0];
    expect(found && phaseOf(found)).toBe(phase);
    expect(found).toBeDefined();
  });
});

describe("phaseOfMigration", () => {
  it.each([
    ["", "expand"],
    ["BEGIN; SET lock_timeout = '1s'; COMMIT", "expand"],
    ["ALTER TABLE a ADD b int; UPDATE a SET b = 1", "migrate"],
    ["ALTER TABLE a ADD b int; UPDATE a SET b = 1; ALTER TABLE a ALTER c SET NOT NULL", "contract"],
    [
      "CREATE TABLE a (b int); INSERT INTO a VALUES (1); CREATE UNIQUE INDEX i ON a (b); DROP TABLE a",
      "expand",
    ],
    ["ALTER TABLE a ADD b int; ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)", "expand"],
    ["ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)", "contract"],
    ["DROP VIEW v; CREATE VIEW v AS SELECT 1", "expand"],
    ["DROP VIEW v; CREATE VIEW w AS SELECT 1", "contract"],
  ])("%s: %s", (sql, phase) => {
    expect(phaseOfMigration(operations(sql))).toBe(phase);
  });
});

describe("irreversibleOperations", () => {
  it.each([
    ["DROP TABLE a, s.b", ["DROP TABLE a", "DROP TABLE s.b"]],
    ["ALTER TABLE orders DROP note, ADD note2 text", ["DROP COLUMN orders.note"]],
    ["ALTER TABLE a ALTER b TYPE varchar(10)", ["ALTER COLUMN a.b TYPE character varying(10)"]],
    ["ALTER TABLE a ALTER b TYPE int USING b::int", ["ALTER COLUMN a.b TYPE integer"]],
    ["ALTER TABLE a ALTER b TYPE text USING b::text", []],
    ["DELETE FROM a", ["DELETE FROM a"]],
    ["TRUNCATE a", ["TRUNCATE a"]],
    ["UPDATE a SET b = 1, c = 2", ["UPDATE a.b, c"]],
    ["UPDATE a SET b = 1 WHERE b IS NULL", []],
    ["ALTER TABLE a ADD b int; UPDATE a SET b = 1", []],
    ["MERGE INTO a USING b ON a.c = b.c WHEN MATCHED THEN DELETE", ["MERGE INTO a"]],
    ["INSERT INTO a VALUES (1)", []],
    ["ALTER TABLE a RENAME b TO c; ALTER TABLE a ALTER c SET NOT NULL", []],
    ["DROP INDEX i; DROP VIEW v; DROP FUNCTION f", []],
    ["DROP SCHEMA s CASCADE", ["DROP SCHEMA s CASCADE"]],
    ["DROP TYPE t", []],
    ["DROP TYPE t CASCADE", ["DROP TYPE t CASCADE"]],
    ["CREATE TABLE a (b int); DELETE FROM a; DROP TABLE a", []],
    [
      "CREATE TABLE n (b int); DROP TABLE a; ALTER TABLE n RENAME TO a; ALTER TABLE a DROP b",
      ["DROP TABLE a"],
    ],
    ["CREATE TABLE s.a (b int); DROP TABLE t.a", ["DROP TABLE t.a"]],
  ])("%s: %j", (sql, what) => {
    expect(lost(sql)).toEqual(what);
  });

  it.each([
    ["DO $$ BEGIN DELETE FROM a; END $$", ["DELETE FROM a"]],
    ["DO $$ BEGIN EXECUTE 'DELETE FROM ' || x; END $$", ["DELETE in a DO block"]],
    ["DO $$ BEGIN IF x THEN ALTER TABLE a DROP COLUMN b; END IF; END $$", ["DROP COLUMN a.b"]],
    ["DO $$ BEGIN ALTER TABLE a DROP CONSTRAINT b; END $$", []],
    ["DO $$ BEGIN ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE cascade; END $$", []],
  ])("%s: %j", (sql, what) => {
    expect(irreversibleOperations(effectOf(sql) ?? []).map((loss) => loss.what)).toEqual(what);
  });
});
