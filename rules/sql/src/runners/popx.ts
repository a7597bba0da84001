import type { Dialect } from "@yantra-lint/core";
import { dialectOfWord } from "./dialect.ts";
import { directionOfName, downBeside, leadingDigits, type FilePlace, type Runner } from "./runner.ts";
import { simpleQueryTransaction } from "./text.ts";

/** `<version>_<name>[.<database>][.autocommit].up.sql`, and `.down.sql`. */
const NAME = /^\d+_[^.]+(?:\.([a-z0-9]+))??(\.autocommit)?\.(?:up|down)\.sql$/;

const DEPENDENCY = /^(?:require[ \t]+|[ \t]+)github\.com\/ory\/x[ \t]+v\S+(?![^\n]*\/\/ indirect)/m;
const manifests = { "go.mod": (text: string) => (DEPENDENCY.test(text) ? true : undefined) };

/**
 * How much of a version is that of the migration that was split into steps of one statement: "legacy version" in
 * `migrator.go`. Its ways down, split in their own order, lead back together only, so they stand behind all of its steps.
 */
const LEGACY = 14;

function isAutocommit(file: FilePlace): boolean {
  return NAME.exec(file.name)?.[2] !== undefined;
}

/** A file that names no database is for those for which no other file has its version. */
function dialect(file: FilePlace): Dialect | undefined {
  const named = NAME.exec(file.name)?.[1];
  if (named !== undefined) return dialectOfWord(named) ?? "unknown";
  const [name = ""] = file.name.split(".");
  const direction = directionOfName(file.name);
  const theirs = ["postgres", "postgresql", "pg"].flatMap((database) => [
    `${name}.${database}.${direction}.sql`,
    `${name}.${database}.autocommit.${direction}.sql`,
  ]);
  return theirs.some((each) => file.sibling(each) !== undefined) ? "unknown" : undefined;
}

/**
 * popx of ory/x (`popx`, as ory/kratos has it in July 2026): files for all databases or for one (`match.go`), of which the
 * one for the database goes before the one for all (`migration_info.go`, `sortAndFilter`), ordered by version as text
 * (`compareMigration`). Each runs in a transaction together with its row, unless its name has `.autocommit`
 * (`migrator.go`, `shouldNotUseTransaction`). It is sent with one `Exec` without arguments (`migration_box.go`, `txRunner`),
 * which pgx sends as one simple query (see golang-migrate), so several statements run in a transaction even then.
 */
export const popx: Runner = {
  name: "popx",
  detect: (file) => NAME.test(file.name) && (isAutocommit(file) || (file.nearest(manifests) ?? false)),
  place: (file) => {
    const version = leadingDigits(file.name);
    const direction = directionOfName(file.name);
    return {
      stream: file.directory,
      order: [version.slice(0, LEGACY), direction === "down" ? 1 : 0, version, file.name],
      version,
      direction,
    };
  },
  transactional: (file) => !isAutocommit(file) || simpleQueryTransaction(file.text),
  sends: (file) => ({ chained: true, ...(isAutocommit(file) ? { span: "query" } : {}) }),
  declaredDialect: dialect,
  // migrator.go, `UpTo`: it goes through the files, and asks of each version whether it was run.
  memory: { title: "popx", needsFiles: false, late: "runs" },
  // migration_box.go, `check`: it refuses to begin when an up migration has no way down.
  wayDown: downBeside,
  leaveTransaction: 'give it a migration of its own whose file ends in ".autocommit.up.sql"',
};
