import type { ModuleExport } from "@yantra-lint/core";
import type { EcmaScriptModule, Span, StaticExportEntry, StaticImport, StaticImportEntry } from "oxc-parser";
import { addExport, type FoundImport, inner, type ModuleParts, plainText } from "./parts.ts";

/** Where a local name comes from. */
interface Binding {
  from: { specifier: string; name: string };
  typeOnly: boolean;
}

/** Imports and exports as oxc's module record has them: those of the language itself, and `import()`. */
export function readRecord(record: EcmaScriptModule, text: string): ModuleParts {
  const parts: ModuleParts = { imports: [], exports: new Map() };
  const bindings = new Map<string, Binding>();
  for (const statement of record.staticImports) {
    for (const entry of statement.entries) {
      const from = { specifier: statement.moduleRequest.value, name: nameOf(entry) };
      bindings.set(entry.localName.value, { from, typeOnly: entry.isType });
    }
  }
  const handedOn = new Map<string, number>();
  for (const statement of record.staticExports) {
    for (const entry of statement.entries) {
      const local = localNameOf(entry, statement, text);
      const binding = local === undefined ? undefined : bindings.get(local);
      if (binding && local !== undefined) handedOn.set(local, (handedOn.get(local) ?? 0) + 1);
      addExport(parts, exported(entry, binding));
    }
  }
  for (const statement of record.staticImports) {
    parts.imports.push(...imported(statement, text, handedOn));
  }
  for (const { start, end, moduleRequest } of record.dynamicImports) {
    const specifier = plainText(text, moduleRequest);
    if (specifier === undefined) continue;
    const range = inner(moduleRequest);
    parts.imports.push({
      specifier,
      form: "dynamic",
      typeOnly: false,
      names: awaitedNames(text, start, end),
      range,
    });
  }
  return parts;
}

/** The name in the other module; `*` for the whole namespace. */
function nameOf({ importName }: StaticImportEntry): string {
  const kind: `${StaticImportEntry["importName"]["kind"]}` = importName.kind;
  if (kind === "NamespaceObject") return "*";
  return kind === "Default" ? "default" : (importName.name ?? "default");
}

function exported(entry: StaticExportEntry, binding: Binding | undefined): ModuleExport {
  const exportKind: `${StaticExportEntry["exportName"]["kind"]}` = entry.exportName.kind;
  const importKind: `${StaticExportEntry["importName"]["kind"]}` = entry.importName.kind;
  const name = exportKind === "Name" ? (entry.exportName.name ?? "default") : "default";
  const typeOnly = entry.isType || binding?.typeOnly === true;
  if (binding) return { name, from: binding.from, typeOnly };
  if (!entry.moduleRequest) return { name, typeOnly };
  const specifier = entry.moduleRequest.value;
  if (importKind === "AllButDefault") return { name: "*", from: { specifier, name: "*" }, typeOnly };
  return {
    name,
    from: { specifier, name: importKind === "All" ? "*" : (entry.importName.name ?? "default") },
    typeOnly,
  };
}

/**
 * The local name that an export may take from an import. oxc resolves `import { a } from "x"; export { a }` itself:
 * it then gives the import's statement and no local name, and `a` or `a as b` stands outside that statement.
 */
function localNameOf(
  { localName, start, end }: StaticExportEntry,
  statement: Span,
  text: string,
): string | undefined {
  if (localName.name !== null) return localName.name;
  if (start >= statement.start && end <= statement.end) return undefined;
  return /^(?:type\s+)?([\w$\u0080-\uffff]+)/.exec(text.slice(start, end))?.[1];
}

/**
 * The import as the module itself uses it: without the names that it only hands on, and its types apart from its
 * values. Empty when nothing is left.
 */
function imported(
  { moduleRequest, entries }: StaticImport,
  text: string,
  handedOn: ReadonlyMap<string, number>,
): FoundImport[] {
  const specifier = moduleRequest.value;
  const range = inner(moduleRequest);
  if (entries.length === 0) {
    const typeOnly = isEmptyTypeImport(text, moduleRequest);
    return [{ specifier, form: "static", typeOnly, names: [], range }];
  }
  const used = entries.filter(({ localName }) => {
    const times = handedOn.get(localName.value);
    return times === undefined || occurrences(text, localName.value) > times + 1;
  });
  return [false, true].flatMap((typeOnly): FoundImport[] => {
    const names = used.filter(({ isType }) => isType === typeOnly).map(nameOf);
    if (names.length === 0) return [];
    const all = names.includes("*") ? "all" : [...new Set(names)];
    return [{ specifier, form: "static", typeOnly, names: all, range }];
  });
}

const PATTERN_BEFORE = /\b(?:const|let|var)\s*\{([^{}=]*)\}\s*=\s*await\s+$/;
const MEMBER_AFTER = /^\s*\)\s*\??\.\s*([\w$]+)/;

/** The names of `const { a, b: c } = await import("x")` and `(await import("x")).a`, else all. */
function awaitedNames(text: string, start: number, end: number): string[] | "all" {
  const before = text.slice(Math.max(0, start - 500), start);
  const after = text.slice(end, end + 100);
  if (/\(\s*await\s+$/.test(before)) {
    const member = MEMBER_AFTER.exec(after)?.[1];
    return member === undefined ? "all" : [member];
  }
  const pattern = /^\s*[.[?]/.test(after) ? undefined : PATTERN_BEFORE.exec(before)?.[1];
  if (pattern === undefined) return "all";
  const names = pattern
    .split(",")
    .map((part) => part.replace(/:[^]*$/, "").trim())
    .filter((name) => name !== "");
  return names.every((name) => /^[\w$]+$/.test(name)) ? names : "all";
}

function isEmptyTypeImport(text: string, { start }: { start: number }): boolean {
  return /\bimport\s+type\s*\{\s*\}\s*from\s*$/.test(text.slice(Math.max(0, start - 60), start));
}

/** How often a name stands in a text, be it as a word of a comment: enough to know that it is not used. */
function occurrences(text: string, name: string): number {
  const escaped = name.replaceAll("$", "\\$");
  return text.match(new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`, "g"))?.length ?? 0;
}
