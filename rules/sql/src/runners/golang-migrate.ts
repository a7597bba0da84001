import { directionOfName, downBeside, numberedPlace, type FilePlace, type Runner } from "./runner.ts";
import { simpleQueryTransaction } from "./text.ts";

/** Names that golang-migrate and sqlx share; which of the two it is, their manifests tell. */
export const REVERSIBLE = /^\d+_.*\.(?:up|down)\.sql$/;

const DEPENDENCY =
  /^(?:require[ \t]+|[ \t]+)?github\.com\/golang-migrate\/migrate(?:\/v\d+)?[ \t]+v\S+(?![^\n]*\/\/ indirect)/m;

const manifests = {
  "go.mod": (text: string) => (DEPENDENCY.test(text) ? true : undefined),
  // A Rust package nearer than the Go module has its own runner.
  "Cargo.toml": () => false,
};

function isOurs(file: FilePlace): boolean {
  return file.nearest(manifests) ?? false;
}

/**
 * golang-migrate 4.19: `<number>_<name>.up.sql` and `.down.sql`, ordered by number (`source/parse.go`).
 * Its PostgreSQL drivers open no transaction, and run a file with one `Exec` without arguments
 * (`database/postgres/postgres.go` and `database/pgx/v5/pgx.go`, `runStatement`), which is one simple query: lib/pq
 * 1.12, `conn.go`, `ExecContext` and `simpleExec`; pgx 5.10, `conn.go`, "Always use simple protocol when there are no
 * arguments". So several statements run in one transaction, a single one on its own; what fails behind a BEGIN of
 * the file's own is undone when the connection closes. The version is marked dirty before, in a transaction of its own
 * (`migrate.go`, `runMigrations`). The option `x-multi-statement`, which is not in the files, sends statement by
 * statement (README of `database/postgres`).
 */
export const golangMigrate: Runner = {
  name: "golang-migrate",
  detect: (file) => REVERSIBLE.test(file.name) && isOurs(file),
  place: (file) => numberedPlace(file, directionOfName(file.name)),
  transactional: (file) => simpleQueryTransaction(file.text),
  sends: () => ({ chained: true, span: "query" }),
  // migrate.go, `versionExists`: the current version must have a file; `readUp` goes from it to the next ones only.
  memory: { title: "golang-migrate", needsFiles: true, late: "skips" },
  // source/parse.go: a pair of files for each version.
  wayDown: downBeside,
  leaveTransaction:
    "give it a migration file of its own: golang-migrate runs a single statement without a transaction",
};
