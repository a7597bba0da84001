import type { Finding, Lines, Location, Notice, RelatedLocation, TextEdit } from "@yantra-lint/core";
import type {
  Fix,
  Location as SarifLocation,
  Log,
  Notification,
  PropertyBag,
  ReportingDescriptor,
  Result,
} from "sarif";
import { type Anchor, anchor, type ChangedLines } from "./anchor.ts";
import { fingerprints, linesOf, type TextOf } from "./fingerprints.ts";
import { LIMITS, limitResults, limitSize, notice } from "./limits.ts";
import { primaryLocationLineHashes } from "./line-hashes.ts";
import { artifactLocation, onOneLine, regionOf, ROOT, wholeLine } from "./places.ts";
import { PROPERTIES } from "./properties.ts";
import { describeRule, type SarifRule } from "./rules.ts";
import { sealRun } from "./seal.ts";
import { link, oneLine, plainMessage } from "./text.ts";

export type SarifLog = Log;

/**
 * A finding for SARIF. `fingerprint`: the one it has elsewhere; computed over these findings when left out.
 * `state`: against the base; left out when there is none. `cause`: the edit that brought it about, where that is
 * another place than the finding's.
 */
export type SarifFinding = Finding & {
  fingerprint?: string;
  state?: "new" | "existing";
  cause?: Location;
};

/** What becomes a SARIF log. The same input gives the same log, byte by byte. */
export interface SarifInput {
  tool: { name: "yantra-lint"; version: string };
  /** Every rule that a finding names, and those that ran and found nothing. */
  rules: readonly SarifRule[];
  findings: readonly SarifFinding[];
  notices: readonly Notice[];
  textOf: TextOf;
  /**
   * `github`: for code scanning, which shows suppressed results as open alerts: they are left out, and its
   * limits are kept. `audit`: complete, suppressed findings with their justification.
   */
  variant: "github" | "audit";
  /** Tells analyses of one commit apart, such as one for each directory. Default: the tool's name. */
  category?: string;
  /** Tells runs of one category apart. */
  runId?: string;
  /** False when something kept the tool from looking at all it should have looked at. */
  executionSuccessful: boolean;
  /** What `readSarif` gives back as `report`, in both variants; it is written as `JSON.stringify` does. */
  report?: object;
  /**
   * What a pull request changes. For `github`, new findings outside of it are anchored to a line inside of it, see
   * `anchor`. Leave it out for an analysis of a branch, which shows alerts at their own places.
   */
  changed?: ChangedLines;
  /** The key the run is sealed with; without one the seal is a plain digest. See `sealRun`. */
  sealKey?: string;
}

/** SARIF2005 wants an address; the package's page is one that always exists. */
const INFORMATION_URI = "https://www.npmjs.com/package/yantra-lint";
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
/** More than the seal and the count of cut results take, which are added when the size is known. */
const RESERVED_BYTES = 1_000;

/**
 * Findings as a SARIF 2.1.0 log of one run. `notices` tells which limits of GitHub's cut the log; they are not
 * in the log itself, but the number of results they cost is. The run is sealed.
 *
 * @throws when a finding names a rule that is not among `rules`, or the key of the seal is empty.
 */
export function toSarif(input: SarifInput): { log: SarifLog; notices: Notice[] } {
  const forGithub = input.variant === "github";
  const described = input.rules.map(describeRule);
  const notices = forGithub ? described.flatMap((rule) => rule.notices) : [];

  const all = resultsOf(input);
  const limited = forGithub ? limitResults(all.results) : { results: all.results, notices: [] };
  notices.push(...all.notices, ...limited.notices);

  const log = logOf(
    input,
    described.map((rule) => rule.descriptor),
    limited.results,
  );
  const sized = forGithub ? limitSize(log, LIMITS.gzippedBytes - RESERVED_BYTES) : { log, notices: [] };
  return {
    log: finish(sized.log, all.results.length, input.sealKey),
    notices: [...notices, ...sized.notices],
  };
}

/** Says how many of the results are left out, and seals. */
function finish(log: Log, count: number, key: string | undefined): Log {
  return {
    ...log,
    runs: log.runs.map((run) => {
      const left = count - (run.results?.length ?? 0);
      const properties = left > 0 ? { ...run.properties, [PROPERTIES.resultsLeftOut]: left } : run.properties;
      return sealRun({ ...run, ...(properties ? { properties } : {}) }, key);
    }),
  };
}

function logOf(input: SarifInput, rules: ReportingDescriptor[], results: Result[]): Log {
  const { tool, report } = input;
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            semanticVersion: tool.version,
            informationUri: INFORMATION_URI,
            rules,
          },
        },
        automationDetails: { id: automationId(input) },
        invocations: [
          {
            executionSuccessful: input.executionSuccessful,
            toolExecutionNotifications: input.notices.map(notification),
          },
        ],
        originalUriBaseIds: { [ROOT]: { description: { text: "The root of the repository." } } },
        columnKind: "utf16CodeUnits",
        // What core counts as line breaks; a viewer that counts otherwise can know it.
        newlineSequences: ["\r\n", "\n", "\r", "\u2028", "\u2029"],
        results,
        ...(report ? { properties: { [PROPERTIES.change]: asJson(report) } } : {}),
      },
    ],
  };
}

/** What the file will hold, so that the seal is of that. */
function asJson(report: object): unknown {
  return JSON.parse(JSON.stringify(report));
}

/** `category/run-id`. GitHub takes what stands before the last slash as the category. */
function automationId({ tool, category, runId }: SarifInput): string {
  const run = oneLine(runId ?? "").replaceAll("/", "-");
  return `${oneLine(category ?? tool.name).replace(/\/+$/, "")}/${run}`;
}

function notification(told: Notice): Notification {
  return {
    descriptor: { id: told.id },
    level: "note",
    message: { text: plainMessage(told.message) },
    ...(told.path === undefined
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: artifactLocation(told.path) } }] }),
  };
}

function resultsOf(input: SarifInput): { results: Result[]; notices: Notice[] } {
  const { findings, textOf, variant } = input;
  const linesAt = linesOf(textOf);
  const hashesAt = lineHashesOf(textOf);
  const ruleIndexes = new Map(input.rules.map((rule, index) => [rule.id, index]));
  // Over all findings, so that both variants give a finding the same fingerprint.
  const prints = fingerprints(findings, textOf);
  const changed = variant === "github" ? input.changed : undefined;
  const notices: Notice[] = [];

  const results = findings.flatMap((finding, index): Result[] => {
    if (variant === "github" && finding.suppressed) return [];
    const ruleIndex = ruleIndexes.get(finding.ruleId);
    if (ruleIndex === undefined)
      throw new Error(`The rules for SARIF lack ${finding.ruleId}, which has a finding.`);
    const at: Anchor =
      changed && finding.state === "new"
        ? anchor(finding, changed, finding.cause)
        : { location: finding, moved: false };
    const all = placesBeside(finding, at);
    const related = variant === "github" ? all.slice(0, LIMITS.locations - 1) : all;
    if (related.length < all.length) {
      notices.push(
        notice(
          "locations",
          `A finding of ${finding.ruleId} has ${all.length + 1} locations; GitHub keeps ${LIMITS.locations}, so the rest is left out.`,
        ),
      );
    }
    // Of the finding's own place also where it is anchored elsewhere. GitHub takes repository, path, rule and this
    // hash for an alert's identity ("SARIF support for code scanning"): with the anchor's, findings anchored to one
    // line would be one alert, and one anchored within its file would be another after the merge. The upload action
    // keeps a hash it finds, and warns when it computes another (github/codeql-action, src/fingerprints.ts).
    const lineHash = hashesAt(finding.path)?.(finding.startLine);
    const fixes = fixesOf(finding, linesAt(finding.path));
    const links = related.map(({ link: text }, id) => link(text, id + 1));
    const said = plainMessage(finding.message);
    return [
      {
        ruleId: finding.ruleId,
        ruleIndex,
        level: finding.level,
        message: { text: links.length > 0 ? `${said} See ${links.join(", ")}.` : said },
        locations: [
          {
            physicalLocation: isLine(at)
              ? wholeLine(at.location, linesAt(at.location.path))
              : onOneLine(at.location),
          },
        ],
        ...(related.length > 0
          ? {
              relatedLocations: related.map((place, id): SarifLocation => ({
                id: id + 1,
                physicalLocation: onOneLine(place),
                message: { text: plainMessage(place.message) },
              })),
            }
          : {}),
        partialFingerprints: {
          ...(lineHash === undefined ? {} : { primaryLocationLineHash: lineHash }),
          "yantraFingerprint/v1": finding.fingerprint ?? prints[index] ?? "",
        },
        ...(finding.state ? { baselineState: finding.state === "new" ? "new" : "unchanged" } : {}),
        ...(fixes.length > 0 ? { fixes } : {}),
        // Either all results of a run say whether they are suppressed, or none does (§3.27.23).
        ...(variant === "audit" ? { suppressions: suppressionsOf(finding) } : {}),
        ...(at.moved ? { properties: ANCHORED } : {}),
      },
    ];
  });
  return { results, notices };
}

const ANCHORED: PropertyBag = { [PROPERTIES.anchored]: true };

/** Whether a finding is anchored to a line, not to a region of it. */
function isLine({ location, moved }: Anchor): boolean {
  const { startLine, startColumn, endLine, endColumn } = location;
  return moved && startLine === endLine && startColumn === endColumn;
}

/** The related locations with the text that links to them; first the finding's own place, if it is not shown there. */
function placesBeside(finding: Finding, { moved }: Anchor): (RelatedLocation & { link: string })[] {
  const related = (finding.related ?? []).map((place) => ({ ...place, link: place.message }));
  if (!moved) return related;
  const { path, startLine, startColumn, endLine, endColumn } = finding;
  const own = { path, startLine, startColumn, endLine, endColumn };
  return [
    { ...own, message: "This is where it stands.", link: `${path}:${Math.max(1, startLine)}` },
    ...related,
  ];
}

function suppressionsOf({ suppressed }: Finding): NonNullable<Result["suppressions"]> {
  if (!suppressed) return [];
  return [
    {
      kind: "inSource",
      status: "accepted",
      location: { physicalLocation: onOneLine(suppressed.location) },
      ...(suppressed.reason === "" ? {} : { justification: oneLine(suppressed.reason) }),
    },
  ];
}

function fixesOf(finding: Finding, lines: Lines | undefined): Fix[] {
  if (!lines) return [];
  const edits: { message: string; edit: TextEdit }[] = [
    ...(finding.fix ? [{ message: "What `yantra-lint --fix` does.", edit: finding.fix }] : []),
    ...(finding.suggestions ?? []).map(({ message, fix }) => ({ message, edit: fix })),
  ];
  return edits.map(({ message, edit }) => ({
    description: { text: plainMessage(message) },
    artifactChanges: [
      {
        artifactLocation: artifactLocation(finding.path),
        replacements: [
          { deletedRegion: regionOf(lines.region(edit.range)), insertedContent: { text: edit.text } },
        ],
      },
    ],
  }));
}

function lineHashesOf(textOf: TextOf): (path: string) => ((line: number) => string | undefined) | undefined {
  const known = new Map<string, ((line: number) => string | undefined) | undefined>();
  return (path) => {
    if (known.has(path)) return known.get(path);
    const text = textOf(path);
    const hashes = text === undefined ? undefined : primaryLocationLineHashes(text);
    known.set(path, hashes);
    return hashes;
  };
}
