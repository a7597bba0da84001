/** JSON from outside: nothing is known of it, and a name in it may be `__proto__` or `constructor`. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const NOTHING: JsonRecord = {};

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A record's own property. What an object inherits is no part of the JSON. */
export function own(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The property as a record; an empty one when it is something else. */
export function recordAt(record: JsonRecord, name: string): JsonRecord {
  const value = own(record, name);
  return isRecord(value) ? value : NOTHING;
}

/** The property as an array; an empty one when it is something else. */
export function arrayAt(record: JsonRecord, name: string): readonly unknown[] {
  const value = own(record, name);
  return Array.isArray(value) ? value : [];
}

/** The records among the elements of an array. */
export function recordsAt(record: JsonRecord, name: string): JsonRecord[] {
  return arrayAt(record, name).filter(isRecord);
}

/** The property as a text that is not empty. */
export function textAt(record: JsonRecord, name: string): string | undefined {
  const value = own(record, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The property as a whole number from `least` on. SARIF says -1 for an index that is not there. */
export function integerAt(record: JsonRecord, name: string, least = 0): number | undefined {
  const value = own(record, name);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least ? value : undefined;
}

/** Whether a value is nested no deeper than `limit`. It does not recurse, so no input is too deep for it. */
export function isShallow(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= limit; depth += 1) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const inner of Object.values(item)) if (typeof inner === "object") next.push(inner);
    }
    if (next.length === 0) return true;
    level = next;
  }
  return false;
}
