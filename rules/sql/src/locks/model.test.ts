import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Catalog } from "../catalog/catalog.ts";
import { CatalogsOfFile, foldSteps } from "../catalog/fold.ts";
import { parseFile, type ParsedFile } from "../language/parse.ts";
import { compare } from "./compare.fixture.ts";
import { effectsOfStatement } from "./effects.ts";
import { NOT_VOLATILE } from "./functions.generated.ts";
import { measure } from "./measure.fixture.ts";
import { ALL_ROWS } from "./rows.ts";
import type { Effects, Server } from "./types.ts";

const SCHEMA = `
  CREATE TYPE mood AS ENUM ('a', 'b');
  CREATE TYPE comp AS (x int);
  CREATE DOMAIN plain AS text;
  CREATE DOMAIN filled AS text CHECK (value <> '');
  CREATE DOMAIN preset AS text DEFAULT 'q';
  CREATE TABLE p (id int PRIMARY KEY, u int UNIQUE);
  CREATE TABLE t (
    id int PRIMARY KEY, a int, b varchar(10), c timestamp, n numeric(10,2), k int CHECK (k > 0),
    pid int REFERENCES p (id), d filled, pl plain, s int DEFAULT 1, nn int NOT NULL DEFAULT 2,
    id2 int GENERATED ALWAYS AS IDENTITY, g int GENERATED ALWAYS AS (2) STORED, e mood
  );
  CREATE INDEX t_b ON t (b);
  CREATE INDEX t_c ON t (c);
  CREATE UNIQUE INDEX t_nn ON t (nn);
  CREATE UNIQUE INDEX t_a ON t (a);
  CREATE TABLE ch (id int PRIMARY KEY, tid int REFERENCES t (id), tid2 int);
  INSERT INTO p SELECT i, i FROM generate_series(1, 20) AS i;
  INSERT INTO t SELECT i, i, 'a', now(), 1, 1, i, 'x', 'y', 1, i FROM generate_series(1, 20) AS i;
  CREATE TABLE r (id int, k int, UNIQUE (id)) PARTITION BY RANGE (id);
  CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (0) TO (9);
  CREATE TABLE rd PARTITION OF r DEFAULT;
  CREATE TABLE r2 (id int, k int);
  CREATE TABLE r3 (id int, k int, CHECK (id >= 30 AND id < 40 AND id IS NOT NULL));
  CREATE INDEX r_i ON r (k, id);
  CREATE TABLE par (id int, v int);
  CREATE TABLE kid () INHERITS (par);
  CREATE TABLE kid2 (id int, v int);
  CREATE VIEW v AS SELECT id FROM t;
  CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;
  CREATE UNIQUE INDEX mv_id ON mv (id);
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
  CREATE FUNCTION each_row() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
  CREATE FUNCTION for_all() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 1; END';
  CREATE FUNCTION inlined() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION inlined_anew() RETURNS int LANGUAGE sql AS 'SELECT (random() * 9)::int';
  CREATE FUNCTION not_inlined() RETURNS int LANGUAGE sql AS 'SELECT max(n) FROM generate_series(1, 9) n';
  CREATE FUNCTION settled() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
  ALTER FUNCTION settled() IMMUTABLE;
  CREATE POLICY pol ON t USING (true);
  CREATE RULE ru AS ON INSERT TO par DO ALSO NOTHING;
  CREATE SEQUENCE sq;
  CREATE TABLE ts (id int DEFAULT nextval('sq'));
  CREATE TABLE "Quoted" ("Id" int);
  CREATE STATISTICS st ON a, nn FROM t;
  CREATE PUBLICATION pub;
  CREATE TABLE co (x comp);
  ALTER TABLE t ADD CONSTRAINT later CHECK (a > 0) NOT VALID;
  ALTER TABLE ch ADD CONSTRAINT key_later FOREIGN KEY (tid2) REFERENCES p (id) NOT VALID;
`;

/** Each runs alone on the schema above; after ` <- ` what runs before it. */
const STATEMENTS = [
  "ALTER TABLE t ADD x int NOT NULL DEFAULT 1",
  "ALTER TABLE t ADD x int DEFAULT each_row()",
  "ALTER TABLE t ADD x int DEFAULT public.each_row() + 1",
  "ALTER TABLE t ADD x int DEFAULT for_all()",
  "ALTER TABLE t ADD x int DEFAULT inlined()",
  "ALTER TABLE t ADD x int DEFAULT inlined_anew()",
  "ALTER TABLE t ADD x int DEFAULT not_inlined()",
  "ALTER TABLE t ADD x int DEFAULT settled()",
  "ALTER TABLE p ADD x text[] NOT NULL DEFAULT '{}'",
  "ALTER TABLE ch ADD x int NOT NULL",
  "ALTER TABLE ch ADD x int UNIQUE DEFAULT 1",
  "ALTER TABLE t ADD x int CHECK (x > 0)",
  "ALTER TABLE t ADD x plain",
  "ALTER TABLE t ADD x filled DEFAULT 'a'",
  "ALTER TABLE t ADD x preset",
  "ALTER TABLE t ADD x int REFERENCES p, ADD y int DEFAULT 1",
  "ALTER TABLE t ADD x int REFERENCES p, ADD y int GENERATED ALWAYS AS (1) STORED",
  "ALTER TABLE t ADD x int REFERENCES t (id)",
  "ALTER TABLE t ADD x int REFERENCES p, ADD CONSTRAINT y FOREIGN KEY (a) REFERENCES p(u) NOT VALID",
  "ALTER TABLE t DROP pid",
  "ALTER TABLE t DROP id CASCADE",
  "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE",
  "ALTER TABLE t DROP a CASCADE",
  "ALTER TABLE t DROP CONSTRAINT t_pid_fkey",
  "ALTER TABLE t RENAME CONSTRAINT t_pid_fkey TO zz",
  "ALTER TABLE t ALTER pid TYPE bigint",
  "ALTER TABLE p ALTER id TYPE bigint",
  "ALTER TABLE p ALTER u TYPE bigint",
  "ALTER TABLE t ALTER k TYPE bigint",
  "ALTER TABLE t ALTER k TYPE int",
  "ALTER TABLE t ALTER pid TYPE int",
  "ALTER TABLE t ALTER b TYPE text",
  `ALTER TABLE t ALTER b TYPE text COLLATE "C"`,
  "ALTER TABLE t ALTER b TYPE plain",
  "ALTER TABLE t ALTER d TYPE text",
  "ALTER TABLE t ALTER nn SET NOT NULL",
  "ALTER TABLE t ALTER a SET NOT NULL",
  "ALTER TABLE t ALTER nn DROP NOT NULL",
  "ALTER TABLE t ALTER s SET DEFAULT 5",
  "ALTER TABLE t ALTER id2 DROP IDENTITY",
  "ALTER TABLE t ALTER nn DROP DEFAULT, ALTER nn ADD GENERATED ALWAYS AS IDENTITY",
  "ALTER TABLE t ALTER id2 RESTART",
  "ALTER TABLE t ALTER g DROP EXPRESSION",
  "ALTER TABLE t ALTER g SET EXPRESSION AS (3)",
  "ALTER TABLE t ALTER b SET STORAGE PLAIN",
  "ALTER TABLE t ALTER b SET COMPRESSION pglz",
  "ALTER TABLE t ALTER b SET (n_distinct = 5)",
  "ALTER TABLE t ALTER a SET STATISTICS 5",
  "ALTER TABLE t VALIDATE CONSTRAINT later",
  "ALTER TABLE ch DROP CONSTRAINT ch_pkey, ADD PRIMARY KEY (tid2)",
  "ALTER TABLE r2 ADD PRIMARY KEY (id)",
  "ALTER TABLE r2 ADD UNIQUE (id)",
  "ALTER TABLE r2 ADD CONSTRAINT nn NOT NULL id",
  "ALTER TABLE r2 ADD CONSTRAINT nn NOT NULL id NOT VALID",
  "ALTER TABLE t ADD CONSTRAINT kk UNIQUE USING INDEX t_nn",
  "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE, ADD CONSTRAINT kk PRIMARY KEY USING INDEX t_nn",
  "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE, ADD CONSTRAINT kk PRIMARY KEY USING INDEX t_a",
  "ALTER TABLE t ADD CHECK (a > 0)",
  "ALTER TABLE t ADD CHECK (a > 0) NOT VALID",
  "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED",
  "ALTER TABLE ch ADD FOREIGN KEY (tid2) REFERENCES t",
  "ALTER TABLE ch ADD FOREIGN KEY (tid2) REFERENCES t NOT VALID",
  "ALTER TABLE ch ADD FOREIGN KEY (tid2) REFERENCES t NOT ENFORCED",
  "ALTER TABLE ch ADD FOREIGN KEY (tid2) REFERENCES ch",
  "ALTER TABLE ch ALTER CONSTRAINT ch_tid_fkey DEFERRABLE",
  "ALTER TABLE ch ALTER CONSTRAINT ch_tid_fkey NOT ENFORCED",
  "ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (int4range(a, a+1) WITH &&)",
  "DROP TABLE ch",
  "DROP TABLE t CASCADE",
  "DROP TABLE p CASCADE",
  "DROP TABLE r1",
  "DROP TABLE r",
  "DROP TABLE par CASCADE",
  "DROP TABLE kid",
  "ALTER TABLE t RENAME TO z",
  "ALTER TABLE t RENAME a TO z",
  "ALTER TABLE par RENAME v TO z",
  "ALTER TABLE par ADD x int",
  "ALTER TABLE par ADD x int DEFAULT random()",
  "ALTER TABLE par DROP v",
  "ALTER TABLE par ADD CHECK (v > 0)",
  "ALTER TABLE par ADD CHECK (v > 0) NO INHERIT",
  "ALTER TABLE par ALTER v SET NOT NULL",
  "ALTER TABLE par ALTER v SET DEFAULT 3",
  "ALTER TABLE par ALTER v TYPE bigint",
  "ALTER TABLE kid2 INHERIT par",
  "ALTER TABLE kid NO INHERIT par",
  "ALTER TABLE r ADD x int",
  "ALTER TABLE r ADD CHECK (k > 0)",
  "ALTER TABLE r ADD FOREIGN KEY (k) REFERENCES p",
  "ALTER TABLE r1 ADD FOREIGN KEY (k) REFERENCES p",
  "ALTER TABLE ch ADD FOREIGN KEY (tid2) REFERENCES r (id)",
  "ALTER TABLE r DROP CONSTRAINT r_id_key",
  "ALTER TABLE r ATTACH PARTITION r2 FOR VALUES FROM (20) TO (30)",
  "ALTER TABLE r ATTACH PARTITION r3 FOR VALUES FROM (30) TO (40)",
  "ALTER TABLE r DETACH PARTITION r1",
  "CREATE TABLE r9 PARTITION OF r FOR VALUES FROM (90) TO (99)",
  "CREATE INDEX ON r (k)",
  "CREATE INDEX ON ONLY r (k)",
  "CREATE INDEX ON r1 (k)",
  "DROP INDEX t_b",
  "DROP INDEX mv_id",
  "REINDEX TABLE t",
  "REINDEX INDEX t_b",
  "ALTER INDEX t_b RENAME TO zz",
  "ALTER INDEX t_b SET (fillfactor = 50)",
  "ALTER INDEX r_id_key ATTACH PARTITION r1_id_key",
  "CREATE UNIQUE INDEX zz ON t (a, nn)",
  "CREATE INDEX ON par (v)",
  "CLUSTER t USING t_pkey",
  "ALTER TABLE t CLUSTER ON t_pkey",
  "ALTER TABLE t SET WITHOUT CLUSTER",
  "TRUNCATE t, ch",
  "TRUNCATE t CASCADE",
  "TRUNCATE par",
  "TRUNCATE r",
  "TRUNCATE ONLY par",
  "REFRESH MATERIALIZED VIEW mv",
  "REFRESH MATERIALIZED VIEW CONCURRENTLY mv",
  "REFRESH MATERIALIZED VIEW mv WITH NO DATA",
  "DROP MATERIALIZED VIEW mv",
  "DROP VIEW v",
  "CREATE OR REPLACE VIEW v AS SELECT id FROM t",
  "CREATE VIEW v2 AS SELECT * FROM t",
  "CREATE MATERIALIZED VIEW mv2 AS SELECT * FROM t",
  "ALTER VIEW v RENAME TO v3",
  "ALTER MATERIALIZED VIEW mv RENAME TO v3",
  "ALTER VIEW v OWNER TO CURRENT_USER",
  "ALTER VIEW v ALTER id SET DEFAULT 3",
  "CREATE TRIGGER h BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
  "CREATE CONSTRAINT TRIGGER h AFTER INSERT ON t FROM p FOR EACH ROW EXECUTE FUNCTION f()",
  "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
  'CREATE INDEX ON "Quoted" ("Id")',
  "DROP TRIGGER g ON t",
  "DROP TRIGGER IF EXISTS g ON t",
  "DROP TRIGGER IF EXISTS nono ON t",
  "ALTER TRIGGER g ON t RENAME TO h",
  "DROP FUNCTION f CASCADE",
  "DROP TYPE comp CASCADE",
  "DROP DOMAIN filled CASCADE",
  "DROP TYPE mood CASCADE",
  "DROP SEQUENCE sq CASCADE",
  "ALTER SEQUENCE sq OWNED BY ts.id",
  "ALTER SEQUENCE sq RESTART 5",
  "ALTER TYPE mood ADD VALUE 'z'",
  "ALTER TYPE mood RENAME VALUE 'a' TO 'q'",
  "ALTER TYPE comp ADD ATTRIBUTE y int",
  "ALTER TYPE comp RENAME ATTRIBUTE x TO y",
  "ALTER TYPE mood RENAME TO mm",
  "ALTER DOMAIN filled ADD CHECK (value <> 'qq')",
  "ALTER DOMAIN filled ADD CONSTRAINT z CHECK (value <> 'qq') NOT VALID",
  "ALTER DOMAIN filled SET NOT NULL",
  "ALTER DOMAIN filled DROP NOT NULL",
  "ALTER DOMAIN filled SET DEFAULT 'c'",
  "ALTER DOMAIN filled DROP CONSTRAINT filled_check",
  "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
  "ALTER TABLE t FORCE ROW LEVEL SECURITY",
  "CREATE POLICY pp ON t USING (true)",
  "ALTER POLICY pol ON t USING (false)",
  "ALTER POLICY pol ON t RENAME TO z",
  "DROP POLICY pol ON t",
  "CREATE RULE rr AS ON INSERT TO t DO ALSO NOTHING",
  "DROP RULE ru ON par",
  "ALTER RULE ru ON par RENAME TO z",
  "ALTER TABLE t OWNER TO CURRENT_USER",
  "ALTER TABLE t REPLICA IDENTITY FULL",
  "ALTER TABLE t SET (fillfactor = 50)",
  "ALTER TABLE t SET (autovacuum_enabled = false)",
  "ALTER TABLE t SET (user_catalog_table = true)",
  "ALTER TABLE t RESET (fillfactor)",
  "ALTER TABLE ch SET LOGGED",
  "ALTER TABLE ch SET UNLOGGED",
  "ALTER TABLE t SET TABLESPACE pg_default",
  "ALTER TABLE t SET ACCESS METHOD heap",
  "ALTER TABLE t DISABLE TRIGGER ALL",
  "ALTER TABLE t ENABLE TRIGGER g",
  "ALTER TABLE t ENABLE ALWAYS TRIGGER g",
  "ALTER TABLE par DISABLE RULE ru",
  "COMMENT ON TABLE t IS 'x'",
  "COMMENT ON COLUMN t.a IS 'x'",
  "COMMENT ON CONSTRAINT t_pkey ON t IS 'x'",
  "COMMENT ON INDEX t_b IS 'x'",
  "COMMENT ON TRIGGER g ON t IS 'x'",
  "COMMENT ON POLICY pol ON t IS 'x'",
  "COMMENT ON VIEW v IS 'x'",
  "COMMENT ON MATERIALIZED VIEW mv IS 'x'",
  "COMMENT ON TYPE mood IS 'x'",
  "COMMENT ON FUNCTION f() IS 'x'",
  "CREATE STATISTICS s2 ON a, id FROM t",
  "DROP STATISTICS st",
  "ALTER STATISTICS st SET STATISTICS 5",
  "ANALYZE t",
  "CREATE PUBLICATION pp FOR TABLE t",
  "CREATE PUBLICATION pp FOR ALL TABLES",
  "ALTER PUBLICATION pub ADD TABLE t",
  "ALTER PUBLICATION pub SET TABLE t",
  "DROP PUBLICATION pub",
  "LOCK TABLE t IN SHARE MODE",
  "LOCK TABLE t",
  "LOCK TABLE v",
  "GRANT SELECT ON t TO public",
  "REVOKE ALL ON t FROM public",
  "GRANT ALL ON ALL TABLES IN SCHEMA public TO public",
  "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO public",
  "SELECT * FROM t FOR UPDATE",
  "SELECT * FROM v FOR UPDATE",
  "UPDATE t SET a = 1 WHERE false",
  "DELETE FROM ch",
  "DELETE FROM t WHERE id = 3",
  "DELETE FROM p WHERE id = 30",
  "INSERT INTO ch SELECT 1, 1, 1",
  "INSERT INTO ch VALUES (5, NULL, 1)",
  "INSERT INTO par VALUES (1,2)",
  "UPDATE par SET v = 1",
  "INSERT INTO r VALUES (1, 1)",
  "INSERT INTO ch SELECT 1 FROM t ON CONFLICT (id) DO NOTHING",
  "MERGE INTO ch USING t ON false WHEN MATCHED THEN DO NOTHING",
  "CREATE TABLE q (LIKE t INCLUDING ALL)",
  "CREATE TABLE q () INHERITS (par)",
  "CREATE TABLE q AS SELECT * FROM t",
  "SELECT * INTO q FROM t",
  "CREATE TABLE IF NOT EXISTS t (id int)",
  "CREATE INDEX IF NOT EXISTS t_b ON t (b)",
  "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int",
  "ALTER TABLE t DROP COLUMN IF EXISTS zz",
  "ALTER TABLE t DROP CONSTRAINT IF EXISTS zz",
  "DROP TABLE IF EXISTS zz",
  "CREATE SCHEMA z",
  "CREATE EXTENSION IF NOT EXISTS plpgsql",
  "CREATE FUNCTION ff() RETURNS SETOF t LANGUAGE sql AS 'select * from t'",
  "ALTER TABLE t ADD x serial",
  "ALTER TABLE t ADD x int GENERATED ALWAYS AS (a)",
  "ALTER TABLE t ADD x int GENERATED ALWAYS AS (a) NOT NULL",
  "ALTER TABLE ch ADD x int GENERATED ALWAYS AS (tid) NOT NULL",
  "ALTER TABLE t ADD x int NULL DEFAULT NULL",
  "ALTER TABLE t ADD x mood DEFAULT 'a'",
  "ALTER TABLE t ADD x int[] DEFAULT ARRAY[1]",
  "ALTER TABLE t ADD x text DEFAULT current_user",
  "ALTER TABLE t ADD x text DEFAULT md5(random()::text)",
  "ALTER TABLE t ADD x timestamptz DEFAULT now() + interval '1 day'",
  "ALTER TABLE t ADD x timestamptz DEFAULT timezone('utc', now())",
  "ALTER TABLE par ADD UNIQUE (id)",
  "ALTER TABLE par ADD PRIMARY KEY (id)",
  "ALTER TABLE par ADD FOREIGN KEY (v) REFERENCES p",
  "ALTER TABLE par ADD x int UNIQUE",
  "ALTER TABLE par ADD x int REFERENCES p",
  "ALTER TABLE par ADD x int REFERENCES p DEFAULT 1",
  "ALTER TABLE par ALTER v SET STATISTICS 5",
  "ALTER TABLE par ALTER v SET (n_distinct = 5)",
  "ALTER TABLE par ALTER v SET STORAGE PLAIN",
  "ALTER TABLE par ALTER v SET NOT NULL, ALTER v ADD GENERATED ALWAYS AS IDENTITY",
  "ALTER TABLE par DISABLE TRIGGER ALL",
  "ALTER TABLE r DISABLE TRIGGER ALL",
  "CREATE TRIGGER h BEFORE INSERT ON par FOR EACH ROW EXECUTE FUNCTION f()",
  "CREATE TRIGGER h BEFORE INSERT ON r FOR EACH ROW EXECUTE FUNCTION f()",
  "ALTER TABLE par ALTER v DROP NOT NULL",
  "ALTER TABLE par ALTER v DROP DEFAULT",
  "LOCK TABLE par",
  "INSERT INTO par VALUES (1, 2)",
  "DELETE FROM par",
  "SELECT * FROM par FOR UPDATE",
  "ALTER TABLE par SET SCHEMA pg_catalog",
  "ALTER TABLE par RENAME TO pp",
  "ALTER TABLE r ALTER k SET STATISTICS 5",
  "ALTER TABLE r ENABLE ROW LEVEL SECURITY",
  "ALTER TABLE r OWNER TO CURRENT_USER",
  "ALTER TABLE r RENAME TO rr",
  "ALTER TABLE r SET SCHEMA pg_catalog",
  "ALTER TABLE r ADD CONSTRAINT z CHECK (k > 1) NOT VALID",
  "ALTER TABLE r ALTER id SET NOT NULL",
  "COMMENT ON TABLE r IS 'x'",
  "ANALYZE r",
  "DROP TABLE rd",
  "CREATE POLICY zz ON r USING (true)",
  "ALTER TABLE r REPLICA IDENTITY FULL",
  "ALTER TABLE t SET SCHEMA pg_catalog",
  "ALTER TABLE t ADD x int GENERATED ALWAYS AS IDENTITY",
  "ALTER TABLE t ADD x int DEFAULT 1 REFERENCES p",
  "ALTER TABLE ch VALIDATE CONSTRAINT key_later",
  "ALTER TABLE par RENAME CONSTRAINT xx TO y <- ALTER TABLE par ADD CONSTRAINT xx CHECK (v > 0)",
  "ALTER TABLE par VALIDATE CONSTRAINT xx <- ALTER TABLE par ADD CONSTRAINT xx CHECK (v > 0) NOT VALID",
  "ALTER TABLE par DROP CONSTRAINT xx <- ALTER TABLE par ADD CONSTRAINT xx CHECK (v > 0)",
  "ALTER TABLE t ALTER a SET NOT NULL <- ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL)",
  "ALTER TABLE t ALTER a SET NOT NULL <- ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL) NOT VALID",
  "ALTER TABLE t ALTER a SET NOT NULL <- ALTER TABLE t ADD CONSTRAINT proof NOT NULL a NOT VALID",
  "ALTER TABLE t VALIDATE CONSTRAINT proof <- ALTER TABLE t ADD CONSTRAINT proof NOT NULL a NOT VALID",
  "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
  "ALTER TABLE t NO FORCE ROW LEVEL SECURITY",
  "ALTER TABLE par ENABLE RULE ru",
  "ALTER TABLE par ENABLE ALWAYS RULE ru",
  "ALTER TABLE par ENABLE REPLICA RULE ru",
  "ALTER TABLE typed OF comp <- CREATE TABLE typed (x int)",
  "ALTER TABLE typed NOT OF <- CREATE TABLE typed OF comp",
  "ALTER TABLE t ALTER a RESET (n_distinct)",
  "ALTER TABLE t RESET (user_catalog_table)",
  "ALTER TABLE t ENABLE REPLICA TRIGGER g",
  "ALTER TABLE t ENABLE TRIGGER ALL",
  "ALTER TABLE t ENABLE TRIGGER USER",
  "ALTER TABLE t DISABLE TRIGGER g",
  "ALTER TABLE t DISABLE TRIGGER USER",
  "ALTER TABLE r DISABLE TRIGGER ALL <- CREATE TRIGGER h BEFORE INSERT ON r FOR EACH ROW EXECUTE FUNCTION f()",
  "ALTER TABLE ch ALTER CONSTRAINT ch_tid_fkey ENFORCED <- ALTER TABLE ch ALTER CONSTRAINT ch_tid_fkey NOT ENFORCED",
  "DROP VIEW v CASCADE <- CREATE VIEW over_v AS SELECT * FROM v",
  "SAVEPOINT s",
  "SET lock_timeout = 5",
  "ALTER DATABASE postgres SET lock_timeout = 5",
  "ALTER FUNCTION f() STABLE",
  "ALTER FUNCTION f() OWNER TO CURRENT_USER",
  "ALTER ROLE postgres SET lock_timeout = 5",
  "ALTER ROLE postgres LOGIN",
  "CREATE TYPE pair AS (x int, y int)",
  "SET CONSTRAINTS ALL DEFERRED",
  "CREATE CAST (comp AS text) WITH INOUT",
  "CREATE DOMAIN other AS text",
  "CREATE TYPE color AS ENUM ('a')",
  "CREATE TYPE span AS RANGE (subtype = float8)",
  "CREATE ROLE someone",
  "CREATE SEQUENCE other",
  "CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int)",
  "DISCARD PLANS",
  "DROP ROLE someone <- CREATE ROLE someone",
  "CHECKPOINT",
  "GRANT pg_read_all_data TO postgres",
  "SET TRANSACTION READ WRITE",
  "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD zz int', 't'); END $$",
  "DO $$ BEGIN IF false THEN ALTER TABLE t ADD zz int; END IF; END $$",
  "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 'ALTER TABLE t ADD zz int' AS q LOOP EXECUTE r.q; END LOOP; END $$",
  "LISTEN c",
  "NOTIFY c",
  "SHOW lock_timeout",
  "SELECT my_code() <- CREATE FUNCTION my_code() RETURNS void LANGUAGE sql AS 'UPDATE p SET u = 1 WHERE false'",
  "DO $$ BEGIN ALTER TABLE t ADD x int; END $$",
  "CALL my_code() <- CREATE PROCEDURE my_code() LANGUAGE sql AS 'SELECT 1'",
  "PREPARE q AS UPDATE t SET a = 3",
  "EXECUTE q2 <- PREPARE q2 AS SELECT 1",
  "EXPLAIN UPDATE t SET a = 3",
  "COPY t TO '/dev/null'",
  "LOCK TABLE t IN ROW SHARE MODE",
  "LOCK TABLE t IN ROW EXCLUSIVE MODE",
  "LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE",
  "LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE",
  "LOCK TABLE t IN EXCLUSIVE MODE",
  "DROP SCHEMA public CASCADE",
  "ALTER VIEW v SET SCHEMA pg_catalog",
  "ALTER TYPE mood SET SCHEMA pg_catalog",
  "ALTER DOMAIN filled VALIDATE CONSTRAINT z <- ALTER DOMAIN filled ADD CONSTRAINT z CHECK (value <> 'qq') NOT VALID",
  "CREATE FUNCTION writes() RETURNS void LANGUAGE sql AS 'DELETE FROM ch'",
  "ALTER TABLE t ALTER c TYPE timestamptz",
  "ALTER TABLE t ALTER n TYPE numeric(12,2)",
  "ALTER TABLE t ALTER n TYPE numeric(12,4)",
  "ALTER TABLE t ALTER b TYPE varchar(20)",
  "ALTER TABLE t ALTER b TYPE varchar(5)",
  "ALTER TABLE t ALTER b TYPE filled",
  "ALTER TABLE t ALTER e TYPE text",
  "ALTER TABLE t ALTER b TYPE text USING trim(b)",
  "ALTER TABLE t ALTER b TYPE text USING b::text",
  "ALTER TABLE t ALTER b TYPE text <- CREATE INDEX lowered ON t (lower(b))",
  "ALTER TABLE t ALTER c TYPE date",
];

function parsed(sql: string): ParsedFile {
  return parseFile(sql, {
    dialect: "postgresql",
    runner: "plain",
    version: "",
    direction: "up",
    transactional: true,
  });
}

const EMPTY = Catalog.empty({ complete: true });
const SERVER: Server = { version: 18, timeZone: "UTC" };

/** What the model says of a statement, on the schema and after its setup. */
function told(statement: string, setup: string, server: Server = SERVER): Effects {
  const before = foldSteps(EMPTY, parsed(SCHEMA + setup).steps, "1.sql");
  const { steps } = parsed(statement);
  const catalogs = new CatalogsOfFile(before, steps);
  const [first] = steps;
  if (!first?.node) throw new Error(`No statement: ${statement}`);
  return effectsOfStatement(first.node.parent, (operation) => catalogs.before(operation), server);
}

const database = new PGlite();
beforeAll(() => database.exec(SCHEMA), 60_000);
afterAll(() => database.close());

const split = (text: string): [statement: string, setup: string] => {
  const [statement = "", setup = ""] = text.split(" <- ");
  return [statement, setup];
};

describe("the lock model on PostgreSQL 18", () => {
  it.each(STATEMENTS)(
    "%s",
    async (text) => {
      const [statement, setup] = split(text);
      // What the setup locks is none of the statement's.
      if (setup !== "") await database.exec(setup);
      await database.exec("BEGIN");
      try {
        const measured = await measure(database, statement);
        expect(compare(told(statement, setup), measured).differences).toEqual([]);
      } finally {
        await database.exec("ROLLBACK");
        if (setup !== "")
          await database.exec(
            `DROP SCHEMA public CASCADE; DROP PUBLICATION pub; CREATE SCHEMA public; ${SCHEMA}`,
          );
      }
    },
    60_000,
  );

  it("is certain of what it says in most cases", () => {
    const unsure = STATEMENTS.filter((text) => {
      const { locks, work, unknown } = told(...split(text));
      return unknown !== undefined || [...locks, ...work].some(({ certain }) => !certain);
    });
    expect(unsure.length / STATEMENTS.length).toBeLessThan(0.15);
  });

  it("has a case for every row, or names its document", () => {
    const used = new Set(STATEMENTS.flatMap((text) => told(...split(text)).rows));
    const lacking = ALL_ROWS.filter(({ id, definition: { document } }) =>
      document === undefined ? !used.has(id) : !/^PostgreSQL \d\d/.test(document),
    );
    expect(lacking.map(({ id }) => id)).toEqual([]);
  });
});

describe("the lock model of other versions", () => {
  const scans = (statement: string, setup: string, version: Server["version"]): string[] =>
    told(statement, setup, { version }).work.flatMap(({ kind, table }) =>
      kind === "scan" ? [table.name] : [],
    );

  it("reads the table in spite of a check that proves the column before PostgreSQL 12", () => {
    const proof = "ALTER TABLE t ADD CONSTRAINT proof CHECK (a IS NOT NULL)";
    expect(scans("ALTER TABLE t ALTER a SET NOT NULL", proof, 11)).toEqual(["t"]);
    expect(scans("ALTER TABLE t ALTER a SET NOT NULL", proof, 12)).toEqual([]);
  });

  it("attaches a partition under ACCESS EXCLUSIVE before PostgreSQL 12", () => {
    const attach = "ALTER TABLE r ATTACH PARTITION r2 FOR VALUES FROM (20) TO (30)";
    const lockOnParent = (version: Server["version"]) =>
      told(attach, "", { version }).locks.find(({ table }) => table.name === "r")?.mode;
    expect([lockOnParent(11), lockOnParent(12)]).toEqual(["ACCESS EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"]);
  });
});

it("knows PostgreSQL's functions that are not volatile", async () => {
  const { rows } = await database.query<{ name: string }>(
    `SELECT proname AS name FROM pg_proc
     WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND proname ~ '^[a-z_][a-z0-9_]*$'
     GROUP BY proname HAVING bool_and(provolatile <> 'v') ORDER BY proname COLLATE "C"`,
  );
  expect(NOT_VOLATILE.split(" ")).toEqual(rows.map(({ name }) => name));
});
