import { scopeOfName, type Dependency } from "./model.ts";
import { isLocal, normalClauses, normalName, readRequirement } from "./python-requirement.ts";
import {
  at,
  fieldsAt,
  isTable,
  itemsAt,
  readJson,
  readLockedPackages,
  readToml,
  textAt,
  type Tree,
} from "./tree.ts";

/** pyproject.toml: PEP 621, PEP 735's groups, and the tables of Poetry, uv and PDM. */
export function readPyproject(text: string): Dependency[] {
  const root = readToml(text);
  const sources = at(root, "tool", "uv", "sources");
  const found = [
    ...requirements(itemsAt(root, "project", "dependencies"), "runtime"),
    ...groups(at(root, "project", "optional-dependencies"), scopeOfName),
    ...groups(at(root, "dependency-groups"), scopeOfName),
    ...groups(at(root, "tool", "pdm", "dev-dependencies"), () => "development"),
    ...requirements(itemsAt(root, "tool", "uv", "dev-dependencies"), "development"),
    ...requirements(itemsAt(root, "build-system", "requires"), "development"),
    ...pins(itemsAt(root, "tool", "uv", "override-dependencies")),
    ...pins(itemsAt(root, "tool", "uv", "constraint-dependencies")),
    ...poetry(at(root, "tool", "poetry")),
    ...python(at(root, "project", "requires-python")),
  ];
  return found.flatMap((dependency): Dependency[] => {
    const source = sourceOf(sources, dependency.name);
    if (source === undefined) return [dependency];
    return source.own ? [] : [{ ...dependency, version: source.address }];
  });
}

function requirements(items: readonly Tree[], scope: Dependency["scope"]): Dependency[] {
  return items.flatMap(({ text, line }): Dependency[] => {
    const requirement = text === undefined ? undefined : readRequirement(text);
    if (requirement === undefined || isLocal(requirement.version)) return [];
    return [{ ...requirement, line, scope, direct: true }];
  });
}

function groups(table: Tree | undefined, scopeOf: (name: string) => Dependency["scope"]): Dependency[] {
  return [...fieldsAt(table)].flatMap(([name, group]) => requirements(group.items ?? [], scopeOf(name)));
}

function pins(items: readonly Tree[]): Dependency[] {
  return requirements(items, "runtime").map((entry) => ({ ...entry, section: "override", role: "pin" }));
}

function python(asked: Tree | undefined): Dependency[] {
  if (asked?.text === undefined) return [];
  const version = normalClauses(asked.text);
  return [
    {
      name: "python",
      version,
      line: asked.line,
      scope: "runtime",
      direct: true,
      section: "tool",
      role: "pin",
    },
  ];
}

/** python-poetry.org/docs/pyproject: `dependencies`, groups, and the older `dev-dependencies`. */
function poetry(table: Tree | undefined): Dependency[] {
  return [
    ...poetryTable(at(table, "dependencies"), "runtime"),
    ...poetryTable(at(table, "dev-dependencies"), "development"),
    ...[...fieldsAt(table, "group")].flatMap(([name, group]) =>
      poetryTable(at(group, "dependencies"), scopeOfName(name)),
    ),
  ];
}

function poetryTable(table: Tree | undefined, scope: Dependency["scope"]): Dependency[] {
  return [...fieldsAt(table)].flatMap(([name, value]): Dependency[] => {
    if (name === "python") return python(value);
    return (value.items ?? [value]).flatMap((one): Dependency[] => {
      if (at(one, "path")) return [];
      const address = textAt(one, "git") ?? textAt(one, "url");
      const commit = textAt(one, "rev") ?? textAt(one, "tag") ?? textAt(one, "branch") ?? "";
      const asked = one.text ?? textAt(one, "version") ?? "*";
      const version = address === undefined ? normalClauses(asked) : `${address}@${commit}`;
      return [{ name: normalName(name), version, line: value.line, scope, direct: true }];
    });
  });
}

/** docs.astral.sh/uv/concepts/projects/dependencies: where a name comes from, if not from an index. */
function sourceOf(sources: Tree | undefined, name: string): { own: boolean; address: string } | undefined {
  for (const [key, value] of fieldsAt(sources)) {
    if (normalName(key) !== name) continue;
    const source = value.items?.[0] ?? value;
    if (at(source, "workspace") ?? at(source, "path")) return { own: true, address: "" };
    const address = textAt(source, "git") ?? textAt(source, "url");
    if (address === undefined) continue;
    const commit = textAt(source, "rev") ?? textAt(source, "tag") ?? textAt(source, "branch") ?? "";
    return { own: false, address: `${address}@${commit}` };
  }
  return undefined;
}

/** poetry.lock: `category` (Poetry before 1.5) or `groups` (2.0 on) say what a package is for. */
export function readPoetryLock(text: string): Dependency[] | undefined {
  return readLockedPackages(text)?.flatMap(({ line, values }): Dependency[] => {
    const { name, version, category, groups: inGroups, source } = values;
    if (typeof name !== "string" || typeof version !== "string") return [];
    if (isTable(source) && source["type"] === "directory") return [];
    const names = Array.isArray(inGroups) ? inGroups.filter((group) => typeof group === "string") : [];
    const scope =
      category === "dev" || (names.length > 0 && names.every((group) => scopeOfName(group) === "development"))
        ? "development"
        : "runtime";
    const commit = isTable(source) && source["type"] === "git" ? source["resolved_reference"] : undefined;
    const shown = typeof commit === "string" ? `${version}@${commit}` : version;
    return [{ name: normalName(name), version: shown, line, scope, direct: false }];
  });
}

/** uv.lock: packages of the repository list what they ask for (docs.astral.sh/uv/concepts/projects/layout). */
export function readUvLock(text: string): Dependency[] | undefined {
  const packages = readLockedPackages(text);
  if (packages === undefined) return undefined;
  const own = packages.filter(({ values }) => isOwn(values["source"]));
  const direct = new Set(
    own.flatMap(({ values }) => [...namesIn(values["dependencies"]), ...namesInGroups(values)]),
  );
  const dependencies = new Map(
    packages.map(({ values }) => [
      String(values["name"]),
      [...namesIn(values["dependencies"]), ...tablesOf(values["optional-dependencies"]).flatMap(namesIn)],
    ]),
  );
  const runtime = new Set<string>();
  const pending = own.map(({ values }) => String(values["name"]));
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (runtime.has(name)) continue;
    runtime.add(name);
    pending.push(...(dependencies.get(name) ?? []));
  }
  return packages.flatMap(({ line, values }): Dependency[] => {
    const { name, version, source } = values;
    if (typeof name !== "string" || isOwn(source)) return [];
    const git = isTable(source) && typeof source["git"] === "string" ? source["git"] : undefined;
    const shown = git ?? (typeof version === "string" ? version : "*");
    const scope = own.length === 0 || runtime.has(name) ? "runtime" : "development";
    return [{ name: normalName(name), version: shown, line, scope, direct: direct.has(name) }];
  });
}

function isOwn(source: unknown): boolean {
  return isTable(source) && ["editable", "virtual", "directory"].some((kind) => kind in source);
}

function tablesOf(table: unknown): unknown[] {
  return isTable(table) ? Object.values(table) : [];
}

function namesInGroups(values: Readonly<Record<string, unknown>>): string[] {
  return [...tablesOf(values["dev-dependencies"]), ...tablesOf(values["optional-dependencies"])].flatMap(
    namesIn,
  );
}

function namesIn(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) =>
    isTable(entry) && typeof entry["name"] === "string" ? [entry["name"]] : [],
  );
}

/** Pipfile (pipenv.pypa.io, "Pipfile & Pipfile.lock"). */
export function readPipfile(text: string): Dependency[] {
  const root = readToml(text);
  return [
    ...poetryTable(at(root, "packages"), "runtime"),
    ...poetryTable(at(root, "dev-packages"), "development"),
    ...python(at(root, "requires", "python_version")),
  ];
}

/** Pipfile.lock; does not say what is asked for directly. */
export function readPipfileLock(text: string): Dependency[] | undefined {
  const root = readJson(text);
  if (root === undefined) return undefined;
  const section = (key: string, scope: Dependency["scope"]): Dependency[] =>
    [...fieldsAt(root, key)].flatMap(([name, entry]): Dependency[] => {
      if (at(entry, "path")) return [];
      const version = textAt(entry, "version")?.replace(/^==/, "") ?? textAt(entry, "ref") ?? "*";
      return [{ name: normalName(name), version, line: entry.line, scope, direct: false }];
    });
  return [...section("default", "runtime"), ...section("develop", "development")];
}
