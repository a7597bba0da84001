import type { ModuleExport, ModuleImport, Range, Region } from "@yantra-lint/core";

/** An import before its place is known as line and column; the range is the specifier's, without quotes. */
export type FoundImport = Omit<ModuleImport, keyof Region> & { range: Range };

/** What has been found in a module. Exports by a key of their own: a name, or the specifier of an `export *`. */
export interface ModuleParts {
  imports: FoundImport[];
  exports: Map<string, ModuleExport>;
}

/**
 * Adds an export. One name may be declared several times (overloads, a type and a value): it is a type only when
 * all are, and what hands it on counts more than what declares it.
 */
export function addExport({ exports }: ModuleParts, entry: ModuleExport): void {
  const key = entry.name === "*" ? `* ${entry.from?.specifier ?? ""}` : entry.name;
  const known = exports.get(key);
  if (known) {
    known.typeOnly &&= entry.typeOnly;
    if (entry.from) known.from ??= entry.from;
  } else exports.set(key, { ...entry });
}

/** The text between quotes that stands in a range, or undefined when it is no plain text. */
export function plainText(text: string, { start, end }: { start: number; end: number }): string | undefined {
  const source = text.slice(start, end);
  return /^(["'`])(?:(?!\1|\\|\$\{)[^])*\1$/.test(source) ? source.slice(1, -1) : undefined;
}

/** The range of a literal without its quotes. */
export function inner({ start, end }: { start: number; end: number }): Range {
  return [start + 1, end - 1];
}
