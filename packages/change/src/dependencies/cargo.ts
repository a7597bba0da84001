import type { Dependency } from "./model.ts";
import { at, fieldsAt, readLockedPackages, readToml, textAt, type Tree } from "./tree.ts";

const SECTIONS: readonly { key: string; scope: Dependency["scope"] }[] = [
  { key: "dependencies", scope: "runtime" },
  // What a build script uses decides what is built.
  { key: "build-dependencies", scope: "runtime" },
  { key: "dev-dependencies", scope: "development" },
  { key: "dev_dependencies", scope: "development" },
  { key: "build_dependencies", scope: "runtime" },
];

/** Cargo.toml (The Cargo Book, "Specifying Dependencies", "Workspaces", "Overriding Dependencies"). */
export function readCargoToml(text: string): Dependency[] {
  const root = readToml(text);
  const places = [root, ...[...fieldsAt(root, "target")].map(([, target]) => target)];
  const asked = places.flatMap((place) =>
    SECTIONS.flatMap(({ key, scope }) => entriesOf(at(place, key), scope, {})),
  );
  const patches = [...fieldsAt(root, "patch")].flatMap(([registry, table]) =>
    entriesOf(table, "runtime", { section: `patch ${registry}`, role: "pin" }),
  );
  return [
    ...asked,
    ...entriesOf(at(root, "workspace", "dependencies"), "runtime", { section: "workspace", role: "table" }),
    ...patches,
  ];
}

function entriesOf(
  table: Tree | undefined,
  scope: Dependency["scope"],
  more: Pick<Dependency, "section" | "role">,
): Dependency[] {
  return [...fieldsAt(table)].flatMap(([key, entry]): Dependency[] => {
    // A path leads to a package of the repository, also where a version for publishing stands beside it.
    if (at(entry, "path")) return [];
    const version = entry.text ?? versionOf(entry);
    return [
      {
        name: textAt(entry, "package") ?? key,
        ...(version !== undefined && { version }),
        line: entry.line,
        scope,
        direct: true,
        ...more,
      },
    ];
  });
}

function versionOf(entry: Tree): string | undefined {
  const git = textAt(entry, "git");
  if (git === undefined) return textAt(entry, "version");
  const commit = textAt(entry, "rev") ?? textAt(entry, "tag") ?? textAt(entry, "branch");
  return commit === undefined ? git : `${git}#${commit}`;
}

/** Cargo.lock: packages without a source are the repository's, and list what they ask for. */
export function readCargoLock(text: string): Dependency[] | undefined {
  const packages = readLockedPackages(text);
  if (packages === undefined) return undefined;
  const direct = new Set<string>();
  for (const { values } of packages) {
    if (values["source"] !== undefined || !Array.isArray(values["dependencies"])) continue;
    for (const dependency of values["dependencies"]) {
      // `name`, and where there are several of it `name version`, or `name version (source)`.
      if (typeof dependency === "string") direct.add(dependency.split(" ").slice(0, 2).join(" "));
    }
  }
  return packages.flatMap(({ line, values: { name, version, source } }): Dependency[] => {
    if (typeof name !== "string" || typeof version !== "string" || typeof source !== "string") return [];
    return [
      {
        name,
        version: source.startsWith("git+") ? `${version} (${source})` : version,
        line,
        scope: "runtime",
        direct: direct.has(name) || direct.has(`${name} ${version}`),
      },
    ];
  });
}
