import { leadingDigits, type Runner, type Section } from "./runner.ts";
import { simpleQueryTransaction } from "./text.ts";

const DIRECTIVES = /^--[ \t]*migrate:(up|down)(?=\s|$)([^\r\n]*)/gm;

/** dbmate refuses statements before the first directive. */
function begins(text: string): boolean {
  const at = text.indexOf("migrate:up");
  if (at === -1) return false;
  const before = text.slice(0, text.lastIndexOf("\n", at) + 1);
  const line = text.slice(before.length, at);
  return /^--[ \t]*$/.test(line) && before.split("\n").every((each) => /^\s*(?:--|$)/.test(each));
}

function sections(text: string): Section[] {
  const directives = [...text.matchAll(DIRECTIVES)];
  return directives.map((directive, index) => {
    const start = directive.index + directive[0].length;
    const end = directives[index + 1]?.index ?? text.length;
    const outside = (directive[2] ?? "").trim().split(/\s+/).includes("transaction:false");
    return {
      direction: directive[1] === "down" ? "down" : "up",
      range: [start, end],
      transactional: !outside || simpleQueryTransaction(text.slice(start, end)),
      chained: true,
      ...(outside ? { span: "query" } : {}),
    };
  });
}

/**
 * dbmate 2.35: `<digits>….sql` with `-- migrate:up` and `-- migrate:down` (a file may hold several pairs), sorted by file
 * name as text (`pkg/dbmate/db.go`, `FindMigrations`; `pkg/dbmate/migration.go`). Each section runs in a transaction
 * unless its directive says `transaction:false` (README, "Migration options"). A section is sent as one query, so
 * PostgreSQL runs several statements in a transaction even then (dbmate issues 126 and 285; lib/pq 1.12, `conn.go`,
 * `simpleExec`). A COMMIT in the text makes lib/pq's own `Commit` fail ("unexpected transaction status").
 */
export const dbmate: Runner = {
  name: "dbmate",
  detect: (file) => /^\d.*\.sql$/.test(file.name) && begins(file.text),
  place: (file) => ({
    stream: file.directory,
    order: [file.name],
    version: leadingDigits(file.name),
    direction: "both",
  }),
  transactional: (file) =>
    sections(file.text).find(({ direction }) => direction === "up")?.transactional ?? true,
  sections,
  // pkg/dbmate/db.go, `FindMigrations`: it goes through the files, and asks of each version whether it was run; only
  // `--strict` refuses late ones.
  memory: { title: "dbmate", needsFiles: false, late: "runs" },
  // README, "Creating Migrations" and "Rolling Back Migrations".
  wayDown: () => 'under a line "-- migrate:down" in this file',
  leaveTransaction: 'give it a migration of its own that begins with "-- migrate:up transaction:false"',
};
