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
 * golang-migrate: `<number>_<name>.up.sql` and `.down.sql`, ordered by number (`source/parse.go`).
 * Its PostgreSQL drivers open no transaction, and send a file as one simple query (`database/postgres/postgres.go`,
 * `runStatement`; README there, "Multi-statement mode"): several statements run in one transaction, a single one
 * on its own. The options `x-multi-statement` and `x-use-transaction`, which are not in the files, change that.
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
