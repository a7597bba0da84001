import type { QualifiedName } from "@yantra-lint/core";
import type { Measured } from "./measure.fixture.ts";
import { type Effects, isAtLeast, type LockMode } from "./types.ts";

export interface Comparison {
  /** What one of both says and the other does not, as sentences. Empty: they agree. */
  differences: string[];
  /** What PostgreSQL did beyond the model, where the model says that it does not know all. */
  beyond: string[];
}

/** The name as PostgreSQL's catalogue is asked for it: without `public`, and without quotes. */
function shown({ schema, name }: QualifiedName): string {
  return schema === undefined || schema === "public" ? name : `${schema}.${name}`;
}

/** Compares the model with PostgreSQL. What the model is not certain of may be so or not. */
export function compare(effects: Effects, measured: Measured): Comparison {
  const all = [...lockDifferences(effects, measured), ...workDifferences(effects, measured)];
  const isMore = (line: string): boolean =>
    effects.unknown !== undefined && /: model (?:none|no), /.test(line);
  return { differences: all.filter((line) => !isMore(line)), beyond: all.filter(isMore) };
}

function lockDifferences(effects: Effects, measured: Measured): string[] {
  const said = new Map<string, { sure: LockMode | undefined; atMost: LockMode }>();
  for (const { table, mode, certain } of effects.locks) {
    const name = shown(table);
    // Nobody but the system has a share in its own tables, and they are not measured.
    if (name.startsWith("pg_")) continue;
    const before = said.get(name);
    said.set(name, {
      sure: certain ? mode : before?.sure,
      atMost: before && isAtLeast(before.atMost, mode) ? before.atMost : mode,
    });
  }
  const found: string[] = [];
  for (const name of new Set([...said.keys(), ...Object.keys(measured.locks)])) {
    const model = said.get(name);
    const held = measured.locks[name];
    if (held === undefined) {
      if (model?.sure !== undefined) found.push(`lock ${name}: model ${model.sure}, measured none`);
    } else if (model === undefined) {
      found.push(`lock ${name}: model none, measured ${held}`);
    } else if (!isAtLeast(model.atMost, held) || (model.sure !== undefined && !isAtLeast(held, model.sure))) {
      found.push(`lock ${name}: model ${model.sure ?? `at most ${model.atMost}`}, measured ${held}`);
    }
  }
  return found;
}

function workDifferences(effects: Effects, measured: Measured): string[] {
  const storage = new Set(measured.rewrites);
  const builds = new Set(measured.builds.map(({ table }) => table).filter((table) => !storage.has(table)));
  const scans = new Set(measured.scans.filter((table) => !storage.has(table)));
  const named = (kind: string, certain: boolean): Set<string> =>
    new Set(
      effects.work.flatMap((work) =>
        work.kind === kind && (!certain || work.certain) ? [shown(work.table)] : [],
      ),
    );
  const among = (verb: string, kinds: readonly string[], truth: ReadonlySet<string>): string[] => {
    const sure = new Set(kinds.flatMap((kind) => [...named(kind, true)]));
    const possible = new Set(kinds.flatMap((kind) => [...named(kind, false)]));
    return [
      ...[...sure]
        .filter((name) => !truth.has(name) && !(verb !== "rewrite" && storage.has(name)))
        .map((name) => `${verb} ${name}: model yes, measured no`),
      ...[...truth]
        .filter((name) => !possible.has(name))
        .map((name) => `${verb} ${name}: model no, measured yes`),
    ];
  };
  return [
    ...among("rewrite", ["rewrite", "empty"], storage),
    ...among("scan", ["scan"], scans),
    ...among("build", ["build"], builds),
  ];
}
