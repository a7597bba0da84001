/**
 * What the rules' messages say of locks, scans and rewrites, and what the rules take for free, measured on embedded
 * PostgreSQL. The locks that are filled into messages come from the lock model, which `locks/model.test.ts` measures.
 */
import { readdirSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type TypeChange, typeChange } from "./language/type-change.ts";
import { parseFile } from "./language/parse.ts";
import { asWritten, logOf } from "./locks/measure.fixture.ts";
import { LOCK_MODES } from "./locks/types.ts";

interface Proof {
  /** What it proves: `rule/messageId`, or a sentence of a rule's page. */
  proves: string[];
  /** Run and committed before. */
  setup?: string;
  /** Run in one transaction, on tables `t` and `p` of 100 rows each. */
  statement: string;
  /** The strongest lock held at its end on each table or materialized view that was there before, without ACCESS SHARE. */
  locks: Record<string, string>;
  /** What the server logs of the work: `scans t`, `checks f` (a foreign key), `rewrites t`, `builds i`. */
  work: string[];
}

const TABLES = `
  CREATE TYPE mood AS ENUM ('a', 'b');
  CREATE DOMAIN plain AS text;
  CREATE DOMAIN filled AS text CHECK (value <> '');
  CREATE TABLE p (id int PRIMARY KEY);
  CREATE TABLE t (id int PRIMARY KEY, a int, b text DEFAULT 'x', c timestamp, m mood);
  INSERT INTO p SELECT generate_series(1, 100);
  INSERT INTO t SELECT i, i, 'a', now(), 'a' FROM generate_series(1, 100) AS i;
`;

const NOT_VALID_CHECK = "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;";
const NOT_VALID_KEY = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID;";
const PARTITIONED = `
  CREATE TABLE part (k int NOT NULL) PARTITION BY RANGE (k);
  CREATE TABLE rest PARTITION OF part DEFAULT;
  CREATE TABLE two (k int NOT NULL)`;
const EXCLUSIVE = { t: "ACCESS EXCLUSIVE" };
const BOTH = { p: "SHARE ROW EXCLUSIVE", t: "SHARE ROW EXCLUSIVE" };
const ALL_INDEXES = ["builds t_pkey", "rewrites t"];

const PROOFS: Proof[] = [
  {
    proves: ["require-concurrent-index/blocksWrites", "require-concurrent-index/inTransaction"],
    statement: "CREATE INDEX i ON t (a)",
    locks: { t: "SHARE" },
    work: ["builds i"],
  },
  {
    proves: ["require-concurrent-index: ALTER INDEX … RENAME builds nothing"],
    setup: "CREATE INDEX i ON t (a); ALTER TABLE t RENAME COLUMN a TO z",
    statement: "ALTER INDEX i RENAME TO j",
    locks: {},
    work: [],
  },
  {
    proves: ["require-concurrent-index: an index follows its column, and nothing is built"],
    setup: "CREATE INDEX i ON t (a)",
    statement: "ALTER TABLE t RENAME COLUMN a TO z",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["held-locks: reads wait for REINDEX too, after its table was altered"],
    setup: "CREATE INDEX i ON t (a)",
    statement: "ALTER TABLE t ADD COLUMN x int; REINDEX INDEX i",
    locks: EXCLUSIVE,
    work: ["builds i"],
  },
  {
    proves: ["no-set-not-null/scans"],
    statement: "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["no-set-not-null/scansFilled"],
    setup: "UPDATE t SET a = id",
    statement: "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["no-set-not-null/notValidated"],
    setup: NOT_VALID_CHECK,
    statement: "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["no-set-not-null/sameStatement"],
    setup: NOT_VALID_CHECK,
    statement: "ALTER TABLE t VALIDATE CONSTRAINT c, ALTER COLUMN a SET NOT NULL",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["no-set-not-null: a valid check proves the column"],
    setup: `${NOT_VALID_CHECK} ALTER TABLE t VALIDATE CONSTRAINT c`,
    statement: "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-drop-table/droppedWithReferences"],
    setup: "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p",
    statement: "DROP TABLE t",
    locks: { p: "ACCESS EXCLUSIVE", t: "ACCESS EXCLUSIVE" },
    work: [],
  },
  {
    proves: ["no-blocking-type-change/rewrites", "no-blocking-type-change/unlessSame"],
    statement: "ALTER TABLE t ALTER COLUMN a TYPE bigint",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-blocking-type-change/shortens"],
    statement: "ALTER TABLE t ALTER COLUMN b TYPE varchar(9)",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-blocking-type-change/shortens: a check that is not validated reads nothing"],
    statement: "ALTER TABLE t ADD CONSTRAINT s CHECK (char_length(b) <= 9) NOT VALID",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-blocking-type-change/shortens: reads and writes go on while it is validated"],
    setup: "ALTER TABLE t ADD CONSTRAINT s CHECK (char_length(b) <= 9) NOT VALID",
    statement: "ALTER TABLE t VALIDATE CONSTRAINT s",
    locks: { t: "SHARE UPDATE EXCLUSIVE" },
    work: ["scans t"],
  },
  {
    proves: ["no-set-not-null/scans: several columns share one scan"],
    statement: "ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN c SET NOT NULL",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["no-set-not-null/scans: one check proves several columns"],
    setup: "ALTER TABLE t ADD CONSTRAINT s CHECK (a IS NOT NULL AND c IS NOT NULL)",
    statement: "ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN c SET NOT NULL",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-blocking-type-change/computes"],
    statement: "ALTER TABLE t ALTER COLUMN b TYPE text USING trim(b)",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-blocking-type-change/computes", "no-blocking-type-change/addsValues"],
    statement: "ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-blocking-type-change/addsValues: ADD VALUE reads no row"],
    statement: "ALTER TYPE mood ADD VALUE 'besides' BEFORE 'b'",
    locks: {},
    work: [],
  },
  {
    proves: ["no-blocking-type-change: a USING that is the column or such a cast"],
    statement: "ALTER TABLE t ALTER COLUMN b TYPE varchar USING b::text",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-blocking-type-change/unlessUtc"],
    statement: "SET LOCAL timezone = 'Europe/Paris'; ALTER TABLE t ALTER COLUMN c TYPE timestamptz",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-blocking-type-change/unlessUtc: SET LOCAL leaves the rows"],
    statement: "SET LOCAL timezone = 'UTC'; ALTER TABLE t ALTER COLUMN c TYPE timestamptz",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-blocking-type-change/unlessDomain"],
    setup: "ALTER TABLE t ALTER COLUMN b DROP DEFAULT",
    statement: "ALTER TABLE t ALTER COLUMN b TYPE mood USING b::mood",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-blocking-type-change/unlessDomain"],
    statement: "ALTER TABLE t ALTER COLUMN b TYPE filled",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-blocking-type-change/unlessDomain: a domain without constraints"],
    statement: "ALTER TABLE t ALTER COLUMN b TYPE plain",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["require-not-valid-constraint/foreignKey"],
    statement: "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p",
    locks: BOTH,
    work: ["checks f"],
  },
  {
    proves: ["require-not-valid-constraint/foreignKeyOfNewColumn"],
    setup: "ALTER TABLE t ADD COLUMN x int",
    statement: "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES p",
    locks: BOTH,
    work: ["checks f"],
  },
  {
    proves: ["require-not-valid-constraint/foreignKeyOfNewColumn: REFERENCES reads nothing"],
    statement: "ALTER TABLE t ADD COLUMN x int REFERENCES p",
    locks: { ...BOTH, ...EXCLUSIVE },
    work: [],
  },
  {
    proves: ["require-not-valid-constraint: NOT VALID reads nothing"],
    statement: NOT_VALID_KEY,
    locks: BOTH,
    work: [],
  },
  {
    proves: ["require-not-valid-constraint: VALIDATE CONSTRAINT lets writes go on"],
    setup: NOT_VALID_KEY,
    statement: "ALTER TABLE t VALIDATE CONSTRAINT f",
    locks: { p: "ROW SHARE", t: "SHARE UPDATE EXCLUSIVE" },
    work: ["checks f"],
  },
  {
    proves: ["require-not-valid-constraint/check"],
    statement: "ALTER TABLE t ADD CHECK (a > 0)",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint/checkThatHolds"],
    setup: "ALTER TABLE t ADD CHECK (a > 0)",
    statement: "ALTER TABLE t ADD CHECK (a > -1)",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint: NOT VALID reads nothing"],
    statement: NOT_VALID_CHECK,
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["require-not-valid-constraint: VALIDATE CONSTRAINT lets writes go on"],
    setup: NOT_VALID_CHECK,
    statement: "ALTER TABLE t VALIDATE CONSTRAINT c",
    locks: { t: "SHARE UPDATE EXCLUSIVE" },
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint/notNull"],
    statement: "ALTER TABLE t ADD CONSTRAINT n NOT NULL a",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint: NOT NULL NOT VALID reads nothing"],
    statement: "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-set-not-null: VALIDATE CONSTRAINT of a NOT NULL lets writes go on"],
    setup: "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID",
    statement: "ALTER TABLE t VALIDATE CONSTRAINT n",
    locks: { t: "SHARE UPDATE EXCLUSIVE" },
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint/index"],
    statement: "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
    locks: EXCLUSIVE,
    work: ["builds u"],
  },
  {
    proves: ["require-not-valid-constraint/index"],
    setup: "ALTER TABLE t DROP CONSTRAINT t_pkey",
    statement: "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id)",
    locks: EXCLUSIVE,
    work: ["builds k"],
  },
  {
    proves: ["require-not-valid-constraint: USING INDEX builds nothing"],
    setup: "CREATE UNIQUE INDEX u ON t (a)",
    statement: "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["require-not-valid-constraint/columnCheck"],
    statement: "ALTER TABLE t ADD COLUMN x int CHECK (x > 0)",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: [
      "require-not-valid-constraint/columnReferences",
      "require-not-valid-constraint/columnReferencesNotNull",
    ],
    statement: "ALTER TABLE t ADD COLUMN x int DEFAULT NULL CONSTRAINT f REFERENCES p",
    locks: { ...BOTH, ...EXCLUSIVE },
    work: ["checks f"],
  },
  {
    proves: ["require-not-valid-constraint/columnIndex"],
    statement: "ALTER TABLE t ADD COLUMN x int CONSTRAINT u UNIQUE",
    locks: EXCLUSIVE,
    work: ["builds u"],
  },
  {
    proves: ["require-not-valid-constraint/checkValidatedAtOnce"],
    statement: `${NOT_VALID_CHECK} ALTER TABLE t VALIDATE CONSTRAINT c`,
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint/checkValidatedAtOnce"],
    statement: "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT c",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint/foreignKeyValidatedAtOnce"],
    statement: `${NOT_VALID_KEY} ALTER TABLE t VALIDATE CONSTRAINT f`,
    locks: BOTH,
    work: ["checks f"],
  },
  {
    proves: ["no-required-column-without-default: a constant default does not touch the rows"],
    statement: "ALTER TABLE t ADD COLUMN x text NOT NULL DEFAULT 'web'",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-table-rewrite/volatile"],
    statement: "ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/unlessStable"],
    setup: "CREATE FUNCTION own() RETURNS int LANGUAGE plpgsql AS 'begin return 1; end'",
    statement: "ALTER TABLE t ADD COLUMN x int DEFAULT own()",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/unlessStable: a stable function is called once"],
    setup: "CREATE FUNCTION own() RETURNS int STABLE LANGUAGE plpgsql AS 'begin return 1; end'",
    statement: "ALTER TABLE t ADD COLUMN x int DEFAULT own()",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-table-rewrite/serial"],
    statement: "ALTER TABLE t ADD COLUMN x serial",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/identity"],
    statement: "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/stored"],
    statement: "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a * 2) STORED",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/expression"],
    setup: "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a * 2) STORED",
    statement: "ALTER TABLE t ALTER COLUMN x SET EXPRESSION AS (a * 3)",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite: a VIRTUAL column does not touch the rows"],
    statement: "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a * 2) VIRTUAL",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-table-rewrite: now() is computed once"],
    statement: "ALTER TABLE t ADD COLUMN x timestamptz NOT NULL DEFAULT now()",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-table-rewrite/command"],
    statement: "ALTER TABLE t SET UNLOGGED",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/command"],
    setup: "ALTER TABLE t SET UNLOGGED",
    statement: "ALTER TABLE t SET LOGGED",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/command"],
    statement: "CLUSTER t USING t_pkey",
    locks: EXCLUSIVE,
    work: ["builds t_pkey"],
  },
  {
    proves: ["no-table-rewrite/copied"],
    statement: "ALTER TABLE t SET TABLESPACE pg_default",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["require-concurrent-rebuild/reindex", "require-concurrent-rebuild/reindexOfDisabled"],
    statement: "REINDEX TABLE t",
    locks: { t: "SHARE" },
    work: ["builds t_pkey"],
  },
  {
    proves: ["require-concurrent-rebuild/reindex"],
    statement: "REINDEX INDEX t_pkey",
    locks: { t: "SHARE" },
    work: ["builds t_pkey"],
  },
  {
    proves: ["require-concurrent-rebuild/refresh"],
    setup: "CREATE MATERIALIZED VIEW mv AS SELECT id FROM t",
    statement: "REFRESH MATERIALIZED VIEW mv",
    locks: { mv: "ACCESS EXCLUSIVE" },
    work: [],
  },
  {
    proves: ["require-concurrent-rebuild: reads of the view go on"],
    setup: "CREATE MATERIALIZED VIEW mv AS SELECT id FROM t; CREATE UNIQUE INDEX ON mv (id)",
    statement: "REFRESH MATERIALIZED VIEW CONCURRENTLY mv",
    locks: { mv: "EXCLUSIVE" },
    work: [],
  },
  {
    proves: ["require-concurrent-drop/index"],
    setup: "CREATE INDEX i ON t (a)",
    statement: "DROP INDEX i",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["require-concurrent-drop/partition"],
    setup:
      "CREATE TABLE part (k int) PARTITION BY LIST (k); CREATE TABLE one PARTITION OF part FOR VALUES IN (1)",
    statement: "ALTER TABLE part DETACH PARTITION one",
    locks: { one: "ACCESS EXCLUSIVE", part: "ACCESS EXCLUSIVE" },
    work: [],
  },
  {
    proves: ["no-work-under-exclusive-lock/work"],
    statement: "ALTER TABLE t ADD COLUMN x int; UPDATE t SET x = 1",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-work-under-exclusive-lock/made"],
    statement: "ALTER TABLE t ADD COLUMN x int; CREATE TABLE u AS SELECT * FROM t",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-work-under-exclusive-lock/work"],
    statement: "TRUNCATE p; INSERT INTO p SELECT id FROM t",
    locks: { p: "ACCESS EXCLUSIVE" },
    work: ["builds p_pkey"],
  },
  {
    proves: ["no-work-under-exclusive-lock/locked"],
    statement: "LOCK TABLE t IN ACCESS EXCLUSIVE MODE; DELETE FROM t WHERE a > 1",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["no-work-under-exclusive-lock/locked: SHARE ROW EXCLUSIVE is enough for the rows"],
    statement: "LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE; DELETE FROM t WHERE a > 1",
    locks: { t: "SHARE ROW EXCLUSIVE" },
    work: [],
  },
  {
    proves: ["require-not-valid-constraint/exclude"],
    statement: "ALTER TABLE t ADD CONSTRAINT x EXCLUDE (a WITH =)",
    locks: EXCLUSIVE,
    work: ["builds x"],
  },
  {
    proves: ["require-not-valid-constraint/primaryKeyScans"],
    setup: "ALTER TABLE t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX u ON t (a)",
    statement: "ALTER TABLE t ADD PRIMARY KEY USING INDEX u",
    locks: EXCLUSIVE,
    work: ["scans t"],
  },
  {
    proves: ["require-not-valid-constraint: a valid check proves the columns of a primary key"],
    setup:
      "ALTER TABLE t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX u ON t (a); ALTER TABLE t ADD CHECK (a IS NOT NULL)",
    statement: "ALTER TABLE t ADD PRIMARY KEY USING INDEX u",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: ["require-partition-check/scans"],
    setup: PARTITIONED,
    statement: "ALTER TABLE part ATTACH PARTITION two FOR VALUES FROM (10) TO (20)",
    locks: { part: "SHARE UPDATE EXCLUSIVE", rest: "ACCESS EXCLUSIVE", two: "ACCESS EXCLUSIVE" },
    work: ["scans rest", "scans two"],
  },
  {
    proves: ["require-partition-check/notValidated"],
    setup: `${PARTITIONED}; ALTER TABLE two ADD CHECK (k >= 10 AND k < 20) NOT VALID`,
    statement: "ALTER TABLE part ATTACH PARTITION two FOR VALUES FROM (10) TO (20)",
    locks: { part: "SHARE UPDATE EXCLUSIVE", rest: "ACCESS EXCLUSIVE", two: "ACCESS EXCLUSIVE" },
    work: ["scans rest", "scans two"],
  },
  {
    proves: ["require-partition-check: a valid check proves the bounds"],
    setup: `${PARTITIONED}; ALTER TABLE two ADD CHECK (k >= 10 AND k < 20); ALTER TABLE rest ADD CHECK (k >= 100)`,
    statement: "ALTER TABLE part ATTACH PARTITION two FOR VALUES FROM (10) TO (20)",
    locks: { part: "SHARE UPDATE EXCLUSIVE", rest: "ACCESS EXCLUSIVE", two: "ACCESS EXCLUSIVE" },
    work: [],
  },
  {
    proves: ["no-table-rewrite/domain"],
    statement: "ALTER TABLE t ADD COLUMN x filled DEFAULT 'y'",
    locks: EXCLUSIVE,
    work: ALL_INDEXES,
  },
  {
    proves: ["no-table-rewrite/domain: one without constraints does not touch the rows"],
    statement: "ALTER TABLE t ADD COLUMN x plain DEFAULT 'y'",
    locks: EXCLUSIVE,
    work: [],
  },
  {
    proves: [
      "held-locks: reads wait as well for an index, on the table that a dropped foreign key pointed to",
    ],
    setup: "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p",
    statement: "ALTER TABLE t DROP CONSTRAINT f; CREATE INDEX i ON p (id)",
    locks: { p: "ACCESS EXCLUSIVE", t: "ACCESS EXCLUSIVE" },
    work: ["builds i"],
  },
  {
    proves: ["held-locks: reads wait as well for a foreign key, after its column was added"],
    statement: "ALTER TABLE t ADD COLUMN x int; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES p",
    locks: { p: "SHARE ROW EXCLUSIVE", t: "ACCESS EXCLUSIVE" },
    work: ["checks f"],
  },
  {
    proves: ["held-locks: reads wait as well for a foreign key, beside a command that needs more"],
    statement:
      "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p, ALTER COLUMN c SET DEFAULT now()",
    locks: { p: "SHARE ROW EXCLUSIVE", t: "ACCESS EXCLUSIVE" },
    work: ["checks f"],
  },
  {
    proves: ["held-locks: a table that is renamed stays locked"],
    statement: "ALTER TABLE t RENAME TO s; CREATE INDEX i ON s (a)",
    locks: EXCLUSIVE,
    work: ["builds i"],
  },
  {
    proves: ["no-several-exclusive-locks/several"],
    statement: "ALTER TABLE t ADD COLUMN x int; ALTER TABLE p ADD COLUMN x int",
    locks: { p: "ACCESS EXCLUSIVE", t: "ACCESS EXCLUSIVE" },
    work: [],
  },
  {
    proves: ["no-blocking-domain-constraint/scans"],
    setup: "ALTER TABLE t ADD COLUMN x plain",
    statement: "ALTER DOMAIN plain ADD CONSTRAINT z CHECK (value <> 'q')",
    locks: { t: "SHARE" },
    work: [],
  },
  {
    proves: ["no-blocking-domain-constraint/scans"],
    setup: "ALTER TABLE t ADD COLUMN x plain DEFAULT 'a'",
    statement: "ALTER DOMAIN plain SET NOT NULL",
    locks: { t: "SHARE" },
    work: [],
  },
  {
    proves: ["no-blocking-domain-constraint/scans"],
    setup:
      "ALTER TABLE t ADD COLUMN x plain; ALTER DOMAIN plain ADD CONSTRAINT z CHECK (value <> 'q') NOT VALID",
    statement: "ALTER DOMAIN plain VALIDATE CONSTRAINT z",
    locks: { t: "SHARE" },
    work: [],
  },
  {
    proves: ["no-blocking-domain-constraint: NOT VALID takes no lock"],
    setup: "ALTER TABLE t ADD COLUMN x plain",
    statement: "ALTER DOMAIN plain ADD CONSTRAINT z CHECK (value <> 'q') NOT VALID",
    locks: {},
    work: [],
  },
  {
    proves: ["require-concurrent-index/partitioned"],
    setup: PARTITIONED,
    statement: "CREATE INDEX i ON part (k)",
    locks: { part: "SHARE", rest: "SHARE" },
    work: ["builds rest_k_idx"],
  },
  {
    proves: ["require-concurrent-index/partitioned: ON ONLY builds nothing"],
    setup: PARTITIONED,
    statement: "CREATE INDEX i ON ONLY part (k)",
    locks: { part: "SHARE" },
    work: [],
  },
];

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(TABLES);
});
afterAll(() => database.close());

const WORK: readonly [RegExp, string][] = [
  [/^verifying table "(\w+)"/, "scans"],
  [/^validating foreign key constraint "(\w+)"/, "checks"],
  [/^rewriting table "(\w+)"/, "rewrites"],
  [/^building index "((?!pg_toast)\w+)"/, "builds"],
];

/** Makes the tables anew, runs a statement on them, and takes it back. */
async function measure({ setup = "", statement }: Proof): Promise<Pick<Proof, "locks" | "work">> {
  await database.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${TABLES} ${setup}`);
  const { rows: tables } = await database.query<{ oid: number; name: string }>(
    "SELECT oid::int, relname AS name FROM pg_class WHERE relkind IN ('r', 'm', 'p') AND relnamespace = 'public'::regnamespace",
  );
  await database.exec("BEGIN");
  try {
    const work = await workOf(statement);
    const { rows } = await database.query<{ oid: number; mode: string }>(
      "SELECT relation::int AS oid, mode FROM pg_locks WHERE locktype = 'relation' AND granted",
    );
    const locks: Record<string, string> = {};
    for (const { oid, name } of tables) {
      const held = rows.filter((row) => row.oid === oid).map(({ mode }) => asWritten(mode));
      const strongest = LOCK_MODES.findLast((mode) => held.includes(mode));
      if (strongest !== undefined && strongest !== "ACCESS SHARE") locks[name] = strongest;
    }
    return { locks, work };
  } finally {
    await database.exec("ROLLBACK");
  }
}

/** What the server logs of the work that a statement is. */
async function workOf(statement: string): Promise<string[]> {
  const logged = await logOf(database, statement);
  const work = logged.flatMap((line) =>
    WORK.flatMap(([pattern, verb]) => {
      const name = pattern.exec(line)?.[1];
      return name === undefined ? [] : [`${verb} ${name}`];
    }),
  );
  return work.sort();
}

describe("PostgreSQL does what messages and pages say", () => {
  test.each(PROOFS)("$statement: $proves", async (proof) => {
    expect(await measure(proof)).toEqual({ locks: proof.locks, work: proof.work });
  });
});

describe("messages", async () => {
  const folder = new URL("rules/", import.meta.url);
  const names = readdirSync(folder).flatMap((file) => /^([\w-]+)\.ts$/.exec(file)?.[1] ?? []);
  const messages = (
    await Promise.all(
      names.map(async (name) => {
        const module: { default: { meta: { messages: Record<string, string> } } } = await import(
          new URL(`${name}.ts`, folder).href
        );
        return Object.entries(module.default.meta.messages).map(([id, text]) => ({
          id: `${name}/${id}`,
          text,
        }));
      }),
    )
  ).flat();
  const proofsOf = (id: string): Proof[] => PROOFS.filter(({ proves }) => proves.includes(id));

  const LOCK = /\b((?:ACCESS |ROW |SHARE |UPDATE )*(?:EXCLUSIVE|SHARE)) lock\b/g;
  const claims = messages.flatMap(({ id, text }) => {
    const locks = Array.from(text.matchAll(LOCK), (match) => match[1] ?? "");
    const work = [
      ...(/\breads the whole table\b/.test(text) ? [/^(?:scans|checks|builds) /] : []),
      ...(/\brewrites the whole table\b/.test(text) ? [/^rewrites t$/] : []),
      ...(/\bbuilds its index\b|\band its indexes\b/.test(text) ? [/^builds /] : []),
    ];
    return locks.length > 0 || work.length > 0 ? [{ id, locks, work }] : [];
  });

  it("claim something", () => {
    expect(claims.length).toBeGreaterThan(20);
  });

  it.each(claims)("$id says what was measured", ({ id, locks, work }) => {
    const proofs = proofsOf(id);
    expect(proofs).not.toEqual([]);
    for (const proof of proofs) {
      expect(Object.values(proof.locks)).toEqual(expect.arrayContaining(locks));
      for (const pattern of work) expect(proof.work.join("\n")).toMatch(new RegExp(pattern, "m"));
    }
  });

  it("are there, where a proof names one", () => {
    const named = PROOFS.flatMap(({ proves }) => proves).filter((text) => /^[\w-]+\/\w+$/.test(text));
    const known = new Set(messages.map(({ id }) => id));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

/** Pairs of types, and a value that both take. */
const TYPES: [from: string, to: string, value?: string][] = [
  ...[
    "varchar(10)",
    "varchar(20)",
    "varchar(5)",
    "varchar",
    "text",
    "character(10)",
    "character(20)",
  ].flatMap((from, _, all) => all.map((to): [string, string] => [from, to])),
  ...[
    "numeric(10,2)",
    "numeric(12,2)",
    "numeric(12,4)",
    "numeric(8)",
    "numeric",
    "integer",
    "bigint",
  ].flatMap((from, _, all) => all.map((to): [string, string, string] => [from, to, "1"])),
  ...[
    "timestamp",
    "timestamp(3)",
    "timestamp(6)",
    "timestamptz",
    "timestamptz(3)",
    "timestamptz(6)",
    "date",
  ].flatMap((from, _, all) => all.map((to): [string, string, string] => [from, to, "2026-01-01"])),
  ...["time", "time(3)", "time(6)", "timetz"].flatMap((from, _, all) =>
    all.map((to): [string, string, string] => [from, to, "10:00"]),
  ),
  ["bit varying(5)", "bit varying(10)", "101"],
  ["bit varying(10)", "bit varying(5)", "101"],
  ["bit varying(5)", "bit varying", "101"],
  ["cidr", "inet", "10.0.0.0/8"],
  ["inet", "cidr", "10.0.0.0/8"],
  ["xml", "text", "<a/>"],
  ["json", "jsonb", "{}"],
  ["varchar(10)[]", "varchar[]", "{a}"],
  ["varchar(10)[]", "varchar(20)[]", "{a}"],
  ["varchar(10)[]", "text[]", "{a}"],
  ["integer", "smallint", "1"],
  ["integer", "real", "1"],
  ["real", "double precision", "1"],
  ["text", "mood", "a"],
  ["text", "plain"],
  ["text", "filled"],
  ["mood", "text", "a"],
];

/** A type in the canonical spelling, as the catalog holds it. */
function canonical(type: string): string {
  const details = {
    dialect: "postgresql",
    runner: "plain",
    version: "",
    direction: "up",
    transactional: true,
  } as const;
  const [step] = parseFile(`ALTER TABLE t ALTER a TYPE ${type}`, details).steps;
  return step?.node?.type === "AlterColumnType" ? step.node.to : "";
}

/** What each answer of `typeChange` stands for: whether the table is rewritten under UTC, and elsewhere. */
const REWRITES: Record<TypeChange, [inUtc: boolean, elsewhere: boolean][]> = {
  nothing: [[false, false]],
  rewrite: [[true, true]],
  rewriteUnlessUtc: [[false, true]],
  // Which of both depends on the domain, and on whether it is one.
  rewriteUnlessDomain: [
    [true, true],
    [false, false],
  ],
  unknown: [],
};

describe("a change of type rewrites the table just where the rule says so", () => {
  async function rewrites(zone: string, from: string, to: string, value: string): Promise<boolean> {
    await database.exec(`BEGIN; SET LOCAL timezone = '${zone}'`);
    try {
      await database.exec(`CREATE TABLE z (v ${from}); INSERT INTO z VALUES ('${value}')`);
      return (await workOf(`ALTER TABLE z ALTER COLUMN v TYPE ${to} USING v::${to}`)).includes("rewrites z");
    } finally {
      await database.exec("ROLLBACK");
    }
  }

  test.each(TYPES)("%s to %s", async (from, to, value = "a") => {
    const measured = [
      await rewrites("UTC", from, to, value),
      await rewrites("Europe/Paris", from, to, value),
    ];
    expect(REWRITES[typeChange(canonical(from), canonical(to))]).toContainEqual(measured);
  });
});
