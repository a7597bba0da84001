/** A value as it was set by one change; undefined: the thing is gone. */
interface Version<Value> {
  sequence: number;
  value: Value | undefined;
}

/**
 * Values by key with all their earlier versions: a snapshot is a log and a sequence number, so taking one is free,
 * and reading one is a binary search. Only the newest snapshot may be written on; `branch` begins a log of its own
 * over any older one.
 */
export class VersionLog<Value> {
  readonly #versions = new Map<string, Version<Value>[]>();
  readonly #base: { log: VersionLog<Value>; sequence: number } | undefined;
  #sequence = 0;

  constructor(base?: { log: VersionLog<Value>; sequence: number }) {
    this.#base = base;
    this.#sequence = base?.sequence ?? 0;
  }

  /** The number of the last change. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The value after the change of that number; undefined when gone, "never" when it was never set. */
  get(key: string, sequence: number): Value | undefined | "never" {
    const versions = this.#versions.get(key);
    // Nearly all ask for the newest.
    const newest = versions?.at(-1);
    if (newest && newest.sequence <= sequence) return newest.value;
    let low = 0;
    let high = versions?.length ?? 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((versions?.[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    const version = versions?.[low - 1];
    if (version) return version.value;
    return this.#base ? this.#base.log.get(key, Math.min(sequence, this.#base.sequence)) : "never";
  }

  /** Sets a value as the next change and gives its number. */
  set(key: string, value: Value | undefined): number {
    this.#sequence += 1;
    const version = { sequence: this.#sequence, value };
    const versions = this.#versions.get(key);
    if (versions) versions.push(version);
    else this.#versions.set(key, [version]);
    return this.#sequence;
  }

  /** Keys that were ever set, those of the log below included. */
  *keys(): Iterable<string> {
    yield* this.#versions.keys();
    if (this.#base) yield* this.#base.log.keys();
  }

  /** The log to write on after the change of that number: this one when it was the last, else a new one. */
  branch(sequence: number): VersionLog<Value> {
    return sequence === this.#sequence ? this : new VersionLog({ log: this, sequence });
  }
}
