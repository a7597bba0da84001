import {
  type BaseMigration,
  type ChangedFileFact,
  defineWorkspaceRule,
  type Location,
  type MigrationFact,
} from "@yantra-lint/core";
import {
  consequenceOfAcceptedEdit,
  consequenceOfEdit,
  consequenceOfMissing,
  consequenceOfRenaming,
} from "../runners/consequences.ts";
import { memoryOf } from "../runners/index.ts";

/** A migration runs once: what is edited afterwards reaches new databases only, or stops every deployment. */
export default defineWorkspaceRule({
  meta: {
    type: "problem",
    docs: {
      description: "Disallow editing, renaming or deleting a migration that the base already has",
      recommended: "error",
    },
    messages: {
      edited:
        "This migration was there before the change, and databases have run it as it was. {{consequence}} {{restore}}, and make the change in a new migration.",
      reworded:
        "Nothing but comments or white space has changed in this migration, yet {{runner}} compares a checksum that they are part of. {{consequence}} {{restore}}.",
      renamed:
        'Migration "{{was}}" was there before the change and is called "{{now}}" now. {{consequence}} Give it its old name back, and its old text: `git checkout {{base}} -- {{path}}`.',
      deleted:
        "This migration was there before the change, and is gone. {{consequence}} {{restore}}, and undo what it did in a new migration.",
    },
    schema: [],
  },
  check({ facts, report }) {
    const changes = facts.of("changedFile");
    const changed = new Map(changes.map((change) => [change.path, change]));
    const migrations = facts.of("migration").filter(({ direction }) => direction === "up");
    const fresh = migrations.filter(({ path }) =>
      /^(?:added|renamed)$/.test(changed.get(path)?.status ?? ""),
    );
    const streams = new Set(migrations.map(({ stream }) => stream));
    for (const change of changes) {
      // Flyway's repeatable scripts have no version, and run again whenever they change.
      const before = change.migrations.filter(
        ({ direction, version }) => direction === "up" && version !== "",
      );
      const [first] = before;
      if (!first) continue;
      const was = change.previousPath ?? change.path;
      const memory = memoryOf(first.runner);
      const restore = `Restore it with \`git checkout ${change.base} -- ${was}\``;
      const same = migrations.filter(({ path }) => path === change.path);
      const after = same.length > 0 || change.status === "modified" ? same : partner(first, before, fresh);
      if (!after) {
        // Without its last migration a database has gone, or moved to another repository.
        if (!streams.has(first.stream)) continue;
        const data = { restore, consequence: consequenceOfMissing(first.runner) };
        report({ messageId: "deleted", data, location: placeOf(change) });
        continue;
      }
      const path = after[0]?.path ?? change.path;
      const location = path === change.path ? placeOf(change) : placeOf(after[0] ?? change);
      const version = after[0]?.version ?? first.version;
      const names = memory.byFileName ? [fileName(was), fileName(path)] : [first.version, version];
      if (names[0] !== names[1]) {
        const consequence = consequenceOfRenaming(first.runner);
        const data = { was: names[0] ?? "", now: names[1] ?? "", base: change.base, path: was, consequence };
        report({ messageId: "renamed", data, location: placeOf(after[0] ?? change) });
      } else if (memory.grows ? holdsAll(before, after, "digest") : isSame(before, after, change)) {
        const keeps = memory.grows ? acceptsAll(before, after) : hasChecksums(before, after);
        if (!memory.checksum || was !== path || keeps) continue;
        const data = { runner: memory.title, restore, consequence: consequenceOfEdit(first.runner) };
        report({ messageId: "reworded", data, location });
      } else {
        const isAccepted = memory.grows && acceptsEdits(before, after);
        const consequence = isAccepted
          ? consequenceOfAcceptedEdit(first.runner)
          : consequenceOfEdit(first.runner);
        report({ messageId: "edited", data: { restore, consequence }, location });
      }
    }
  },
});

/** The file that a migration has moved to: with its version, or in its stream with its statements. */
function partner(
  { version, stream, runner }: BaseMigration,
  before: readonly BaseMigration[],
  fresh: readonly MigrationFact[],
): MigrationFact[] | undefined {
  const digests = digestsOf(before, "digest");
  const equal = (fact: MigrationFact): boolean => fact.digest !== undefined && digests.includes(fact.digest);
  const found =
    fresh.find((fact) => fact.runner === runner && fact.version === version && equal(fact)) ??
    fresh.find((fact) => fact.stream === stream && fact.version === version) ??
    fresh.find((fact) => fact.stream === stream && equal(fact));
  return found && fresh.filter(({ path }) => path === found.path);
}

/** Without digests the edit's kind decides. */
function isSame(
  before: readonly BaseMigration[],
  after: readonly MigrationFact[],
  { edit }: ChangedFileFact,
): boolean {
  const [old, now] = [digestsOf(before, "digest"), digestsOf(after, "digest")];
  if (old.length < before.length || now.length < after.length) return edit === "comment";
  return old.join() === now.join();
}

/** Of files that may get further migrations: those from before are all there. */
function holdsAll(
  before: readonly BaseMigration[],
  after: readonly MigrationFact[],
  what: "digest" | "checksum",
): boolean {
  const now = new Set(digestsOf(after, what));
  return digestsOf(before, what).every((digest) => now.has(digest));
}

/** Whether the runner finds the checksums that it has written down; not where they are of the file's bytes. */
function hasChecksums(before: readonly BaseMigration[], after: readonly MigrationFact[]): boolean {
  return (
    before.every(({ digest, checksum }) => digest === undefined || checksum !== undefined) &&
    holdsAll(before, after, "checksum")
  );
}

/** Of files that may get further migrations: whether each that has a checksum keeps it, or says that others are right. */
function acceptsAll(before: readonly BaseMigration[], after: readonly MigrationFact[]): boolean {
  const checksums = new Set(digestsOf(after, "checksum"));
  const accepting = new Set(digestsOf(after.filter(acceptsOthers), "digest"));
  return before.every(
    ({ digest = "", checksum }) => checksum === undefined || checksums.has(checksum) || accepting.has(digest),
  );
}

/** Whether as many of the edited ones say that other checksums are right as have lost the statements they had. */
function acceptsEdits(before: readonly BaseMigration[], after: readonly MigrationFact[]): boolean {
  const [old, now] = [new Set(digestsOf(before, "digest")), new Set(digestsOf(after, "digest"))];
  const lost = digestsOf(before, "digest").filter((digest) => !now.has(digest));
  return after.filter((fact) => acceptsOthers(fact) && !old.has(fact.digest ?? "")).length >= lost.length;
}

function acceptsOthers({ digest, checksum }: MigrationFact): boolean {
  return digest !== undefined && checksum === undefined;
}

function digestsOf(migrations: readonly BaseMigration[], what: "digest" | "checksum"): string[] {
  return migrations.flatMap((migration) => migration[what] ?? []);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function placeOf({ path, startLine, startColumn, endLine, endColumn }: Location): Location {
  return { path, startLine, startColumn, endLine, endColumn };
}
