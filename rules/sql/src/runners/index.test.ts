import {
  DEFAULT_SETTINGS,
  type CandidateFile,
  type FileKind,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { howToLeaveTransaction, recogniseMigration, sections, type MigrationDetails } from "./index.ts";

interface Repository {
  text?: string;
  named?: boolean;
  neighbours?: Record<string, string>;
  migrations?: WorkspaceSettings["migrations"];
}

const TABLE = "CREATE TABLE carts (id bigint PRIMARY KEY);\n";
const TWO = "ALTER TABLE carts ADD COLUMN note text;\nCREATE INDEX carts_note ON carts (note);\n";
const CONCURRENT = "CREATE INDEX CONCURRENTLY carts_note ON carts (note);\n";

function candidate(
  path: string,
  { text = TABLE, named = false, neighbours = {}, migrations = [] }: Repository = {},
) {
  const file: CandidateFile = {
    path,
    text,
    named,
    neighbour: (neighbour) => neighbours[neighbour],
    settings: { ...DEFAULT_SETTINGS, migrations },
  };
  return file;
}

function kindOf(path: string, repository?: Repository): FileKind | undefined {
  return recogniseMigration(candidate(path, repository));
}

function detailsOf(path: string, repository?: Repository): MigrationDetails {
  const details = kindOf(path, repository)?.details;
  if (!details) throw new Error(`${path} is not recognised.`);
  return details as unknown as MigrationDetails;
}

/** Compares orders as FileKind.order says: element by element, numbers before texts. */
function compare(one: FileKind, other: FileKind): number {
  const [left, right] = [one.order ?? [], other.order ?? []];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [a, b] = [left[at], right[at]];
    if (a === b) continue;
    if (a === undefined) return -1;
    if (b === undefined) return 1;
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return 0;
}

function sorted(paths: string[], repository?: Repository): string[] {
  return paths
    .map((path) => ({ path, kind: kindOf(path, repository) ?? { name: "none" } }))
    .sort((one, other) => compare(one.kind, other.kind))
    .map(({ path }) => path);
}

const PRISMA_LOCK = { "db/prisma/migrations/migration_lock.toml": '# generated\nprovider = "postgresql"\n' };
const SQLX_CARGO = { "Cargo.toml": '[dependencies]\nsqlx = { version = "0.8", features = ["postgres"] }\n' };
const GO_MIGRATE = {
  "go.mod": "module shop\n\nrequire (\n\tgithub.com/golang-migrate/migrate/v4 v4.18.1\n)\n",
};
const DRIZZLE = {
  "drizzle/meta/_journal.json": JSON.stringify({
    version: "7",
    dialect: "postgresql",
    entries: [
      { idx: 0, version: "7", when: 1706702400000, tag: "0000_carts", breakpoints: true },
      { idx: 1, version: "7", when: 1706702500000, tag: "0003_add_note", breakpoints: true },
      { idx: 2, version: "7", when: 1706702600000, tag: "0002_index", breakpoints: true },
    ],
  }),
  "package.json": '{ "dependencies": { "drizzle-orm": "^0.45.0", "pg": "^8" } }',
};
const ATLAS = { "db/migrations/atlas.sum": "h1:x=\n20240131120000_add_note.sql h1:y=\n" };
const NODE_PG_MIGRATE = { "package.json": '{ "dependencies": { "node-pg-migrate": "^8.0.0", "pg": "^8" } }' };
const LIQUIBASE = "--liquibase formatted sql\n\n--changeset ann:1\nALTER TABLE carts ADD COLUMN note text;\n";
const GOOSE =
  "-- +goose Up\nALTER TABLE carts ADD COLUMN note text;\n-- +goose Down\nALTER TABLE carts DROP COLUMN note;\n";
const DBMATE =
  "-- migrate:up\nALTER TABLE carts ADD COLUMN note text;\n-- migrate:down\nALTER TABLE carts DROP COLUMN note;\n";

describe("recogniseMigration: runners", () => {
  const cases: [path: string, repository: Repository, expected: [string, string, string, string]][] = [
    ["migrations/0003_add_note.sql", {}, ["plain", "0003", "up", "migrations"]],
    ["db/migrate/2024-01-31-add-note.sql", {}, ["plain", "2024-01-31", "up", "db/migrate"]],
    [
      "supabase/migrations/20240131120000_add_note.sql",
      {},
      ["supabase", "20240131120000", "up", "supabase/migrations"],
    ],
    ["sql/000003_add_note.up.sql", {}, ["plain", "000003", "up", "sql"]],
    ["sql/000003_add_note.down.sql", {}, ["plain", "000003", "down", "sql"]],
    ["migrations/add_note.down.sql", {}, ["plain", "add_note", "down", "migrations"]],
    ["migrations/003.undo.add-note.sql", {}, ["plain", "003", "down", "migrations"]],
    ["migrations/down/003_add_note.sql", {}, ["plain", "003", "down", "migrations"]],
    ["migrations/1_2fa_codes.sql", {}, ["plain", "1", "up", "migrations"]],
    ["migrations/004_note_down.sql", {}, ["plain", "004", "up", "migrations"]],
    [
      "migrations/004_note_down.sql",
      { neighbours: { "migrations/004_note_up.sql": TABLE } },
      ["plain", "004", "down", "migrations"],
    ],
    [
      "migrations/default/1706702400000_add_note/up.sql",
      {},
      ["plain", "1706702400000", "up", "migrations/default"],
    ],
    ["drizzle/0003_add_note.sql", { neighbours: DRIZZLE }, ["drizzle", "1706702500000", "up", "drizzle"]],
    [
      "db/prisma/migrations/20240131120000_add_note/migration.sql",
      { neighbours: PRISMA_LOCK },
      ["prisma", "20240131120000_add_note", "up", "db/prisma/migrations"],
    ],
    [
      "db/prisma/migrations/20240131120000_add_note/down.sql",
      { neighbours: { ...PRISMA_LOCK, "db/prisma/migrations/20240131120000_add_note/migration.sql": TABLE } },
      ["prisma", "20240131120000_add_note", "down", "db/prisma/migrations"],
    ],
    ["migrations/2024-01-31-120000_add_note/up.sql", {}, ["diesel", "20240131120000", "up", "migrations"]],
    [
      "migrations/2024-01-31-120000-0000_add_note/down.sql",
      {},
      ["diesel", "202401311200000000", "down", "migrations"],
    ],
    [
      "migrations/00000000000000_diesel_initial_setup/up.sql",
      {},
      ["diesel", "00000000000000", "up", "migrations"],
    ],
    ["db/0003_add_note/up.sql", { neighbours: { "diesel.toml": "" } }, ["diesel", "0003", "up", "db"]],
    [
      "src/main/resources/db/migration/V1_2__add_note.sql",
      {},
      ["flyway", "1_2", "up", "src/main/resources/db/migration"],
    ],
    ["db/migration/U1.2__add_note.sql", {}, ["flyway", "1.2", "down", "db/migration"]],
    ["db/migration/views/R__totals.sql", {}, ["flyway", "", "up", "db/migration"]],
    ["db/migration/2024/V7__add_note.sql", {}, ["flyway", "7", "up", "db/migration"]],
    ["db/migration/postgresql/V7__add_note.sql", {}, ["flyway", "7", "up", "db/migration/postgresql"]],
    ["db/migration/h2/V7__add_note.sql", {}, ["flyway", "7", "up", "db/migration/h2"]],
    ["db/migration/tenant/V7__add_note.sql", {}, ["flyway", "7", "up", "db/migration/tenant"]],
    [
      "migrations/V7__add_note.sql",
      { neighbours: { "Cargo.toml": '[dependencies]\nrefinery = "0.8"\n' } },
      ["plain", "7", "up", "migrations"],
    ],
    [
      "internal/sql/0003_add_note.up.sql",
      { neighbours: GO_MIGRATE },
      ["golang-migrate", "0003", "up", "internal/sql"],
    ],
    [
      "internal/sql/0003_add_note.down.sql",
      { neighbours: GO_MIGRATE },
      ["golang-migrate", "0003", "down", "internal/sql"],
    ],
    [
      "db/migrations/20240131120000_add_note.sql",
      { text: DBMATE },
      ["dbmate", "20240131120000", "both", "db/migrations"],
    ],
    ["database/00003_add_note.sql", { text: GOOSE }, ["goose", "00003", "both", "database"]],
    [
      "sql/1706702400.sql",
      { text: "-- +migrate Up\nDROP TABLE carts;\n-- +migrate Down\nCREATE TABLE carts (id int);\n" },
      ["sql-migrate", "1706702400", "both", "sql"],
    ],
    [
      "db/migrations/20240131120000_add_note.sql",
      { neighbours: ATLAS },
      ["atlas", "20240131120000", "up", "db/migrations"],
    ],
    [
      "drizzle/20240131120000_add_note/migration.sql",
      {
        neighbours: {
          "drizzle/20240131120000_add_note/snapshot.json": '{"version":"8","dialect":"postgres"}',
        },
      },
      ["drizzle", "20240131120000", "up", "drizzle"],
    ],
    [
      "migrations/1706702400000_add-note.sql",
      { neighbours: NODE_PG_MIGRATE },
      ["node-pg-migrate", "1706702400000", "up", "migrations"],
    ],
    [
      "db/1706702400000_add-note.sql",
      { text: "-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;\n" },
      ["node-pg-migrate", "1706702400000", "both", "db"],
    ],
    [
      "src/main/resources/db/changelog/2024/02-note.sql",
      { text: LIQUIBASE },
      ["liquibase", "2024/02-note", "up", "src/main/resources/db/changelog"],
    ],
    [
      "db/changelog.sql",
      { text: `${LIQUIBASE}--rollback ALTER TABLE carts DROP COLUMN note;\n` },
      ["liquibase", "changelog", "both", "db"],
    ],
    [
      "migrations/20240131120000_add_note.sql",
      { neighbours: SQLX_CARGO },
      ["sqlx", "20240131120000", "up", "migrations"],
    ],
    [
      "api/migrations/3_add_note.down.sql",
      { neighbours: SQLX_CARGO },
      ["sqlx", "3", "down", "api/migrations"],
    ],
  ];

  it.each(cases)("%s %o", (path, repository, expected) => {
    const { runner, version, direction } = detailsOf(path, repository);
    expect([runner, version, direction, kindOf(path, repository)?.stream]).toEqual(expected);
  });

  it("does not take golang-migrate for the runner when it is an indirect dependency, or a Rust package is nearer", () => {
    const indirect = {
      "go.mod": "module shop\n\nrequire github.com/golang-migrate/migrate/v4 v4.18.1 // indirect\n",
    };
    expect(detailsOf("migrations/3_x.up.sql", { neighbours: indirect }).runner).toBe("plain");
    const both = { ...GO_MIGRATE, "api/Cargo.toml": '[dependencies]\nsqlx = "0.8"\n' };
    expect(detailsOf("api/migrations/3_x.up.sql", { neighbours: both }).runner).toBe("sqlx");
    expect(detailsOf("web/migrations/3_x.up.sql", { neighbours: both }).runner).toBe("golang-migrate");
  });

  it("takes directives in a string or after statements for none", () => {
    const text = "INSERT INTO notes VALUES ('x');\n-- migrate:up\nDROP TABLE carts;\n";
    expect(detailsOf("migrations/3_x.sql", { text }).runner).toBe("plain");
    expect(detailsOf("migrations/3_x.sql", { text: "SELECT '-- +goose Up';\n" }).runner).toBe("plain");
  });
});

describe("recogniseMigration: what is no migration", () => {
  it.each([
    "migrations/0003_add_note.txt",
    "migrations/schema.sql",
    "migrations/utils.sql",
    "db/schema.sql",
    "db/structure.sql",
    "queries/0001_totals.sql",
    "docker/initdb.d/01_init.sql",
    "sql/up.sql",
    "src/immigration/001_forms.sql",
    "src/migrator/001_probe.sql",
    "db/migrations/seeds/001_users.sql",
    "test/fixtures/migrations/001_users.sql",
    "src/test/resources/db/migration/V1__users.sql",
    "integration-tests/migrations/001_users.sql",
    "vendor/lib/migrations/001_users.sql",
    "db/migration/B5__baseline.sql",
    "db/migration/V__x.sql",
    "drizzle/0003_add_note.sql",
  ])("%s", (path) => {
    expect(kindOf(path)).toBeUndefined();
  });

  it("reads neither text nor neighbours of files whose path says enough", () => {
    const refuse = (): never => {
      throw new Error("read");
    };
    for (const path of ["README.md", "test/migrations/001_x.sql"]) {
      const file: CandidateFile = {
        path,
        get text() {
          return refuse();
        },
        named: false,
        neighbour: refuse,
        settings: DEFAULT_SETTINGS,
      };
      expect(recogniseMigration(file)).toBeUndefined();
    }
    const file = { path: "src/queries.sql", text: "SELECT 1;", named: false, settings: DEFAULT_SETTINGS };
    expect(recogniseMigration({ ...file, neighbour: refuse })).toBeUndefined();
  });
});

describe("recogniseMigration: files the user named", () => {
  it("stand alone when nothing recognises them", () => {
    expect(kindOf("sql/cleanup.sql", { named: true })).toEqual({
      name: "migration",
      stream: "sql/cleanup.sql",
      order: ["cleanup.sql"],
      details: {
        dialect: "postgresql",
        runner: "plain",
        version: "cleanup",
        direction: "up",
        transactional: "unknown",
      },
    });
  });

  it("keep their runner and stream when something does, also among tests", () => {
    const kind = kindOf("test/migrations/20240131120000_x.sql", { named: true, text: DBMATE });
    expect(kind?.stream).toBe("test/migrations");
    expect(kind?.details?.["runner"]).toBe("dbmate");
  });
});

describe("recogniseMigration: order", () => {
  const plainNames = [
    "migrations/2_b.sql",
    "migrations/10_c.sql",
    "migrations/1_a.sql",
    "migrations/1.5_a.sql",
  ];
  it("of plain files is numeric", () => {
    expect(sorted(plainNames)).toEqual([
      "migrations/1_a.sql",
      "migrations/1.5_a.sql",
      "migrations/2_b.sql",
      "migrations/10_c.sql",
    ]);
  });

  it("of dbmate is that of the names as text", () => {
    expect(sorted(["m/10_b.sql", "m/9_a.sql"], { text: DBMATE })).toEqual(["m/10_b.sql", "m/9_a.sql"]);
  });

  it("of goose and sqlx is numeric", () => {
    expect(sorted(["m/10_b.sql", "m/9_a.sql"], { text: GOOSE })).toEqual(["m/9_a.sql", "m/10_b.sql"]);
    const names = ["migrations/10_b.sql", "migrations/9_a.sql"];
    expect(sorted(names, { neighbours: SQLX_CARGO })).toEqual(names.toReversed());
  });

  it("of Flyway goes by the parts of the version, repeatables last", () => {
    const inOrder = ["V1", "V1.0.1", "V1_1", "V2", "V2_10", "V11"].map(
      (version) => `db/migration/${version}__x.sql`,
    );
    inOrder.push("db/migration/R__a_view.sql", "db/migration/R__b_view.sql");
    expect(sorted(inOrder.toReversed())).toEqual(inOrder);
  });

  it("takes Flyway's 1 and 1.0 for one version, told apart by name", () => {
    const [one, other] = [kindOf("db/migration/V1__x.sql"), kindOf("db/migration/V1.0__x.sql")];
    expect(one?.order?.slice(0, -1)).toEqual(other?.order?.slice(0, -1));
  });

  it("of Diesel ignores the dashes of a version", () => {
    const inOrder = [
      "migrations/00000000000000_diesel_initial_setup/up.sql",
      "migrations/2023-12-31-120000_b/up.sql",
      "migrations/20240101120000_a/up.sql",
      "migrations/2024-01-02-120000_a/up.sql",
    ];
    expect(sorted(inOrder.toReversed(), { neighbours: { "diesel.toml": "" } })).toEqual(inOrder);
  });

  it("holds for numbers beyond 2^53", () => {
    const inOrder = ["migrations/90071992547409931_a.sql", "migrations/90071992547409932_a.sql"];
    expect(sorted(inOrder.toReversed())).toEqual(inOrder);
  });
});

describe("recogniseMigration: transaction", () => {
  const diesel = "migrations/2024-01-31-120000_x/up.sql";
  const metadata = (text: string) => ({ "migrations/2024-01-31-120000_x/metadata.toml": text });
  const prisma = "db/prisma/migrations/20240131120000_x/migration.sql";
  const prismaVersion = (version: string) => ({
    ...PRISMA_LOCK,
    "db/package.json": `{ "devDependencies": { "prisma": "${version}" } }`,
  });
  const flyway = "db/migration/V1__x.sql";

  it.each<[string, Repository, MigrationDetails["transactional"]]>([
    ["migrations/1_x.sql", {}, "unknown"],
    [diesel, { text: TWO }, true],
    [diesel, { text: TWO, neighbours: metadata("run_in_transaction = true\n") }, true],
    [diesel, { text: CONCURRENT, neighbours: metadata("run_in_transaction = false\n") }, false],
    [diesel, { text: TWO, neighbours: metadata("run_in_transaction = false\n") }, true],
    [prisma, { text: CONCURRENT, neighbours: PRISMA_LOCK }, false],
    [prisma, { text: TWO, neighbours: PRISMA_LOCK }, "unknown"],
    [prisma, { text: TWO, neighbours: prismaVersion("^6.2.1") }, true],
    [prisma, { text: TWO, neighbours: prismaVersion("~7.1.0") }, "unknown"],
    [prisma, { text: TWO, neighbours: prismaVersion("7.4.0") }, false],
    [flyway, { text: TWO }, true],
    [flyway, { text: CONCURRENT }, false],
    [flyway, { text: "-- CREATE INDEX CONCURRENTLY would be better\nSELECT ';VACUUM';\n" }, true],
    [flyway, { text: TWO, neighbours: { [`${flyway}.conf`]: "executeInTransaction=false\n" } }, false],
    ["sql/1_x.up.sql", { text: CONCURRENT, neighbours: GO_MIGRATE }, false],
    ["sql/1_x.up.sql", { text: TWO, neighbours: GO_MIGRATE }, true],
    ["sql/1_x.up.sql", { text: "SELECT 'a;b'; -- one; only\n", neighbours: GO_MIGRATE }, false],
    [
      "sql/1_x.up.sql",
      { text: "DO $x$ BEGIN DROP TABLE a; DROP TABLE b; END $x$;\n", neighbours: GO_MIGRATE },
      false,
    ],
    ["migrations/1_x.sql", { text: CONCURRENT, neighbours: SQLX_CARGO }, true],
    ["migrations/1_x.sql", { text: `-- no-transaction\n${CONCURRENT}`, neighbours: SQLX_CARGO }, false],
    ["migrations/1_x.sql", { text: `-- no-transaction\n${TWO}`, neighbours: SQLX_CARGO }, true],
    [
      "migrations/1_x.sql",
      { text: `-- why\n-- no-transaction\n${CONCURRENT}`, neighbours: SQLX_CARGO },
      true,
    ],
    ["m/1_x.sql", { text: DBMATE }, true],
    ["m/1_x.sql", { text: `-- migrate:up transaction:false\n${CONCURRENT}-- migrate:down\n` }, false],
    ["m/1_x.sql", { text: `-- migrate:up transaction:false\n${TWO}-- migrate:down\n` }, true],
    ["m/1_x.sql", { text: GOOSE }, true],
    ["m/1_x.sql", { text: `-- +goose NO TRANSACTION\n${GOOSE}` }, false],
    ["m/1_x.sql", { text: `-- +migrate Up notransaction\n${CONCURRENT}` }, false],
  ])("%s %o is %s", (path, repository, expected) => {
    expect(detailsOf(path, repository).transactional).toBe(expected);
  });
});

describe("recogniseMigration: dialect", () => {
  const path = "migrations/1_x.sql";
  it.each<[string, Repository, MigrationDetails["dialect"]]>([
    [path, {}, "postgresql"],
    ["migrations/mysql/1_x.sql", {}, "mysql"],
    ["jdbc-mariadb/migrations/1_x.sql", {}, "mariadb"],
    ["migrations/sqlite3/1_x.sql", {}, "sqlite"],
    ["clickhouse/migrations/1_x.up.sql", {}, "clickhouse"],
    ["migrations/cockroachdb/1_x.sql", {}, "unknown"],
    ["migrations/1_x.mysql.up.sql", {}, "mysql"],
    ["migrations/1_add_mysql_source.sql", {}, "postgresql"],
    ["price-oracle/migrations/1_x.sql", {}, "postgresql"],
    ["migrations/oracle/1_x.sql", {}, "unknown"],
    ["mysql/migrations/postgres/1_x.sql", {}, "postgresql"],
    [path, { text: "CREATE TABLE carts (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE = InnoDB;" }, "mysql"],
    [path, { text: "ALTER TABLE `carts` ADD note TEXT;" }, "mysql"],
    [path, { text: "CREATE TABLE carts (id BIGINT UNSIGNED);" }, "mysql"],
    [
      path,
      { text: "CREATE TABLE t ON CLUSTER main (`id` UUID) ENGINE = ReplacingMergeTree ORDER BY id;" },
      "clickhouse",
    ],
    [path, { text: "CREATE MATERIALIZED VIEW db.day TO db.days AS SELECT 1;" }, "clickhouse"],
    [path, { text: "CREATE MATERIALIZED VIEW day AS SELECT 1;" }, "postgresql"],
    [path, { text: "CREATE TABLE carts (id INTEGER PRIMARY KEY AUTOINCREMENT);" }, "sqlite"],
    [path, { text: "PRAGMA foreign_keys = ON;" }, "sqlite"],
    [path, { text: "CREATE TABLE [dbo].[carts] (id int)\r\nGO\r\n" }, "unknown"],
    [
      path,
      { text: "-- MySQL: ENGINE=InnoDB, `id` AUTO_INCREMENT\n/* PRAGMA x; */ SELECT 'AUTOINCREMENT `';" },
      "postgresql",
    ],
    [
      path,
      { text: "COMMENT ON TABLE carts IS 'no ENGINE=InnoDB'; SELECT \"AUTO_INCREMENT\";" },
      "postgresql",
    ],
    [
      path,
      { text: "CREATE FUNCTION f() RETURNS text AS $$ SELECT '`' || E'\\'`' $$ LANGUAGE sql;" },
      "postgresql",
    ],
    [path, { text: "COPY carts (note) FROM stdin;\n`AUTO_INCREMENT`\n\\.\n" }, "postgresql"],
    [
      path,
      { text: "SELECT tags[1], matrix[1][2] FROM carts; ALTER TABLE carts ADD engine text;" },
      "postgresql",
    ],
    [path, { neighbours: { "package.json": '{ "dependencies": { "mysql2": "^3" } }' } }, "mysql"],
    [
      path,
      { neighbours: { "package.json": '{ "dependencies": { "mysql2": "^3", "pg": "^8" } }' } },
      "postgresql",
    ],
    [path, { neighbours: { "pom.xml": "<artifactId>mysql-connector-j</artifactId>" } }, "mysql"],
    [
      path,
      { neighbours: { "Cargo.toml": '[dependencies.sqlx]\nversion = "0.8"\nfeatures = ["sqlite"]\n' } },
      "sqlite",
    ],
    [
      path,
      { neighbours: { "Cargo.toml": 'sqlx = { features = [\n  "mysql",\n] }\nserde = "1"\n' } },
      "mysql",
    ],
    [
      path,
      { neighbours: { "Cargo.toml": 'sqlx = "0.8"\nother = { features = ["mysql"] }\n' } },
      "postgresql",
    ],
    [
      "api/migrations/1_x.sql",
      {
        neighbours: {
          "api/Cargo.toml": "[dependencies]\nsqlx.workspace = true\n",
          "Cargo.toml": '[workspace.dependencies]\nsqlx = { features = ["sqlite"] }\n',
        },
      },
      "sqlite",
    ],
    [
      "mysql/prisma/migrations/20240131120000_x/migration.sql",
      { neighbours: { "mysql/prisma/migrations/migration_lock.toml": 'provider = "postgresql"' } },
      "postgresql",
    ],
    [
      "prisma/migrations/20240131120000_x/migration.sql",
      { neighbours: { "prisma/migrations/migration_lock.toml": 'provider = "sqlserver"' } },
      "unknown",
    ],
  ])("%s %o is %s", (file, repository, expected) => {
    expect(detailsOf(file, repository).dialect).toBe(expected);
  });
});

describe("recogniseMigration: dialect of a directory", () => {
  const PLAIN = "ALTER TABLE carts ADD COLUMN note text;\n";
  const GO_SQLITE = "module m\n\nrequire github.com/mattn/go-sqlite3 v1.14.24\n";

  /** The dialects of the files of a directory `migrations`, in their order; `memo` as a whole run has it. */
  function dialectsOf(files: Record<string, string>, more: Record<string, string> = {}): unknown[] {
    const paths = new Map([
      ...Object.entries(files).map(([name, text]) => [`migrations/${name}`, text] as const),
      ...Object.entries(more),
    ]);
    const names = Object.keys(files);
    const memo = new WeakMap<object, Map<string, unknown>>();
    const runs = [{}, { memo }].map((shared) =>
      names.map((name) => {
        const file: CandidateFile = {
          ...candidate(`migrations/${name}`, { text: files[name] ?? "" }),
          neighbour: (path) => paths.get(path),
          namesIn: (directory) => (directory === "migrations" ? names : []),
          ...shared,
        };
        return recogniseMigration(file)?.details?.["dialect"];
      }),
    );
    expect(runs[1]).toEqual(runs[0]);
    return runs[0] ?? [];
  }

  it.each<[string, Record<string, string>, Record<string, string>, MigrationDetails["dialect"][]]>([
    [
      "is what one file shows for certain",
      {
        "1_a.sql": "CREATE TABLE m (a UInt8) ENGINE = MergeTree ORDER BY a;",
        "2_b.sql": "RENAME TABLE m TO n;",
      },
      {},
      ["clickhouse", "clickhouse"],
    ],
    [
      "is not what two files contradict each other in",
      { "1_a.sql": "PRAGMA x;", "2_b.sql": "CREATE EXTENSION citext;", "3_c.sql": PLAIN },
      {},
      ["sqlite", "postgresql", "postgresql"],
    ],
    [
      "is PostgreSQL whatever the driver, where a file has what only PostgreSQL has",
      { "1_a.sql": "CREATE EXTENSION citext;", "2_b.sql": PLAIN, "3_c.sql": "ALTER TABLE a ADD b JSONB;" },
      { "go.mod": GO_SQLITE },
      ["postgresql", "postgresql", "postgresql"],
    ],
    [
      "is PostgreSQL where as many files have its types as have something of another",
      {
        "1_a.sql": "SELECT a::text;",
        "2_b.sql": "CREATE TABLE a (b text COLLATE NOCASE);",
        "3_c.sql": PLAIN,
      },
      {},
      ["postgresql", "sqlite", "postgresql"],
    ],
    [
      "is not told by files whose names have a database's, nor for them",
      {
        "1_a_mysql.sql": "SELECT `a`;",
        "1_a_postgres.sql": PLAIN,
        "2_b_mysql.sql": "SELECT `b`;",
        "3_c.sql": PLAIN,
      },
      {},
      ["mysql", "postgresql", "mysql", "postgresql"],
    ],
    [
      "is not told by ways down and templates with a branch for each database",
      {
        "1_a.down.sql": "PRAGMA x;",
        "1_a.up.sql": "{{if .mysql}}ALTER TABLE `a`{{end}};",
        "2_b.up.sql": PLAIN,
      },
      {},
      ["sqlite", "mysql", "postgresql"],
    ],
  ])("%s", (_, files, more, expected) => {
    expect(dialectsOf(files, more)).toEqual(expected);
  });

  it("counts less than what a file shows, and JSONB less than the only driver, if that is SQLite's", () => {
    const neighbours = { "go.mod": GO_SQLITE };
    const mysql = { "package.json": '{ "dependencies": { "mysql2": "^3" } }' };
    const text = "CREATE TABLE a (tags JSONB);";
    expect(detailsOf("migrations/1_x.sql", { text, neighbours }).dialect).toBe("sqlite");
    expect(detailsOf("migrations/1_x.sql", { text, neighbours: mysql }).dialect).toBe("postgresql");
    expect(detailsOf("migrations/1_x.sql", { text: "SELECT a::text;", neighbours }).dialect).toBe(
      "postgresql",
    );
  });

  it.each<[string, MigrationDetails["dialect"]]>([
    ["CREATE TABLE a (b text COLLATE NOCASE);", "sqlite"],
    ["ALTER TABLE a ADD COLUMN b bool CODEC(ZSTD(3));", "clickhouse"],
    ["ALTER TABLE a ADD COLUMN b DateTime('UTC');", "clickhouse"],
    ["ALTER TABLE a ADD COLUMN b Nullable(String);", "clickhouse"],
    ["ALTER TABLE a ADD COLUMN b uint8;", "postgresql"],
    ["RENAME TABLE a TO b;", "mysql"],
    ["ALTER TABLE a RENAME TO b;", "postgresql"],
  ])("%s is %s", (text, expected) => {
    expect(detailsOf("migrations/1_x.sql", { text }).dialect).toBe(expected);
  });
});

describe("recogniseMigration: settings", () => {
  it("win over detection, the first match first", () => {
    const migrations = [
      { files: "ops/**/*.sql", runner: "goose", dialect: "mysql", transactional: false },
      { files: "ops/special/*.sql", runner: "dbmate" },
    ];
    expect(kindOf("ops/special/12_x.sql", { migrations })).toEqual({
      name: "migration",
      stream: "ops/special",
      order: [12, -1, 0, "12_x.sql"],
      details: {
        dialect: "mysql",
        runner: "goose",
        version: "12",
        direction: "both",
        transactional: false,
        configured: true,
      },
    });
  });

  it("leave the rest to detection", () => {
    const migrations = [{ files: "test/**", dialect: "postgres" }];
    const details = detailsOf("test/migrations/1_x.sql", { migrations, text: GOOSE });
    expect([details.runner, details.dialect, details.transactional]).toEqual(["goose", "postgresql", true]);
  });

  it("may name a runner we do not know", () => {
    const migrations = [{ files: "changes/*.sql", runner: "tern", transactional: true }];
    const details = detailsOf("changes/7_x.sql", { migrations });
    expect([details.runner, details.version, details.transactional]).toEqual(["tern", "7", true]);
  });
});

describe("sections", () => {
  const read = (text: string, details: MigrationDetails) =>
    sections(text, details).map(({ direction, range, transactional, blocks }) => ({
      direction,
      text: text.slice(...range).trim(),
      transactional,
      ...(blocks ? { blocks: blocks.map((block) => text.slice(...block).trim()) } : {}),
    }));

  it("of a file of one direction is the file", () => {
    const details = detailsOf("migrations/3_x.down.sql");
    expect(read(TABLE, details)).toEqual([
      { direction: "down", text: TABLE.trim(), transactional: "unknown" },
    ]);
  });

  it("of dbmate carry their own options, and may repeat", () => {
    const text = `-- why é😀\n-- migrate:up transaction:false\r\n${CONCURRENT}--migrate:down\nDROP TABLE a;\n-- migrate:up\nSELECT 1;\n-- migrate:down\n`;
    expect(read(text, detailsOf("m/1_x.sql", { text }))).toEqual([
      { direction: "up", text: CONCURRENT.trim(), transactional: false },
      { direction: "down", text: "DROP TABLE a;", transactional: true },
      { direction: "up", text: "SELECT 1;", transactional: true },
      { direction: "down", text: "", transactional: true },
    ]);
  });

  it("of goose know their blocks, and NO TRANSACTION holds for both directions", () => {
    const text = [
      "-- +goose NO TRANSACTION",
      "-- +goose Up",
      "SELECT 1;",
      "-- +goose StatementBegin",
      "CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql;",
      "-- +goose StatementEnd",
      "-- +goose Down",
      "DROP FUNCTION f();",
    ].join("\n");
    const [up, down] = read(text, detailsOf("m/1_x.sql", { text }));
    expect(up?.blocks).toEqual([
      "CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$ LANGUAGE plpgsql;",
    ]);
    expect(up?.text.startsWith("SELECT 1;")).toBe(true);
    expect(down).toEqual({ direction: "down", text: "DROP FUNCTION f();", transactional: false, blocks: [] });
    expect(up?.transactional).toBe(false);
  });

  it("of sql-migrate join directives of one direction", () => {
    const text =
      "-- +migrate Up\nSELECT 1;\n-- +migrate Up notransaction\nSELECT 2;\n-- +migrate Down\nSELECT 3;\n";
    expect(
      read(text, detailsOf("m/1_x.sql", { text })).map(({ direction, transactional }) => [
        direction,
        transactional,
      ]),
    ).toEqual([
      ["up", false],
      ["down", true],
    ]);
  });

  it.each([
    ["SELECT 1;\n---- create above / drop below ----\nSELECT 2;\n"],
    ["-- // first\nSELECT 1;\n-- //@UNDO\nSELECT 2;\n"],
    ["-- !Ups\nSELECT 1;\n-- !Downs\nSELECT 2;\n"],
  ])("of runners we do not model are told apart: %j", (text) => {
    const details = detailsOf("migrations/1_x.sql", { text });
    expect(details.direction).toBe("both");
    expect(
      read(text, details).map(({ direction, text: body }) => [direction, body.split("\n").at(-1)]),
    ).toEqual([
      ["up", "SELECT 1;"],
      ["down", "SELECT 2;"],
    ]);
  });

  it("take the settings' transaction", () => {
    const migrations = [{ files: "**/*.sql", transactional: false }];
    const details = detailsOf("m/1_x.sql", { text: GOOSE, migrations });
    expect(sections(GOOSE, details).map(({ transactional }) => transactional)).toEqual([false, false]);
  });

  it("of a text without its runner's directives is one, up", () => {
    const migrations = [{ files: "**/*.sql", runner: "dbmate" }];
    const details = detailsOf("m/1_x.sql", { migrations });
    expect(sections(TABLE, details)).toEqual([
      { direction: "up", range: [0, TABLE.length], transactional: true },
    ]);
  });
});

describe("howToLeaveTransaction", () => {
  it.each([
    ["dbmate", "-- migrate:up transaction:false"],
    ["goose", "-- +goose NO TRANSACTION"],
    ["sqlx", "-- no-transaction"],
    ["diesel", "run_in_transaction = false"],
    ["flyway", "script of its own"],
    ["prisma", "migration of its own"],
    ["golang-migrate", "migration file of its own"],
    ["sql-migrate", "notransaction"],
  ])("of %s says %s", (runner, words) => {
    expect(howToLeaveTransaction(runner)).toContain(words);
  });

  it("is not known for plain files and unknown runners", () => {
    expect(howToLeaveTransaction("plain")).toBeUndefined();
    expect(howToLeaveTransaction("tern")).toBeUndefined();
  });
});

describe("cost", () => {
  it("grows no faster than the text", () => {
    const hostile = [
      "'".repeat(300_001),
      "/*".repeat(150_000),
      "$a".repeat(150_000),
      "ADD ".repeat(80_000),
      "-- +goose ".repeat(30_000),
      "--\n".repeat(100_000),
      `${" ".repeat(300_000)}x`,
      "ALTER TABLE x ADD y int AFTER ".repeat(10_000),
    ];
    const started = performance.now();
    for (const text of hostile) expect(kindOf("migrations/1_x.sql", { text })).toBeDefined();
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
