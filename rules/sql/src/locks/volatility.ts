import type { Node } from "libpg-query";
import { strings } from "../language/lowered.ts";
import { NOT_VOLATILE } from "./functions.generated.ts";

const KNOWN = new Set(NOT_VOLATILE.split(" "));

/**
 * The functions of an expression that may give another value for each row: PostgreSQL's own that it marks as
 * volatile, and all that are not its own (extensions and migrations make volatile ones, unless told otherwise).
 * With such a default ADD COLUMN writes every row (PostgreSQL 11 and later).
 */
export function volatileFunctionsIn(expression: Node | undefined): string[] {
  const found = new Set<string>();
  visit(expression, (parts) => {
    const [name = "", schema] = [...parts].reverse();
    const own = schema === undefined || schema === "pg_catalog";
    if (!own || !KNOWN.has(name)) found.add(parts.join("."));
  });
  return [...found];
}

function visit(value: unknown, call: (name: readonly string[]) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, call);
  } else if (isRecord(value)) {
    const { funcname } = value;
    if (isNodes(funcname)) call(strings(funcname));
    for (const child of Object.values(value)) visit(child, call);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isNodes(value: unknown): value is Node[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && "String" in item);
}
