import type { Change, Fact, Location, LineSpan, ModuleFact, SettingChange } from "@yantra-lint/core";
import { categoryOf, type ChangedText, describeChange, type Graph } from "@yantra-lint/change";
import { compareText, ModuleGraph } from "@yantra-lint/core";
import {
  assessRisk,
  type ChangeReport,
  digestOf,
  mergePolicy,
  ownership,
  type RiskInput,
  type RiskReport,
  riskSettings,
  whatWouldLower,
} from "@yantra-lint/risk";
import {
  type ChangedPath,
  changedOutside,
  CODEOWNERS_PATHS,
  comparer,
  gitFileAt,
  isCi,
  type Provenance,
  readHistory,
  readModules,
  readProvenance,
  Tree,
} from "@yantra-lint/workspace";
import { type Analysis, saveCache } from "./analysis.ts";
import { packs } from "./packs.ts";
import { type GateData, type Report, tally } from "./report.ts";
import type { ToldRisk } from "./reporters/risk.ts";
import { UsageError } from "./errors.ts";
import { build, version } from "./version.ts";

/** A change, described, scored, and joined with what the gate has to know. */
export interface Judged {
  change: Change;
  /** What the risk was judged from. */
  input: RiskInput;
  risk: RiskReport;
  /** Absent when only a part of the repository was checked: the gate cannot decide from that. */
  report?: ChangeReport;
}

/** The risk as reporters tell it. */
export function toldRisk({ risk, input, report: gate }: Judged, report: Report): ToldRisk {
  return {
    risk,
    lower: whatWouldLower(input),
    files: input.change.files.length,
    ...(report.base ? { base: report.base } : {}),
    ...(gate ? { digest: gate.digest } : {}),
  };
}

/**
 * Describes the change and scores it. `report` tells the findings as they will be written, so that the gate can count
 * them again. @throws UsageError when the settings contradict themselves
 */
export function judgeChange(analysis: Analysis, report: Report): Judged {
  const { target, config, compared, comparison, today } = analysis;
  const root = target.root.directory;
  const { memory } = analysis.run;
  const tree = new Tree(root, target.overlay, { lone: target.root.lone, ...(memory ? { memory } : {}) });
  const paths = tree.list();
  const changed = comparison ? shippedFiles(comparison.change.files) : paths.map(asAdded);
  const files = changed.map((file) => withTexts(file, tree));
  const provenance = readProvenance(root, comparison?.base, changed, process.env);
  const change = describeChange({
    files,
    paths,
    facts: {
      before: compared.before?.facts ?? [],
      after: [...analysis.result.facts, ...analysis.evidence],
    },
    settings: config.settings,
    compare: comparison?.edit ?? comparer(packs),
    ...(comparison ? graphOf(analysis, tree, files) : {}),
    history: comparison ? historyOf(root, comparison.base, files, provenance) : new Map(),
    findings: report.findings
      .filter(({ state, suppressed }) => state === "new" && !suppressed)
      .map(({ ruleId, level, path, startLine, message }) => ({
        ruleId,
        level,
        path,
        line: startLine,
        message,
      })),
    hidden: report.findings.flatMap(({ ruleId, state, suppressed }) =>
      suppressed && state === "new"
        ? [
            {
              ruleId,
              path: suppressed.location.path,
              line: suppressed.location.startLine,
              reason: suppressed.reason,
            },
          ]
        : [],
    ),
    settingChanges: [...analysis.settingChanges, ...unjudged(root, comparison, report.prefix)],
  });
  const input: RiskInput = { change, settings: settingsOf(config.risk), today };
  const risk = assessRisk(input);
  const whole = target.scope.includes("") && target.overlay.size === 0;
  return {
    change,
    input,
    risk,
    ...(whole ? { report: changeReport(analysis, report, provenance, { change, risk }) } : {}),
  };
}

/** A run below the work tree's top does not see what changes elsewhere: that nobody judged. */
function unjudged(root: string, comparison: Analysis["comparison"], prefix: string): SettingChange[] {
  if (!comparison || prefix === "") return [];
  const outside = changedOutside(root, comparison.base, prefix);
  const [first] = outside;
  if (first === undefined) return [];
  const what = `lies outside of ${prefix}, where this run begins, as do ${outside.length - 1} other changed files: nobody judged them`;
  return [
    {
      path: first,
      line: 1,
      what: outside.length === 1 ? what.replace(/, as do .*$/, ": nobody judged it") : what,
    },
  ];
}

function settingsOf(overrides: Analysis["config"]["risk"]): ReturnType<typeof riskSettings> {
  try {
    return riskSettings(overrides);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`risk in the configuration: ${error.message}`);
    throw error;
  }
}

/** In CI, untracked files are what earlier steps made: they stand in no commit and do not ship. */
function shippedFiles(files: readonly ChangedPath[]): ChangedPath[] {
  return isCi(process.env) ? files.filter(({ untracked }) => !untracked) : [...files];
}

function asAdded(path: string): ChangedPath {
  return { path, status: "added", untracked: false, modeChanged: false };
}

function withTexts(file: ChangedPath, tree: Tree): ChangedText {
  const { path, previousPath, status } = file;
  const before = isText(file.before) ? file.before : undefined;
  const after = status === "deleted" || file.special ? undefined : readText(tree, path);
  const unread =
    (status !== "deleted" && after === undefined) || (status !== "added" && before === undefined);
  return {
    path,
    ...(previousPath === undefined ? {} : { previousPath }),
    status,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    opaque: file.special !== undefined || unread || file.modeChanged,
    ...(file.special ? { special: file.special } : {}),
  };
}

function readText(tree: Tree, path: string): string | undefined {
  try {
    const text = tree.size(path) === undefined ? undefined : tree.read(path).text;
    return isText(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function isText(text: string | undefined): text is string {
  return text !== undefined && !text.slice(0, 8000).includes("\0");
}

/**
 * The new version's modules, with those that are gone: who still imports them depends on the change. What a test
 * imports does not run; `imported` are the changed files in directories of tests that other modules import all the
 * same.
 */
function graphOf(
  analysis: Analysis,
  tree: Tree,
  files: readonly ChangedText[],
): { graph: Graph; imported: ReadonlySet<string> } {
  const { cache, config, result } = analysis;
  const options = { packs, ignore: config.ignore, cache, toolVersion: build() };
  const modules: ModuleFact[] = readModules(tree, options);
  const gone = files.filter(({ status, before }) => status === "deleted" && before !== undefined);
  const deleted = new Tree(tree.root, new Map(gone.map(({ path, before }) => [path, before ?? null])), {
    lone: true,
  });
  modules.push(...readModules(deleted, options));
  saveCache(cache);
  modules.sort((a, b) => compareText(a.path, b.path));
  const ofType = <T extends Fact["type"]>(type: T) =>
    result.facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);
  const surroundings = {
    packages: ofType("package"),
    tsconfigs: ofType("tsconfig"),
    files: [...tree.list(), ...gone.map(({ path }) => path)],
  };
  const running = modules.filter(({ path }) => !isTest(path));
  const suspects = files.filter(({ path }) => isTest(path) && isNamedBy(path, running));
  const all = suspects.length > 0 ? new ModuleGraph({ modules, ...surroundings }) : undefined;
  const imported = suspects.filter(({ path }) =>
    all?.importersOf(path, "all").some((importer) => !isTest(importer)),
  );
  const graph = new ModuleGraph({ modules: running, ...surroundings });
  return { graph, imported: new Set(imported.map(({ path }) => path)) };
}

/** A quick look before the graph is asked: whether any specifier ends in the file's name (or its directory's). */
function isNamedBy(path: string, modules: readonly ModuleFact[]): boolean {
  const [file = "", directory = ""] = path.split("/").reverse();
  const name = file.replace(/\.[^.]+$/, "");
  const wanted = name === "index" ? directory : name;
  const isNamed = (specifier: string): boolean => {
    const last = specifier.slice(specifier.lastIndexOf("/") + 1);
    return last === wanted || last.startsWith(`${wanted}.`);
  };
  return modules.some(
    ({ imports, exports }) =>
      imports.some(({ specifier }) => isNamed(specifier)) ||
      exports.some(({ from }) => from !== undefined && isNamed(from.specifier)),
  );
}

function isTest(path: string): boolean {
  return categoryOf(path, { migration: false, manifest: false }) === "test";
}

function historyOf(
  root: string,
  base: NonNullable<Analysis["comparison"]>["base"],
  files: readonly ChangedText[],
  { authors }: Provenance,
) {
  const old = files.filter(({ status }) => status !== "added");
  return readHistory(
    root,
    base,
    new Set(old.map(({ path, previousPath }) => previousPath ?? path)),
    new Set(authors.map((name) => name.toLowerCase())),
  );
}

function changeReport(
  { config, comparison }: Analysis,
  report: Report,
  provenance: Provenance,
  { change, risk }: { change: Change; risk: RiskReport },
): ChangeReport {
  const policy = mergePolicy(config.policy);
  const { errors, warnings } = tally(report.findings);
  const parts = {
    format: 1 as const,
    tool: { name: "yantra-lint", version },
    ...provenance,
    policy,
  };
  return {
    ...parts,
    digest: digestOf(parts),
    ownership: ownership(
      ownedPaths(change, report.prefix),
      codeowners(report.root, comparison?.base.commit),
      policy,
    ),
    risk,
    findings: { errors, warnings },
  };
}

/** What a human need not answer for. */
const HARMLESS_CATEGORIES = new Set(["docs", "test", "tooling", "asset"]);
const HARMLESS_EDITS = new Set(["comment", "style", "copy"]);

/** The paths whose owners have to approve: everything edited but what is harmless. Relative to the work tree's top. */
function ownedPaths({ files }: Change, prefix: string): string[] {
  return files
    .filter(({ category, edit }) => !HARMLESS_CATEGORIES.has(category) && !HARMLESS_EDITS.has(edit.kind))
    .flatMap(({ path, previousPath }) => (previousPath === undefined ? [path] : [path, previousPath]))
    .map((path) => (prefix === "" ? path : `${prefix}/${path}`));
}

/** The base's owners, so that a change cannot name its own. */
function codeowners(root: string, commit: string | undefined): { path: string; text: string } | undefined {
  if (commit === undefined) return undefined;
  for (const path of CODEOWNERS_PATHS) {
    const text = gitFileAt(root, commit, path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** What SARIF carries: the gate's data, and in a pull request where its diff lies and what caused what. */
export function gateData(analysis: Analysis, report: Report, { change, report: gate }: Judged): GateData {
  const inPullRequest = (process.env["GITHUB_BASE_REF"] ?? "") !== "";
  return {
    ...(gate ? { report: gate } : {}),
    ...(inPullRequest ? { changed: changedLines(change) } : {}),
    causes: inPullRequest ? causesOf(analysis, report, change) : new Map(),
  };
}

/** The lines of the new version that the change adds or edits, by path. */
function changedLines({ files }: Change): Map<string, LineSpan[]> {
  return new Map(files.map(({ path, hunks }) => [path, hunks.map(({ after }) => after)]));
}

/** How many changed files are tried as a finding's cause. */
const MOST_TRIED = 200;

/**
 * For new findings of workspace rules: the changed file without whose edit the finding would not be, by judging the
 * facts once more with that file as it was at the base. The place is the file's first changed line.
 */
function causesOf(analysis: Analysis, report: Report, change: Change): Map<string, Location> {
  const { compared, result, judge } = analysis;
  const causes = new Map<string, Location>();
  const open = new Map(
    report.findings
      .filter(({ state, suppressed, ruleId }) => {
        return state === "new" && !suppressed && report.rules.get(ruleId)?.scope === "workspace";
      })
      .map((finding) => [placeKey(finding), finding.fingerprint]),
  );
  for (const { path, previousPath = path, hunks } of change.files.slice(0, MOST_TRIED)) {
    if (open.size === 0) break;
    const facts = [
      ...result.facts.filter((fact) => fact.path !== path),
      ...(compared.before?.facts ?? []).filter((fact) => fact.path === previousPath),
    ];
    const without = new Set(
      judge({ ...result, facts, findings: [] }, compared.changed, compared.before).map(placeKey),
    );
    const line = Math.max(1, hunks[0]?.after.start ?? 1);
    for (const [key, fingerprint] of open) {
      if (without.has(key)) continue;
      causes.set(fingerprint, { path, startLine: line, startColumn: 1, endLine: line, endColumn: 1 });
      open.delete(key);
    }
  }
  return causes;
}

function placeKey({
  ruleId,
  path,
  startLine,
  startColumn,
  message,
}: Location & { ruleId: string; message: string }) {
  return JSON.stringify([ruleId, path, startLine, startColumn, message]);
}
