import { compareText, type Change, type ChangedFile, type Dependents } from "@yantra-lint/core";
import { isSubstantive } from "../edits.ts";
import { FULL, logStrength, type Family, type Reason } from "../reason.ts";
import { code, count, list, plain } from "../wording.ts";

interface Reached {
  file: ChangedFile;
  dependents: Dependents;
}

/** Files whose edit may be felt by those who import them. */
function reached(change: Change): Reached[] {
  return change.files
    .filter(isSubstantive)
    .flatMap((file) => (file.dependents ? [{ file, dependents: file.dependents }] : []));
}

/** The part of the points that a module takes whose dependents come all through one barrel. */
const THROUGH_ONE = 0.4;

/**
 * How much of the repository stands on what changed. The place among the repository's modules counts, for raw counts
 * grow with barrels; but a flat repository has a first place, too, so that few dependents never count much, and
 * of those that a barrel brings only the ones count in full that import the module itself or what changed in it.
 */
function standing({ percentile, transitive, direct, ofExports }: Dependents): number {
  const share = Math.min(1, Math.max(0, percentile));
  const place = Math.floor(share * share * FULL);
  const all = Math.min(place, logStrength(transitive, 63));
  const near = logStrength(Math.max(direct, ofExports.length), 31) / FULL;
  return Math.floor(all * (THROUGH_ONE + (1 - THROUGH_ONE) * near));
}

/** Points for the most depended-on module among those that do something else now. */
export const dependents: Family = (change) => {
  const files = reached(change).filter((one) => standing(one.dependents) > 0);
  const [most] = files.toSorted(
    (a, b) =>
      standing(b.dependents) - standing(a.dependents) ||
      b.dependents.transitive - a.dependents.transitive ||
      compareText(a.file.path, b.file.path),
  );
  if (!most) return [];
  const { direct, transitive, percentile } = most.dependents;
  const share = Math.floor(percentile * 100);
  const all = transitive > direct ? ` (${direct} directly)` : "";
  const others =
    files.length > 1
      ? ` ${count(files.length - 1, "other changed module")} ${files.length === 2 ? "has" : "have"} dependents, too.`
      : "";
  return [
    {
      strength: standing(most.dependents),
      evidence: `${count(transitive, "module")} ${transitive === 1 ? "depends" : "depend"} on ${plain(most.file.path)}${all}, more than on ${share} % of all modules.${others}`,
      path: most.file.path,
      line: most.file.edit.line,
    },
  ];
};

/** Who imports just what changed. */
export const exports: Family = (change) =>
  reached(change).flatMap(({ file, dependents: { ofExports } }): Reason[] => {
    if (ofExports.length === 0) return [];
    const names = file.edit.exports;
    const what =
      names === "all" || names.length === 0
        ? `What ${plain(file.path)} exports`
        : list(names.toSorted().map(code));
    const verb = names === "all" || names.length < 2 ? "is" : "are";
    return [
      {
        strength: logStrength(ofExports.length, 31),
        evidence: `${what} ${verb} imported by ${count(ofExports.length, "module")}: ${list(ofExports.toSorted().map((path) => plain(path)))}.`,
        path: file.path,
        line: file.edit.line,
        lower: "Leave what is exported as it is, and export the new behaviour beside it by another name.",
      },
    ];
  });

/** What is deployed and holds something that changed: more than one does not roll back in one step. */
export const deployables: Family = (change) => {
  const files = reached(change);
  const all = [...new Set(files.flatMap((one) => one.dependents.deployables))].sort();
  if (all.length < 2) return [];
  const [most] = files.toSorted(
    (a, b) =>
      b.dependents.deployables.length - a.dependents.deployables.length ||
      compareText(a.file.path, b.file.path),
  );
  if (!most) return [];
  return [
    {
      strength: logStrength(all.length - 1, 7),
      evidence: `${count(all.length, "deployable")} hold what changed: ${list(
        all.map((path) => plain(path)),
        4,
      )}.`,
      path: most.file.path,
      line: most.file.edit.line,
    },
  ];
};
