import type { Finding, Lines, Location, Notice, Region, TextEdit } from "@yantra-lint/core";
import type {
  ArtifactLocation,
  Fix,
  Location as SarifLocation,
  Log,
  Notification,
  PhysicalLocation,
  Region as SarifRegion,
  ReportingDescriptor,
  Result,
} from "sarif";
import { fingerprints, linesOf, type TextOf } from "./fingerprints.ts";
import { LIMITS, limitResults, limitSize, notice } from "./limits.ts";
import { primaryLocationLineHashes } from "./line-hashes.ts";
import { describeRule, type SarifRule } from "./rules.ts";
import { link, oneLine, plainMessage, relativeUri } from "./text.ts";

export type SarifLog = Log;

/**
 * A finding for SARIF. `fingerprint`: the one it has elsewhere; computed over these findings when left out.
 * `state`: against the base; left out when there is none.
 */
export type SarifFinding = Finding & { fingerprint?: string; state?: "new" | "existing" };

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
}

const ROOT = "%SRCROOT%";
/** SARIF2005 wants an address; the package's page is one that always exists. */
const INFORMATION_URI = "https://www.npmjs.com/package/yantra-lint";
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/**
 * Findings as a SARIF 2.1.0 log of one run. `notices` tells which limits of GitHub's cut the log; they are not
 * in the log itself.
 *
 * @throws when a finding names a rule that is not among `rules`.
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
  if (!forGithub) return { log, notices };
  const sized = limitSize(log);
  return { log: sized.log, notices: [...notices, ...sized.notices] };
}

function logOf(input: SarifInput, rules: ReportingDescriptor[], results: Result[]): Log {
  const { tool } = input;
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
      },
    ],
  };
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
  const notices: Notice[] = [];

  const results = findings.flatMap((finding, index): Result[] => {
    if (variant === "github" && finding.suppressed) return [];
    const ruleIndex = ruleIndexes.get(finding.ruleId);
    if (ruleIndex === undefined)
      throw new Error(`The rules for SARIF lack ${finding.ruleId}, which has a finding.`);
    const all = finding.related ?? [];
    const related = variant === "github" ? all.slice(0, LIMITS.locations - 1) : all;
    if (related.length < all.length) {
      notices.push(
        notice(
          "locations",
          `A finding of ${finding.ruleId} has ${all.length + 1} locations; GitHub keeps ${LIMITS.locations}, so the rest is left out.`,
        ),
      );
    }
    const lineHash = hashesAt(finding.path)?.(finding.startLine);
    const fixes = fixesOf(finding, linesAt(finding.path));
    const links = related.map((place, at) => link(place.message, at + 1));
    const said = plainMessage(finding.message);
    return [
      {
        ruleId: finding.ruleId,
        ruleIndex,
        level: finding.level,
        message: { text: links.length > 0 ? `${said} See ${links.join(", ")}.` : said },
        locations: [{ physicalLocation: onOneLine(finding) }],
        ...(related.length > 0
          ? {
              relatedLocations: related.map((place, at): SarifLocation => ({
                id: at + 1,
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
      },
    ];
  });
  return { results, notices };
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

function artifactLocation(path: string): ArtifactLocation {
  return { uri: relativeUri(path), uriBaseId: ROOT };
}

/**
 * A place as GitHub can annotate it: a pull request shows an alert only when all lines of its region are in the
 * diff, so a longer region is cut at the end of its first line (no endColumn: to the line's end) and stands in
 * full as the context region.
 */
function onOneLine(place: Location): PhysicalLocation {
  const region = regionOf(place);
  const { startLine, startColumn } = region;
  if (region.endLine === startLine) return { artifactLocation: artifactLocation(place.path), region };
  return {
    artifactLocation: artifactLocation(place.path),
    region: { startLine, startColumn },
    contextRegion: region,
  };
}

/** A region as SARIF demands it: numbers from 1 on, and an end that is not before the start. */
function regionOf(
  region: Region,
): Required<Pick<SarifRegion, "startLine" | "startColumn" | "endLine" | "endColumn">> {
  const startLine = Math.max(1, region.startLine);
  const startColumn = Math.max(1, region.startColumn);
  const endLine = Math.max(startLine, region.endLine);
  const endColumn = Math.max(endLine === startLine ? startColumn : 1, region.endColumn);
  return { startLine, startColumn, endLine, endColumn };
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
