import {
  cargoDependency,
  cargoDialect,
  directionOfName,
  downBeside,
  numberedPlace,
  type FilePlace,
  type Runner,
} from "./runner.ts";
import { simpleQueryTransaction } from "./text.ts";

const DEPENDENCY = { "Cargo.toml": (text: string) => cargoDependency(text, "sqlx") };
const DIALECT = { "Cargo.toml": (text: string) => cargoDialect(text, "sqlx") };

function isDependency(file: FilePlace): boolean {
  return file.nearest(DEPENDENCY) ?? false;
}

function isOutside(file: FilePlace): boolean {
  return file.text.startsWith("-- no-transaction");
}

/**
 * sqlx 0.8 (Rust): `<number>_<name>.sql`, or `.up.sql` and `.down.sql`, ordered by number (`sqlx-core/src/migrate/
 * source.rs` and `migration_type.rs`); known by the nearest Cargo.toml that names sqlx. Each runs in a transaction
 * unless its very first characters are `-- no-transaction` (`source.rs`); it is sent as one simple query all the
 * same (`sqlx-postgres/src/migrate.rs`), so several statements run in a transaction even then.
 */
export const sqlx: Runner = {
  name: "sqlx",
  detect: (file) => /^\d+_.*\.sql$/.test(file.name) && file.inMigrations && isDependency(file),
  place: (file) => numberedPlace(file, directionOfName(file.name)),
  transactional: (file) => !isOutside(file) || simpleQueryTransaction(file.text),
  sends: (file) => ({ chained: true, ...(isOutside(file) ? { span: "query" } : {}) }),
  likelyDialect: (file) => file.nearest(DIALECT),
  // sqlx-core 0.8.6 and 0.9.0, src/migrate/migrator.rs: VersionMismatch, and VersionMissing unless `ignore_missing` is
  // set, which `validate_applied_migrations` asks first. The program sets it, or the option of sqlx-cli.
  memory: {
    title: "sqlx",
    checksum: "refuses",
    needsFiles: true,
    ignoresMissing: "the program calls `set_ignore_missing(true)`",
    late: "runs",
  },
  // sqlx-core/src/migrate/migration_type.rs: `.up.sql` is ReversibleUp; those without a direction are Simple.
  wayDown: downBeside,
  leaveTransaction: 'give it a migration of its own whose first line is "-- no-transaction"',
};
