import {
  type EditKind,
  EDIT_KINDS,
  type FileEdit,
  type FileVersions,
  firstDifferentLine,
  type TouchedDeclaration,
} from "@yantra-lint/core";
import { copyEdit, isCopyPath } from "./copy.ts";
import { firstDifference } from "./data.ts";
import { type Documents, documentsOf, type Entry } from "./documents.ts";
import { withoutComments } from "./template.ts";

/** Resources that change how others behave from the moment they exist. */
const ACTS =
  /Policy|Policies|Webhook|Autoscaler|Scaled(?:Object|Job)|LimitRange|Quota|VirtualService|DestinationRule|PeerAuthentication|EnvoyFilter|^Sidecar$|Binding|^Canary$|Constraint|^CustomResourceDefinition$/;

/**
 * How a YAML or JSON file was edited, decided on its data: of manifests and of anything else (workflows, values,
 * texts for people). Undefined when it does not parse or is a template, unless only a template's comments differ.
 */
export function compare({ path, before, after }: FileVersions): FileEdit | undefined {
  if (!/\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/i.test(path)) return undefined;
  if (LOCK.test(path)) return lockEdit(before, after);
  const old = before === undefined ? NOTHING : documentsOf(path, before);
  const now = after === undefined ? NOTHING : documentsOf(path, after);
  if (!old || !now) {
    if (before === undefined || after === undefined || withoutComments(before) !== withoutComments(after))
      return undefined;
    return { kind: "comment", line: firstDifferentLine(before, after), declarations: [], exports: [] };
  }
  const pairs = pair(old.entries, now.entries);
  return {
    kind: kindOf(),
    line: lineOf(pairs) ?? (before && after ? firstDifferentLine(before, after) : 1),
    declarations: pairs.flatMap(declaration),
    exports: [],
  };

  function kindOf(): EditKind {
    if (before === undefined)
      return pairs.every(({ after: is }) => is && isAddition(is, true)) ? "addition" : "logic";
    if (after === undefined) return "deletion";
    if (pairs.every((each) => !isTouched(each)))
      return inOrder(pairs) && old?.markers.join("\n") === now?.markers.join("\n") ? "comment" : "logic";
    const words = isCopyPath(path) ? copyEdit(old?.entries ?? [], now?.entries ?? []) : undefined;
    if (words) return words;
    const kinds = pairs.filter(isTouched).map(({ before: was, after: is }): EditKind => {
      if (!is) return "deletion";
      return !was && isAddition(is, false) ? "addition" : "logic";
    });
    return EDIT_KINDS.findLast((kind) => kinds.includes(kind)) ?? "logic";
  }
}

/** Lock files are long, and whatever differs in one counts. */
const LOCK = /(?:^|\/)(?:[\w.-]*[-.]lock|npm-shrinkwrap)\.(?:json|ya?ml)$/;

function lockEdit(before: string | undefined, after: string | undefined): FileEdit {
  const kind = before === undefined ? "addition" : after === undefined ? "deletion" : "logic";
  return { kind, line: firstDifferentLine(before ?? "", after ?? ""), declarations: [], exports: [] };
}

const NOTHING: Documents = { entries: [], markers: [] };

interface Pair {
  before?: Entry;
  after?: Entry;
}

/** Resources belong together by kind, name and namespace; other documents by their place among such. */
function pair(before: readonly Entry[], after: readonly Entry[]): Pair[] {
  const left = [...before];
  const take = (matches: (entry: Entry) => boolean): Entry | undefined => {
    const index = left.findIndex(matches);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const equal = after.map((entry) => take((other) => isSame(other, entry) && other.key === entry.key));
  const pairs = after.map((entry, index): Pair => {
    const partner = equal[index] ?? take((other) => isSame(other, entry));
    return partner ? { before: partner, after: entry } : { after: entry };
  });
  return [...pairs, ...left.map((entry): Pair => ({ before: entry }))];
}

function isSame(a: Entry, b: Entry): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

/** In a file that is new, documents that are no resources come with whatever uses them. */
function isAddition({ name, kind }: Entry, newFile: boolean): boolean {
  return name === "" ? newFile : !ACTS.test(kind);
}

function isTouched({ before, after }: Pair): boolean {
  return before?.key !== after?.key;
}

function inOrder(pairs: readonly Pair[]): boolean {
  const starts = pairs.map(({ before }) => before?.span.start ?? 0);
  return starts.every((start, index) => index === 0 || start >= (starts[index - 1] ?? 0));
}

function declaration({ before, after }: Pair): TouchedDeclaration[] {
  const entry = after ?? before;
  if (!entry || before?.key === after?.key) return [];
  const name = entry.name === "" ? "(document)" : entry.name;
  const change = !before ? "added" : !after ? "removed" : "changed";
  return [
    {
      name,
      change,
      exported: false,
      ...(before ? { before: before.span } : {}),
      ...(after ? { after: after.span } : {}),
    },
  ];
}

/** The line of the first thing that differs: in the new version, or in the old one when nothing else is left. */
function lineOf(pairs: readonly Pair[]): number | undefined {
  for (const { before, after } of pairs) {
    if (before?.key === after?.key || !after) continue;
    if (!before) return after.span.start;
    const offset = firstDifference(before, after);
    if (offset !== undefined) return after.lines.point(offset).line;
  }
  return pairs.every(({ after }) => !after) ? pairs[0]?.before?.span.start : undefined;
}
