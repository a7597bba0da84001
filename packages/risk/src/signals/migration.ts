import type { ChangedFile, ChangedMigration, Reliance, Standing } from "@yantra-lint/core";
import { unnamedFiles } from "../edits.ts";
import { FULL, type Family, type Reason } from "../reason.ts";
import { list, plain } from "../wording.ts";

const STRENGTH: Record<ChangedMigration["phase"], number> = { expand: 650, migrate: 750, contract: 850 };
const IRREVERSIBLE = 100;
const NO_WAY_DOWN = 50;

/** Changes of the database. Every one is high: an application rolls back, its data does not. */
export const migration: Family = (change) => [
  ...change.migrations.map((one): Reason => ({
    ...(one.direction === "down" ? judgeDown(one) : { ...judge(one), floor: "high" }),
    path: one.path,
    line: one.line,
  })),
  ...unnamedFiles(change, ["migration"], change.migrations).map(unread),
];

function judge(one: ChangedMigration): Reason {
  const path = plain(one.path);
  const lost = one.irreversible.map((operation) => plain(operation)).sort();
  const back = lost.length > 0 ? `, and no rollback brings back ${list(lost)}` : "";
  if (one.status !== "added") {
    const verb = { modified: "is edited", deleted: "is deleted", renamed: "is renamed" }[one.status];
    return {
      strength: FULL,
      evidence: `The migration ${path} ${verb}, though it may have been applied already${back}.`,
      lower: `Leave ${path} as it is, and add a migration that does the rest.`,
    };
  }
  const strength =
    STRENGTH[one.phase] + (lost.length > 0 ? IRREVERSIBLE : 0) + (one.hasDown === false ? NO_WAY_DOWN : 0);
  const down = one.hasDown === false ? " It has no down migration." : "";
  return {
    strength: Math.min(FULL, strength),
    evidence: `The migration ${path} ${VERBS[one.phase]}${back}.${down}${reliance(one.relies)}`,
    lower:
      one.phase === "contract"
        ? "Ship it in a later release, when nothing that still runs needs what it takes away."
        : "Ship it in a change of its own, ahead of the code that needs it.",
  };
}

/** What confirms that nothing needs any more what a contract migration takes away, or that nothing does. */
function reliance(relies: readonly Reliance[] | undefined): string {
  if (relies === undefined) return "";
  if (relies.length === 0)
    return " It names no release that does without what it takes away (`@yantra-phase contract after=`), so nothing confirms that none needs it.";
  return relies
    .map(({ release, standings }) => ` It relies on ${plain(release, 60)}${stands(standings)}.`)
    .join("");
}

function stands(standings: readonly Standing[]): string {
  if (standings.length === 0)
    return ", and nothing confirms that it serves: no outcome of any release is known";
  const serves = standings.filter(({ state }) => state === "promoted");
  const others = standings.filter(({ state }) => state !== "promoted");
  const confirmed = serves.length === 0 ? [] : [`serves in ${list(serves.map(since))}`];
  const missing = others.length === 0 ? [] : [`is not confirmed in ${list(others.map(whyNot))}`];
  return `, which ${[...confirmed, ...missing].join(", and ")}`;
}

function since({ environment, time }: Standing): string {
  return `${plain(environment, 40)} since ${plain(time ?? "", 40)}`;
}

function whyNot({ environment, state, time }: Standing): string {
  const name = plain(environment, 40);
  if (state === "rolledBack") return `${name} (rolled back at ${plain(time ?? "", 40)})`;
  if (state === "wentBack")
    return `${name} (which went back to an older release at ${plain(time ?? "", 40)})`;
  return `${name} (no outcome says that it was promoted)`;
}

/** A new way back runs when somebody goes it; one that changes may fail when it is needed. */
function judgeDown({ path, status }: ChangedMigration): Omit<Reason, "path" | "line"> {
  if (status === "added") return { strength: 10, evidence: `${plain(path)} is the way back of a migration.` };
  const verb = { modified: "is edited", deleted: "is deleted", renamed: "is renamed" }[status];
  return {
    strength: 150,
    floor: "medium",
    evidence: `${plain(path)}, the way back of a migration, ${verb}.`,
  };
}

const VERBS: Record<ChangedMigration["phase"], string> = {
  expand: "adds to the database (expand)",
  migrate: "changes data (migrate)",
  contract: "takes from the database (contract)",
};

/** A migration whose operations nobody read, as of a runner that is not understood. */
function unread(file: ChangedFile): Reason {
  return {
    strength: STRENGTH.expand,
    floor: "high",
    evidence: `${plain(file.path)} is a migration, and what it does to the database was not read.`,
    path: file.path,
    line: file.edit.line,
    lower: "Ship it in a change of its own, ahead of the code that needs it.",
  };
}
