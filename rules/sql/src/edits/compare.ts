import {
  align,
  type EditKind,
  EDIT_KINDS,
  type FileEdit,
  type FileVersions,
  firstDifferentLine,
  phaseOf,
  type TouchedDeclaration,
} from "@yantra-lint/core";
import { Kind, tokenize } from "../language/scanner.ts";
import { effectOf } from "../language/parse.ts";
import { entriesOf, type StatementEntry } from "./statements.ts";

/**
 * How a file of SQL was edited, statement by statement. Statements that differ must be PostgreSQL, else the answer
 * is undefined. A statement added to a file is an addition when it only creates something or is a named query that
 * code has to call; any other (an UPDATE in a script that runs) changes what the file does.
 */
export function compare({ path, before, after }: FileVersions): FileEdit | undefined {
  if (!/\.sql$/i.test(path)) return undefined;
  const old = entriesOf(before ?? "");
  const now = entriesOf(after ?? "");
  const { removed, added } = align(
    old.map(({ key }) => key),
    now.map(({ key }) => key),
  );
  const gone = removed.flatMap((index) => old[index] ?? []);
  const fresh = added.flatMap((index) => now[index] ?? []);
  if (![...gone, ...fresh].every(isReadable)) return undefined;
  const declarations = touched(gone, fresh);
  const kinds = new Set<EditKind>(["comment"]);
  if (after === undefined || declarations.some(({ change }) => change === "removed")) kinds.add("deletion");
  if (before === undefined) kinds.add("addition");
  else if (after !== undefined && fresh.some((entry) => !isAddition(entry))) kinds.add("logic");
  if (declarations.some(({ change }) => change === "changed")) kinds.add("logic");
  if (declarations.some(({ change }) => change === "added")) kinds.add("addition");
  return {
    kind: EDIT_KINDS.findLast((kind) => kinds.has(kind)) ?? "comment",
    line: (fresh[0] ?? (after === undefined ? gone[0] : undefined))?.line ?? lineOf(before, after),
    declarations,
    exports: [],
  };
}

function lineOf(before: string | undefined, after: string | undefined): number {
  return before === undefined || after === undefined ? 1 : firstDifferentLine(before, after);
}

function isReadable({ text }: StatementEntry): boolean {
  if (text === undefined) return true;
  const filledIn = tokenize(text).some(({ kind }) => kind === Kind.Template || kind === Kind.MetaCommand);
  return !filledIn && effectOf(text) !== undefined;
}

function isAddition({ text, query }: StatementEntry): boolean {
  if (query) return true;
  if (text === undefined) return false;
  return (effectOf(text) ?? []).every((operation) => {
    // A trigger or a rule acts on what exists.
    if (operation.kind === "Other" && /^(?:CreateTrigStmt|CreateEventTrigStmt|RuleStmt)$/.test(operation.tag))
      return false;
    const phase = phaseOf(operation);
    return phase === "expand" || (phase === undefined && operation.kind === "Other" && !isCall(text));
  });
}

/** `SELECT f()` may do anything. */
function isCall(text: string): boolean {
  return /^\s*(?:select|with|values)\b/i.test(text) && text.includes("(");
}

/** What went and what came under one name is a change; entries of a name are paired in their order. */
function touched(gone: readonly StatementEntry[], fresh: readonly StatementEntry[]): TouchedDeclaration[] {
  const left = [...gone];
  const declarations = fresh.map((entry): TouchedDeclaration => {
    const index = left.findIndex(({ name }) => name === entry.name);
    const [partner] = index < 0 ? [] : left.splice(index, 1);
    const { name, span } = entry;
    if (!partner) return { name, change: "added", exported: false, after: span };
    return { name, change: "changed", exported: false, before: partner.span, after: span };
  });
  return [
    ...declarations,
    ...left.map(({ name, span }): TouchedDeclaration => ({
      name,
      change: "removed",
      exported: false,
      before: span,
    })),
  ];
}
