import { EDIT_KINDS, type EditKind, type FileEdit, type FileVersions, type Lines } from "@yantra-lint/core";
import { Spans } from "./comments.ts";
import { isLocaleFile } from "./conventions.ts";
import { Difference, type Effect } from "./difference.ts";
import { allExports, changedExports } from "./exports.ts";
import { compareModules } from "./modules.ts";
import { type Module, readModule } from "./module.ts";
import { newFileKind } from "./new-file.ts";
import { Interner, normalise, type Tree } from "./normalise.ts";
import { isCode, type ParsedText, parseText } from "./parse.ts";
import { Registrations } from "./registrations.ts";
import { TextUses } from "./text-uses.ts";
import { touchedDeclarations } from "./touched.ts";
import { walkTree } from "./tree.ts";

/** One version of a file, read. */
interface Version {
  parsed: ParsedText;
  /** The program that is emitted. */
  module: Module;
  /** The same with types, for the declarations that an edit touches. */
  typed: Module;
  spans: Spans;
}

/**
 * How a file of TypeScript or JavaScript was edited, decided on the syntax tree; undefined when it is neither,
 * does not parse on a side, is Flow or too large. Never throws.
 *
 * A mild kind is only given when the edit provably is no more; whatever is unsure is `logic`. Changes of types
 * alone are `comment`, as the emitted program is the same; the declarations touched are named all the same, and
 * no export counts as changed. `import { type A } from "a"` counts as elided, which is TypeScript's default. In
 * files with decorators types count as code: `emitDecoratorMetadata` makes them visible at run time.
 */
export function compareCode(file: FileVersions): FileEdit | undefined {
  if (!isCode(file.path)) return undefined;
  try {
    return compare(file);
  } catch (error) {
    // Trees deeper than the stack: nobody's handwriting, and the caller knows what `undefined` means.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function compare({ path, before: oldText, after: newText }: FileVersions): FileEdit | undefined {
  if (oldText !== undefined && oldText === newText)
    return { kind: "comment", line: 1, declarations: [], exports: [] };
  const [oldParsed, newParsed] = [oldText, newText].map((text) =>
    text === undefined ? undefined : parseText(path, text.replace(/^\uFEFF/, "")),
  );
  if ((oldText !== undefined && !oldParsed) || (newText !== undefined && !newParsed)) return undefined;
  const [before, after] = readVersions(oldParsed, newParsed);
  if (before && after)
    return isEmpty(before) && !isEmpty(after) ? added(path, after) : compareBoth(path, before, after);
  if (after) return added(path, after);
  return before && deleted(before);
}

function readVersions(
  before: ParsedText | undefined,
  after: ParsedText | undefined,
): [Version | undefined, Version | undefined] {
  const interner = new Interner();
  const parsed = [before, after];
  const plain = parsed.map((one) => one && normalise(one, interner, false));
  const typed = parsed.map((one) => one && normalise(one, interner, true));
  const emitted = typed.some((tree) => tree && hasDecorators(tree)) ? typed : plain;
  const version = (index: number): Version | undefined => {
    const [text, tree, types] = [parsed[index], emitted[index], typed[index]];
    if (!text || !tree || !types) return undefined;
    return { parsed: text, module: readModule(tree), typed: readModule(types), spans: new Spans(text) };
  };
  return [version(0), version(1)];
}

function hasDecorators(tree: Tree): boolean {
  let found = false;
  walkTree(tree, ({ type }) => {
    if (type === "Decorator") found = true;
    return !found;
  });
  return found;
}

function compareBoth(path: string, before: Version, after: Version): FileEdit {
  const declarations = touchedDeclarations(
    { module: before.typed, spans: before.spans },
    { module: after.typed, spans: after.spans },
  );
  if (before.module.program.id === after.module.program.id) {
    const line = declarations[0]?.after?.start ?? firstDifferentLine(before.spans.lines, after.spans.lines);
    return { kind: "comment", line, declarations, exports: [] };
  }
  const newImports = [...after.module.imports.keys()].filter((name) => !before.module.imports.has(name));
  const registrations = new Registrations(
    { path, before: before.parsed.text, after: after.parsed.text },
    before.module.program,
    new Set(newImports),
  );
  const difference = new Difference({
    uses: new TextUses([before.module.program, after.module.program]),
    registrations,
    oldProgram: before.module.program,
    locale: isLocaleFile(path),
  });
  compareModules({ path, before: before.module, after: after.module, difference, registrations });
  const effects = difference.finish();
  const kind = combine(effects);
  const shown = effects.find((effect) => effect.kind === kind) ?? effects[0];
  for (const { adds, kind: effect } of effects) {
    if (!adds || effect !== "endpoint") continue;
    const span = after.spans.of(adds.tree.start, adds.tree.end);
    declarations.push({ name: adds.name, change: "added", exported: false, after: span });
  }
  return {
    kind,
    line: after.spans.line(shown?.at ?? 0),
    declarations,
    exports: changedExports(before.module, after.module, effects),
  };
}

/** The gravest of the effects; a deletion together with anything else is a change of logic. */
function combine(effects: readonly Effect[]): EditKind {
  const kinds = new Set(effects.map(({ kind }) => kind));
  if (kinds.has("deletion") && kinds.size > 1) return "logic";
  const gravest = Math.max(0, ...[...kinds].map((kind) => EDIT_KINDS.indexOf(kind)));
  return EDIT_KINDS[gravest] ?? "logic";
}

function firstDifferentLine(before: Lines, after: Lines): number {
  for (let line = 1; line <= after.count; line += 1) if (before.line(line) !== after.line(line)) return line;
  return after.count;
}

/** A file without any code: what comes is new. */
function isEmpty({ typed: { items, loads, exports, program } }: Version): boolean {
  return items.length === 0 && loads.length === 0 && exports.size === 0 && !("hashbang" in program.fields);
}

function added(path: string, after: Version): FileEdit {
  const { kind, at } = newFileKind(path, after.module);
  return {
    kind: isEmpty(after) && kind === "addition" ? "comment" : kind,
    line: after.spans.line(at),
    declarations: touchedDeclarations(undefined, { module: after.typed, spans: after.spans }),
    exports: [],
  };
}

function deleted(before: Version): FileEdit {
  return {
    kind: "deletion",
    line: 1,
    declarations: touchedDeclarations({ module: before.typed, spans: before.spans }, undefined),
    exports: allExports(before.module),
  };
}
