/**
 * Reads values that came from outside and may be anything. Each function gives the value in its type, or a stand-in
 * of the type after it has written down the problem; whoever asks throws the result away if there are problems.
 */
export class Shape {
  readonly problems: string[] = [];

  /** Writes down what is wrong at a place, such as `risk.score`. */
  wrong(at: string, what: string): void {
    this.problems.push(`${at} ${what}.`);
  }

  /** An object with these fields and no other. */
  object(
    value: unknown,
    at: string,
    required: readonly string[],
    optional: readonly string[] = [],
  ): ReadonlyMap<string, unknown> {
    const fields = this.map(value, at);
    for (const key of required) if (!fields.has(key)) this.wrong(at, `lacks ${key}`);
    for (const key of fields.keys()) {
      if (!required.includes(key) && !optional.includes(key))
        this.wrong(at, `has a field ${JSON.stringify(key)} that is not known`);
    }
    return fields;
  }

  /** An object's own fields. A map, so that no name reaches a prototype. */
  map(value: unknown, at: string): ReadonlyMap<string, unknown> {
    const fields = fieldsOf(value);
    if (!fields) this.wrong(at, "is no object");
    return fields ?? new Map();
  }

  list<T>(value: unknown, at: string, item: (value: unknown, at: string) => T): T[] {
    if (!Array.isArray(value)) {
      this.wrong(at, "is no list");
      return [];
    }
    return value.map((one: unknown, index) => item(one, `${at}[${index}]`));
  }

  text(value: unknown, at: string): string {
    if (typeof value === "string" && value.trim() !== "") return value;
    this.wrong(at, "is no text");
    return "";
  }

  texts(value: unknown, at: string): string[] {
    return this.list(value, at, (item, place) => this.text(item, place));
  }

  /** SHA-1 or SHA-256 as git writes it. */
  objectName(value: unknown, at: string): string {
    const name = this.text(value, at);
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name)) this.wrong(at, "is no full object name of git");
    return name;
  }

  digest(value: unknown, at: string): string {
    const digest = this.text(value, at);
    if (!/^[0-9a-f]{64}$/.test(digest)) this.wrong(at, "is no SHA-256 digest");
    return digest;
  }

  number(value: unknown, at: string, least: number, most = Infinity): number {
    if (typeof value === "number" && Number.isFinite(value) && value >= least && value <= most) return value;
    this.wrong(at, `is no number from ${least}${most === Infinity ? " on" : ` to ${most}`}`);
    return least;
  }

  count(value: unknown, at: string, least = 0): number {
    const count = this.number(value, at, least);
    if (!Number.isInteger(count)) this.wrong(at, "is no whole number");
    return count;
  }

  flag(value: unknown, at: string): boolean {
    if (typeof value !== "boolean") this.wrong(at, "is neither true nor false");
    return value === true;
  }

  oneOf<T extends string>(value: unknown, at: string, words: readonly [T, ...T[]]): T {
    const found = words.find((word) => word === value);
    if (found === undefined) this.wrong(at, `is none of ${words.join(", ")}`);
    return found ?? words[0];
  }

  /** An object whose keys are names, as of teams or tools. */
  record<T>(value: unknown, at: string, item: (value: unknown, at: string) => T): Record<string, T> {
    const fields = [...this.map(value, at)];
    for (const [key] of fields) {
      if (key.trim() === "" || key === "__proto__") this.wrong(at, `has the name ${JSON.stringify(key)}`);
    }
    return Object.fromEntries(fields.map(([key, field]) => [key, item(field, `${at}.${key}`)]));
  }
}

/** An object's own fields, or undefined for what is no object. */
export function fieldsOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return new Map<string, unknown>(Object.entries(value));
}
