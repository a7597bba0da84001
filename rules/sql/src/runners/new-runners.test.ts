import { DEFAULT_SETTINGS, type CandidateFile, type FileKind } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { parseFile } from "../language/parse.ts";
import { recogniseMigration, sections, type MigrationDetails } from "./index.ts";

interface Given {
  text?: string;
  named?: boolean;
  neighbours?: Record<string, string>;
}

const TABLE = "CREATE TABLE carts (id bigint PRIMARY KEY);\n";
const TWO = "ALTER TABLE carts ADD COLUMN note text;\nCREATE INDEX carts_note ON carts (note);\n";
const CONCURRENT = "CREATE INDEX CONCURRENTLY carts_note ON carts (note);\n";

function kindOf(path: string, { text = TABLE, named = false, neighbours = {} }: Given = {}) {
  const file: CandidateFile = {
    path,
    text,
    named,
    neighbour: (neighbour) => neighbours[neighbour],
    settings: DEFAULT_SETTINGS,
  };
  return recogniseMigration(file);
}

function isDetails(value: unknown): value is MigrationDetails {
  return typeof value === "object" && value !== null && "runner" in value && "dialect" in value;
}

function detailsOf(path: string, given?: Given): MigrationDetails {
  const details = kindOf(path, given)?.details;
  if (!isDetails(details)) throw new Error(`${path} is not recognised.`);
  return details;
}

/** Direction, text and transaction of each section, as the parser reads them. */
function statementsOf(path: string, text: string, neighbours: Record<string, string> = {}) {
  const { ast } = parseFile(text, detailsOf(path, { text, neighbours }));
  return ast.sections.map(({ direction, transactional, statements }) => [
    direction,
    transactional,
    statements.map(({ type, range }) => (type === "Statement" ? text.slice(...range) : type)),
  ]);
}

describe("Liquibase", () => {
  const path = "db/changelog/0002-orders.sql";
  const head = "--liquibase formatted sql\n";

  it("reads each changeset with its options and its rollback", () => {
    const text = `${head}
--changeset ann:1
--comment: the note
ALTER TABLE carts ADD COLUMN note text;
UPDATE carts SET note = '';
--rollback ALTER TABLE carts DROP COLUMN note;

-- changeset "ann b":"2 b" runInTransaction:false context:prod
${CONCURRENT}-- rollback DROP INDEX carts_note;
-- rollback SELECT 1;
`;
    expect(statementsOf(path, text)).toEqual([
      ["up", true, ["ALTER TABLE carts ADD COLUMN note text", "UPDATE carts SET note = ''"]],
      ["down", true, ["ALTER TABLE carts DROP COLUMN note"]],
      ["up", false, [CONCURRENT.trim().slice(0, -1)]],
      ["down", false, ["DROP INDEX carts_note"]],
      ["down", false, ["SELECT 1"]],
    ]);
  });

  it("reads a rollback in a block comment", () => {
    const text = `${head}--changeset ann:1\n${TABLE}/* liquibase rollback\nDROP TABLE carts;\nSELECT 1;\n*/\n--changeset ann:2\nSELECT 2;\n`;
    expect(statementsOf(path, text)).toEqual([
      ["up", true, [TABLE.trim().slice(0, -1)]],
      ["down", true, ["DROP TABLE carts", "SELECT 1"]],
      ["up", true, ["SELECT 2"]],
    ]);
  });

  it("does not guess at a rollback whose statements stand in several comments, or in another changeset", () => {
    const text = `${head}--changeset ann:1\nDROP TABLE carts;\n--rollback CREATE TABLE carts (\n--rollback   id bigint\n--rollback );\n`;
    expect(statementsOf(path, text)[1]).toEqual(["down", true, ["UnreadStatement"]]);
    const other = `${head}--changeset ann:1\nDROP TABLE carts;\n--rollback changesetId:0 changesetAuthor:ann\n`;
    expect(statementsOf(path, other)[1]).toEqual(["down", true, ["UnreadStatement"]]);
    const none = `${head}--changeset ann:1\nDROP TABLE carts;\n--rollback empty\n`;
    expect(statementsOf(path, none)[1]).toEqual(["down", true, []]);
  });

  it("leaves out changesets of other databases, and takes its own delimiters for no SQL", () => {
    const text = `${head}--changeset ann:1 dbms:h2,oracle\nCREATE TABLE x (y NUMBER(3));\n--changeset ann:2 dbms:postgresql endDelimiter:/\nCREATE TABLE a (b int)\n/\nCREATE TABLE c (d int)\n/\n--changeset ann:3 dbms:!h2\nSELECT 1;\n`;
    expect(statementsOf(path, text)).toEqual([
      ["up", true, ["CREATE TABLE a (b int)", "CREATE TABLE c (d int)"]],
      ["up", true, ["SELECT 1"]],
    ]);
    const foreign = `${head}--changeset ann:1 dbms:oracle\nSELECT 1;\n`;
    expect(detailsOf(path, { text: foreign }).dialect).toBe("unknown");
  });

  it("takes no delimiter from a comment", () => {
    const body =
      "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  -- one; GO\n  RETURN 1;\nEND $$";
    const text = `${head}--changeset ann:1 endDelimiter:--\n${body};\n--changeset ann:2 endDelimiter:@@\nSELECT 2 -- @@\n, 3 @@ SELECT 4`;
    expect(statementsOf(path, text)).toEqual([
      ["up", true, [body]],
      ["up", true, ["SELECT 2 -- @@\n, 3", "SELECT 4"]],
    ]);
  });

  it.each<[name: string, lines: string, expected: object[] | undefined]>([
    [
      "a query with its answer",
      `--preconditions onFail:MARK_RAN onError:HALT\n--precondition-sql-check expectedResult:0 SELECT count(*) FROM pg_class WHERE relname = 'a'\n`,
      [{ query: "SELECT count(*) FROM pg_class WHERE relname = 'a'", answer: "0" }],
    ],
    [
      "quotes",
      `-- preconditions onFail:CONTINUE\n-- precondition-sql-check expectedResult:"a b" "SELECT 'a b'"\n`,
      [{ query: "SELECT 'a b'", answer: "a b" }],
    ],
    [
      "a table and a view",
      `--preconditions onFail:MARK_RAN\n--precondition-table-exists table:carts schema:shop\n--precondition-view-exists view:open\n`,
      ["carts", "open"].map((name) => ({
        query: `SELECT count(*) FROM pg_class WHERE relname = '${name}'`,
        answer: "1",
      })),
    ],
    ["a stop, which is the default", `--preconditions\n--precondition-table-exists table:carts\n`, undefined],
    [
      "a warning, after which it runs",
      `--preconditions onFail:WARN\n--precondition-table-exists table:carts\n`,
      undefined,
    ],
  ])("reads preconditions that pass a changeset by: %s", (_, lines, expected) => {
    const text = `${head}--changeset ann:1\n${lines}${TABLE}--changeset ann:2\nSELECT 1;\n`;
    const parts = sections(text, detailsOf(path, { text }));
    expect(parts.map(({ preconditions }) => preconditions)).toEqual([expected, undefined]);
  });

  it("sends a changeset as one query when it is not split", () => {
    const text = `${head}--changeset ann:1 splitStatements:false runInTransaction:false\n${TWO}`;
    const [section] = sections(text, detailsOf(path, { text }));
    expect(section).toMatchObject({ transactional: true, chained: true, span: "query" });
  });

  it("follows the changelog's order", () => {
    const neighbours = {
      "db/changelog/db.changelog-master.yaml":
        "databaseChangeLog:\n  - include:\n      file: db/changelog/0009-first.sql\n  - include:\n      file: 0002-orders.sql\n      relativeToChangelogFile: true\n",
    };
    const order = (name: string): FileKind["order"] =>
      kindOf(`db/changelog/${name}`, { text: `${head}--changeset a:1\nSELECT 1;\n`, neighbours })?.order;
    expect(order("0009-first.sql")).toEqual([0, "db/changelog/0009-first.sql"]);
    expect(order("0002-orders.sql")).toEqual([1, "db/changelog/0002-orders.sql"]);
    expect(order("0001-nowhere.sql")).toEqual([2, "db/changelog/0001-nowhere.sql"]);
  });

  it.each<[name: string, changelog: string]>([
    [
      "changelog.yml",
      "databaseChangeLog:\n  - include:\n      file: ./z.sql\n  - includeAll:\n      path: ./audit\n      relativeToChangelogFile: true\n      endsWithFilter: _audit.sql\n      maxDepth: 1\n\n  - include:\n      file: ./a.sql\n",
    ],
    [
      "changelog.xml",
      '<databaseChangeLog><include file="z.sql"/><includeAll path="audit/" endsWithFilter="_audit.sql" maxDepth="1"/><include file="a.sql"/></databaseChangeLog>',
    ],
    [
      "changelog.json",
      '{"databaseChangeLog":[{"include":{"file":"z.sql"}},{"includeAll":{"path":"audit","endsWithFilter":"_audit.sql"}},{"include":{"file":"a.sql"}}]}',
    ],
  ])("has the files of a directory where %s includes them all", (name, changelog) => {
    const neighbours = { [`db/shop/${name}`]: changelog };
    const text = `${head}--changeset a:1\nSELECT 1;\n`;
    const placeOf = (path: string) => kindOf(`db/shop/${path}`, { text, neighbours })?.order?.[0];
    expect(["z.sql", "audit/1_audit.sql", "audit/2_audit.sql", "a.sql", "audit/x.sql"].map(placeOf)).toEqual([
      0, 1, 1, 2, 3,
    ]);
  });

  it("takes a plain file that the changelog includes for one changeset", () => {
    const neighbours = {
      "db/changelog/changelog.xml":
        '<databaseChangeLog><include file="classpath:/db/changelog/5.sql"/></databaseChangeLog>',
    };
    expect(detailsOf("db/changelog/5.sql", { text: TWO, neighbours })).toMatchObject({
      runner: "liquibase",
      transactional: true,
      direction: "up",
    });
    expect(kindOf("db/changelog/6.sql", { text: TWO, neighbours })).toBeUndefined();
  });

  it("is known by its first line wherever it lies", () => {
    expect(detailsOf("db/shop/orders.sql", { text: `${head}--changeset a:1\nSELECT 1;\n` })).toMatchObject({
      runner: "liquibase",
      dialect: "postgresql",
    });
  });

  it("needs its first line", () => {
    expect(kindOf("db/changelog/notes.sql", { text: "-- changeset ann:1\nSELECT 1;\n" })).toBeUndefined();
  });
});

describe("node-pg-migrate", () => {
  const path = "migrations/1706702400000_note.sql";
  const own = (version: string, scripts = "") => ({
    "package.json": `{ "scripts": { ${scripts} }, "dependencies": { "node-pg-migrate": "${version}" } }`,
  });

  it("runs all that is pending in one transaction, a direction as one query", () => {
    const text = "-- Up Migration\nSELECT 1;\n\n-- Down Migration\nSELECT 2;\n";
    const found = sections(text, detailsOf(path, { text, neighbours: own("^8.0.0") }));
    expect(found).toMatchObject([
      { direction: "up", transactional: true, chained: true, span: "run" },
      { direction: "down", transactional: true, chained: true, span: "run" },
    ]);
    expect(text.slice(...(found[0]?.range ?? [0, 0])).trim()).toBe("SELECT 1;");
  });

  it("gives each migration its own when a script says so", () => {
    const neighbours = own("^8.0.0", '"up": "node-pg-migrate up --no-single-transaction"');
    expect(detailsOf(path, { neighbours }).span).toBeUndefined();
  });

  it("takes a number of 17 digits for a time", () => {
    const [time, milliseconds] = ["20240131120000000", "1706702400001"].map(
      (digits) => kindOf(`migrations/${digits}_x.sql`, { neighbours: own("^8.0.0") })?.order?.[0],
    );
    expect(time).toBe(1706702400000);
    expect(milliseconds).toBe(1706702400001);
  });

  it("knows pairs of files", () => {
    const neighbours = own("^9.0.0");
    expect(detailsOf("migrations/1_x.down.sql", { neighbours }).direction).toBe("down");
  });
});

describe("Supabase", () => {
  const path = "apps/web/supabase/migrations/20240131120000_note.sql";

  it.each<[string, MigrationDetails["transactional"]]>([
    [TWO, true],
    [TABLE, false],
    [CONCURRENT, false],
    [`${CONCURRENT}ANALYZE carts;\n`, "unknown"],
    [`SET lock_timeout = '1s';\n${CONCURRENT}`, true],
  ])("sends statements as one pipeline: %j", (text, expected) => {
    expect(detailsOf(path, { text })).toMatchObject({
      runner: "supabase",
      transactional: expected,
      span: "query",
    });
  });

  it("is not what runs Drizzle's files there", () => {
    const neighbours = {
      "supabase/migrations/meta/_journal.json":
        '{"dialect":"postgresql","entries":[{"tag":"0000_x","when":1}]}',
    };
    expect(detailsOf("supabase/migrations/0000_x.sql", { neighbours }).runner).toBe("drizzle");
  });
});

describe("Drizzle", () => {
  const journal = (dialect: string) =>
    JSON.stringify({
      dialect,
      entries: [
        { tag: "0001_b", when: 1 },
        { tag: "0000_a", when: 2 },
      ],
    });
  const given = (dialect: string, manifest: string) => ({
    neighbours: { "db/out/meta/_journal.json": journal(dialect), "package.json": manifest },
  });
  const PG = '{ "dependencies": { "drizzle-orm": "0.45.0", "pg": "8.0.0" } }';
  const NEON = '{ "dependencies": { "drizzle-orm": "0.45.0", "@neondatabase/serverless": "1.0.0" } }';

  it("follows the journal's order and dialect", () => {
    expect(kindOf("db/out/0001_b.sql", given("pg", PG))).toMatchObject({
      stream: "db/out",
      order: [0, "0001_b"],
      details: { runner: "drizzle", dialect: "postgresql", transactional: true, span: "run" },
    });
    expect(kindOf("db/out/0000_a.sql", given("sqlite", PG))).toMatchObject({
      order: [1, "0000_a"],
      details: { dialect: "sqlite" },
    });
  });

  it("ends a statement at a breakpoint", () => {
    const { neighbours } = given("postgresql", PG);
    const text = "SELECT 1\n--> statement-breakpoint\nSELECT 2;--> statement-breakpoint\nSELECT 3;";
    expect(statementsOf("db/out/0001_b.sql", text, neighbours)).toEqual([
      ["up", true, ["SELECT 1", "SELECT 2", "SELECT 3"]],
    ]);
  });

  it("does not say that Neon's driver has a transaction", () => {
    expect(detailsOf("db/out/0001_b.sql", given("postgresql", NEON)).transactional).toBe("unknown");
  });

  it("runs no file that the journal does not name", () => {
    const { neighbours } = given("postgresql", PG);
    expect(kindOf("db/out/0001_other.sql", { neighbours })).toBeUndefined();
    expect(kindOf("db/out/0001_other.sql", { neighbours, named: true })).toBeDefined();
    // What is numbered behind the journal's last is run by hand; that it is a migration, its directory must say.
    expect(kindOf("db/out/0002_c.sql", { neighbours })).toBeUndefined();
    const journaled = { "migrations/meta/_journal.json": journal("postgresql") };
    expect(detailsOf("migrations/0002_c.sql", { neighbours: journaled }).runner).toBe("plain");
  });

  it("is not known by its directory's name", () => {
    expect(kindOf("drizzle/0003_add_note.sql")).toBeUndefined();
    const broken = { "drizzle/meta/_journal.json": "<<<<<<< HEAD" };
    expect(kindOf("drizzle/0003_add_note.sql", { neighbours: broken })).toBeUndefined();
  });
});

describe("Atlas", () => {
  const neighbours = { "migrations/atlas.sum": "h1:x=\n" };
  const path = "migrations/20240131120000_x.sql";

  it.each<[string, MigrationDetails["transactional"]]>([
    [TWO, true],
    [`-- atlas:txmode none\n\n${CONCURRENT}`, false],
    [`-- why\n-- atlas:txmode none\n\n${CONCURRENT}`, false],
    // Without the empty line it is a comment of the first statement.
    [`-- atlas:txmode none\n${CONCURRENT}`, true],
    [`-- atlas:txmode file\n\n${TWO}`, true],
  ])("%j: %s", (text, expected) => {
    expect(detailsOf(path, { text, neighbours })).toMatchObject({ runner: "atlas", transactional: expected });
  });

  it("parts statements at its delimiter", () => {
    const text =
      "-- atlas:delimiter -- end\n\nCREATE TABLE a (b int);\n-- end\nCREATE TABLE c (d int);\n-- end\n";
    expect(statementsOf(path, text, neighbours)).toEqual([
      ["up", true, ["CREATE TABLE a (b int)", "CREATE TABLE c (d int)"]],
    ]);
    const slashes = "-- atlas:delimiter //\n\nCREATE TABLE a (b int)//\nSELECT 1//\n";
    expect(statementsOf(path, slashes, neighbours)).toEqual([
      ["up", true, ["CREATE TABLE a (b int)", "SELECT 1"]],
    ]);
  });

  it("takes a checkpoint for no migration, and pairs and directives of others for theirs", () => {
    expect(kindOf(path, { text: `-- atlas:checkpoint\n\n${TABLE}`, neighbours })).toBeUndefined();
    expect(detailsOf("migrations/1_x.up.sql", { neighbours }).runner).toBe("plain");
    expect(detailsOf(path, { text: "-- +goose Up\nSELECT 1;\n", neighbours }).runner).toBe("goose");
  });
});

describe("Flyway", () => {
  const path = "src/main/resources/db/migration/V2__x.sql";

  it("may group all pending scripts", () => {
    const neighbours = { "src/main/resources/application.properties": "spring.flyway.group=true\n" };
    expect(detailsOf(path, { neighbours }).span).toBe("run");
    expect(
      detailsOf(path, { neighbours: { "build.gradle": "flyway {}\ngroup = 'org.shop'\n" } }).span,
    ).toBeUndefined();
    expect(detailsOf(path).span).toBeUndefined();
  });

  it.each<[string, string]>([
    ["src/main/resources/application.yml", "spring:\n  flyway:\n    mixed: true\n"],
    ["flyway.conf", "flyway.mixed=true\n"],
    ["flyway.toml", "[flyway]\nmixed = true\n"],
    ["build.gradle", "flyway {\n  mixed = true\n}\n"],
    ["pom.xml", "<artifactId>flyway-maven-plugin</artifactId><mixed>true</mixed>"],
    [`${path}.conf`, "executeInTransaction=false\n"],
  ])("refuses mixed scripts, unless %s says otherwise", (file, text) => {
    expect(detailsOf(path).refusesMixed).toBe(true);
    expect(detailsOf(path, { neighbours: { [file]: text } }).refusesMixed).toBeUndefined();
  });
});

describe("what is sent as one query", () => {
  it("is in the next transaction after COMMIT", () => {
    const text = `BEGIN;\n${TABLE}COMMIT;\n${CONCURRENT}`;
    const details = (sends: Partial<MigrationDetails>): MigrationDetails => ({
      dialect: "postgresql",
      runner: "golang-migrate",
      version: "1",
      direction: "up",
      transactional: true,
      ...sends,
    });
    const last = (sends: Partial<MigrationDetails>) =>
      parseFile(text, details(sends)).steps.at(-1)?.operation().transaction;
    expect(last({})).toBeNull();
    expect(last({ chained: true })).toBe(1);
  });
});

describe("popx", () => {
  const neighbours = { "go.mod": "module x\n\nrequire (\n\tgithub.com/ory/x v0.0.729\n)\n" };
  const path = "persistence/migrations/sql/20241029153900000001_identities.up.sql";

  it("is known by go.mod, or by a name that only it reads", () => {
    expect(detailsOf(path, { neighbours })).toMatchObject({
      runner: "popx",
      version: "20241029153900000001",
      direction: "up",
      dialect: "postgresql",
      transactional: true,
    });
    const indirect = { "go.mod": "require (\n\tgithub.com/ory/x v0.0.729 // indirect\n)\n" };
    expect(detailsOf(path, { neighbours: indirect }).runner).toBe("plain");
    expect(detailsOf("db/1_a.autocommit.down.sql")).toMatchObject({ runner: "popx", direction: "down" });
    expect(detailsOf("db/1_a.postgres.autocommit.up.sql").runner).toBe("popx");
  });

  it.each<[name: string, dialect: string]>([
    ["1_a.postgres.up.sql", "postgresql"],
    ["1_a.postgres.autocommit.up.sql", "postgresql"],
    ["1_a.mysql.up.sql", "mysql"],
    ["1_a.sqlite3.down.sql", "sqlite"],
    ["1_a.cockroach.autocommit.up.sql", "unknown"],
    ["1_a.yugabytedb.up.sql", "unknown"],
    ["1_a.up.sql", "postgresql"],
  ])("%s is for %s", (name, dialect) => {
    expect(detailsOf(`db/${name}`, { neighbours })).toMatchObject({ runner: "popx", dialect });
  });

  it.each<[all: string, own: string, dialect: string]>([
    ["1_a.up.sql", "1_a.postgres.up.sql", "unknown"],
    ["1_a.autocommit.up.sql", "1_a.postgres.autocommit.up.sql", "unknown"],
    ["1_a.down.sql", "1_a.postgresql.autocommit.down.sql", "unknown"],
    ["1_a.down.sql", "1_a.postgres.up.sql", "postgresql"],
    ["1_a.up.sql", "1_a.mysql.up.sql", "postgresql"],
  ])("%s beside %s is for %s", (all, own, dialect) => {
    const beside = { ...neighbours, [`db/${own}`]: TABLE };
    expect(detailsOf(`db/${all}`, { neighbours: beside }).dialect).toBe(dialect);
  });

  it("runs a file without a transaction when its name says so, several statements in one query", () => {
    const outside = "db/1_a.postgres.autocommit.up.sql";
    expect(detailsOf(outside, { text: CONCURRENT })).toMatchObject({ transactional: false, span: "query" });
    expect(detailsOf(outside, { text: TWO })).toMatchObject({ transactional: true, chained: true });
    expect(detailsOf(path, { text: CONCURRENT, neighbours }).transactional).toBe(true);
  });

  it("orders by the version as text, ways down behind all steps of what was one migration", () => {
    const names = [
      "20191100000008000003_a.up.sql",
      "20191100000008000002_a.down.sql",
      "20191100000008_a.up.sql",
      "20191100000009000000_a.up.sql",
      "20191100000008000002_a.up.sql",
    ];
    const orderOf = (name: string): readonly (string | number)[] =>
      kindOf(`db/${name}`, { neighbours })?.order ?? [];
    const sorted = names.toSorted((one, other) => {
      const [a, b] = [orderOf(one), orderOf(other)];
      const at = a.findIndex((part, index) => part !== b[index]);
      return (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
    });
    expect(sorted).toEqual([names[2], names[4], names[0], names[1], names[3]]);
  });
});
