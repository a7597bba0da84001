import { compareText, type Change } from "@yantra-lint/core";
import { isEdited } from "./edits.ts";
import { RISK_CLASSES, type RiskInput, type RiskReport } from "./model.ts";
import { assessRisk } from "./score.ts";
import { path as pathFamily } from "./signals/path.ts";
import { count, list, plain } from "./wording.ts";

/** Something the author can do, and the change as it would be then. */
interface Remedy {
  /** What to do, as a sentence's beginning. */
  action: string;
  /** What is to be shipped apart, where that is what to do. */
  apart?: string;
  apply: (change: Change) => Change;
}

/** Fewer points are not worth a word. */
const WORTH = 5;

/**
 * What would lower the class or the score, best first, as sentences: `Ship the migration … in a change of its own:
 * without it this would be medium (41).` Each is found by judging the change anew without what it speaks of, so
 * that it is true. When nothing lowers the class alone, the last one says what would together. Empty for class low.
 */
export function whatWouldLower(input: RiskInput): string[] {
  const now = assessRisk(input);
  if (now.class === "low") return [];
  const remedies = remediesFor(input).filter(({ apply }) => !isEmpty(apply(input.change)));
  const single = remedies
    .map(({ action, apply }) => ({ action, then: assessRisk({ ...input, change: apply(input.change) }) }))
    .filter(({ then }) => rank(then) < rank(now) || now.score - then.score >= WORTH)
    .sort((a, b) => a.then.score - b.then.score || compareText(a.action, b.action));
  const told = single.map(({ action, then }) => {
    const still = then.class === now.class ? "still " : "";
    return `${action}: then this would ${still}be ${then.class} (${then.score}).`;
  });
  const together = single.some(({ then }) => rank(then) < rank(now))
    ? undefined
    : fewest(input, now, remedies);
  return together === undefined ? told : [...told, together];
}

/** The remedies that lower the class only together, with none among them that is not needed. */
function fewest(input: RiskInput, now: RiskReport, remedies: readonly Remedy[]): string | undefined {
  const judge = (chosen: readonly Remedy[]) => {
    const change = chosen.reduce((rest, { apply }) => apply(rest), input.change);
    return isEmpty(change) ? now : assessRisk({ ...input, change });
  };
  if (rank(judge(remedies)) >= rank(now)) return undefined;
  const best = rank(judge(remedies));
  const needed = remedies.reduceRight(
    (chosen, remedy) => {
      const without = chosen.filter((one) => one !== remedy);
      return rank(judge(without)) <= best ? without : chosen;
    },
    [...remedies],
  );
  const then = judge(needed);
  const shipped = needed.flatMap(({ apart }) => apart ?? []);
  const actions = [
    ...(shipped.length > 1 ? [`Ship ${list(shipped, shipped.length)} in changes of their own`] : []),
    ...needed.filter(({ apart }) => shipped.length < 2 || apart === undefined).map(({ action }) => action),
  ].map((action, index) => (index === 0 ? action : action.charAt(0).toLowerCase() + action.slice(1)));
  return `${list(actions, actions.length)}: only together would they make this ${then.class} (${then.score}).`;
}

function rank(report: RiskReport): number {
  return RISK_CLASSES.indexOf(report.class);
}

function isEmpty(change: Change): boolean {
  return change.files.length === 0;
}

function remediesFor(input: RiskInput): Remedy[] {
  const { change } = input;
  const edited = change.files.filter(isEdited);
  const ofCategory = (...categories: string[]) =>
    edited.filter((file) => categories.includes(file.category)).map((file) => file.path);
  const migrations = sorted([...change.migrations.map((one) => one.path), ...ofCategory("migration")]);
  const runs = change.dependencies.filter((one) => one.scope === "runtime");
  // Those of the lock file alone come along with these.
  const runtime = runs.some((one) => one.direct) ? runs.filter((one) => one.direct) : runs;
  const manifests = sorted(ofCategory("infrastructure", "ci"));
  const own = new Set([...migrations, ...manifests]);
  const floors = sorted(
    pathFamily(change, input.settings, input.today).flatMap(({ path }) => path ?? []),
  ).filter((path) => !own.has(path));
  const settings = sorted([...change.settings.map((one) => one.path), ...ofCategory("settings")]);
  const errors = change.findings.filter((one) => one.level === "error").length;
  const unguarded = change.workloads.filter((one) => one.guards.length === 0);
  const lowered = change.annotations.some((one) => one.change === "lowered" || one.change === "removed");
  const addsLow = change.annotations.some((one) => one.change === "added" && one.risk === "low");
  const hidden = change.suppressions.length;
  return [
    ...apart(migrations, "the migration", "the migrations"),
    ...apart(manifests, "the edit of", "the edits of"),
    ...apart(floors, "the edit of", "the edits of"),
    ...apart(settings, "the edit of", "the edits of"),
    ...when(runtime.length > 0, {
      action: `Change ${list(sorted(runtime.map((one) => plain(one.name, 80))))} in a change of ${runtime.length === 1 ? "its" : "their"} own`,
      apply: (from) => without(from, new Set(from.dependencies.map((one) => one.path))),
    }),
    ...when(errors > 0, {
      action: `Fix ${errors === 1 ? "the error" : `the ${errors} errors`}`,
      apply: (from) => ({ ...from, findings: from.findings.filter((one) => one.level !== "error") }),
    }),
    ...when(hidden > 0, {
      action: `Fix what the ${count(hidden, "new suppression").replace(/^1 /, "")} ${hidden === 1 ? "hides" : "hide"}`,
      apply: (from) => ({ ...from, suppressions: [] }),
    }),
    ...when(lowered, {
      action: "Keep the annotations that the change lowers or takes away",
      apply: (from) => ({
        ...from,
        annotations: from.annotations.map((one) =>
          one.change === "lowered" || one.change === "removed" ? { ...one, change: "standing" } : one,
        ),
      }),
    }),
    ...when(addsLow, {
      action: "Add the annotations low in a change of their own",
      apply: (from) => ({
        ...from,
        annotations: from.annotations.filter((one) => one.change !== "added" || one.risk !== "low"),
      }),
    }),
    ...when(unguarded.length > 0, {
      action: `Let an analysis or an alert watch ${list(sorted(unguarded.map((one) => `${plain(one.kind, 60)} ${plain(one.name, 60)}`)))}`,
      apply: (from) => ({ ...from, workloads: from.workloads.filter((one) => one.guards.length > 0) }),
    }),
  ];
}

function when(applies: boolean, remedy: Remedy): Remedy[] {
  return applies ? [remedy] : [];
}

/** Shipping some files apart from the others. */
function apart(paths: readonly string[], one: string, several: string): Remedy[] {
  const [first] = paths;
  if (first === undefined) return [];
  const names = list(paths.map((path) => plain(path)));
  const what = `${paths.length === 1 ? one : several} ${names}`;
  const action = `Ship ${what} in a change of ${paths.length === 1 ? "its" : "their"} own`;
  return [{ action, apart: what, apply: (from) => without(from, new Set(paths)) }];
}

/** The change without some files, and without all that is said of them. */
function without(change: Change, paths: ReadonlySet<string>): Change {
  const stays = (one: { path: string }) => !paths.has(one.path);
  return {
    files: change.files.filter(stays),
    dependencies: change.dependencies.filter(stays),
    migrations: change.migrations.filter(stays),
    annotations: change.annotations.filter(stays),
    findings: change.findings.filter(stays),
    suppressions: change.suppressions.filter(stays),
    settings: change.settings.filter(stays),
    workloads: change.workloads.filter((one) => !paths.has(one.because) && stays(one)),
  };
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
