import type { Dependency } from "./model.ts";
import { at, fieldsAt, readJson, readYaml, textAt, type Tree } from "./tree.ts";

const SECTIONS: readonly { key: string; scope: Dependency["scope"]; section?: string }[] = [
  { key: "dependencies", scope: "runtime" },
  { key: "optionalDependencies", scope: "runtime" },
  { key: "devDependencies", scope: "development" },
  { key: "peerDependencies", scope: "runtime", section: "peer" },
];

/** Packages of the same repository: no dependency on somebody else. */
const OWN = /^(?:workspace|file|link|portal):/;

/** package.json (docs.npmjs.com, "package.json"; pnpm.io/package_json; yarnpkg.com, "Manifest"). */
export function readPackageJson(text: string): Dependency[] | undefined {
  const root = readJson(text);
  if (root === undefined) return undefined;
  const found = SECTIONS.flatMap(({ key, scope, section }) =>
    [...fieldsAt(root, key)].flatMap(([name, { text: version, line }]) =>
      version === undefined ? [] : dependency(name, version, line, scope, section),
    ),
  );
  return [
    ...found,
    ...overridesOf(at(root, "overrides")),
    ...overridesOf(at(root, "resolutions")),
    ...overridesOf(at(root, "pnpm", "overrides")),
    ...toolsOf(root),
  ];
}

/** pnpm-workspace.yaml: catalogs and overrides (pnpm.io/pnpm-workspace_yaml, pnpm.io/catalogs). */
export function readPnpmWorkspace(text: string): Dependency[] | undefined {
  const root = readYaml(text);
  if (root === undefined) return undefined;
  const catalogs: [string, Iterable<[string, Tree]>][] = [
    ["default", fieldsAt(root, "catalog")],
    ...[...fieldsAt(root, "catalogs")].map(([name, table]): [string, Iterable<[string, Tree]>] => [
      name,
      fieldsAt(table),
    ]),
  ];
  const entries = catalogs.flatMap(([catalog, table]) =>
    [...table].flatMap(([name, { text: version, line }]) =>
      version === undefined ? [] : dependency(name, version, line, "runtime", `catalog ${catalog}`),
    ),
  );
  return [
    ...entries.map((entry): Dependency => ({ ...entry, role: "table" })),
    ...overridesOf(at(root, "overrides")),
  ];
}

function dependency(
  name: string,
  range: string,
  line: number,
  scope: Dependency["scope"],
  section: string | undefined,
): Dependency[] {
  const asked = range.trim().replace(/\s+/g, " ");
  if (OWN.test(asked)) return [];
  const { alias, version, target } = readAlias(name, asked);
  const apart = [section, alias].filter((part) => part !== undefined).join(" ");
  return [{ name: target, version, line, scope, direct: true, ...(apart !== "" && { section: apart }) }];
}

/** `npm:other@^1`: what is installed is `other`. Yarn writes `npm:^1` for the package itself. */
function readAlias(name: string, range: string): { target: string; version: string; alias?: string } {
  if (!range.startsWith("npm:")) return { target: name, version: range };
  const behind = range.slice("npm:".length);
  const separator = behind.indexOf("@", 1);
  if (separator === -1) {
    return /^[\d^~<>=*v]/.test(behind)
      ? { target: name, version: behind }
      : { target: behind, version: "*", alias: name };
  }
  const target = behind.slice(0, separator);
  const version = behind.slice(separator + 1);
  return target === name ? { target, version } : { target, version, alias: name };
}

/** Overrides pin what others ask for; npm nests them by the asking package. */
function overridesOf(table: Tree | undefined, within = ""): Dependency[] {
  return [...fieldsAt(table)].flatMap(([selector, value]): Dependency[] => {
    const path = within === "" ? selector : `${within}>${selector}`;
    if (value.fields) return overridesOf(value, path);
    if (value.text === undefined) return [];
    const name = selectedName(selector === "." ? within : selector);
    return dependency(name, value.text, value.line, "runtime", `override ${path}`).map((entry) => ({
      ...entry,
      role: "pin",
    }));
  });
}

/** `a>b@^1`, `a/b`, `@scope/b@2`: the package a selector ends with, without its range. */
function selectedName(selector: string): string {
  // The `>` of `b@>=1` belongs to a range.
  const [last = selector] = selector.split(/>(?![=\s\d])/).slice(-1);
  return /(?:^|\/)((?:@[^/@]+\/)?[^/@]+)(?:@[^/]*)?$/.exec(last.trim())?.[1] ?? last.trim();
}

/** The programs a package runs with: `packageManager` (nodejs.org, Corepack) and `engines.node`. */
function toolsOf(root: Tree): Dependency[] {
  const tools: Dependency[] = [];
  const manager = at(root, "packageManager");
  const [, name, version] = /^([^@]+)@([^+]+)/.exec(manager?.text ?? "") ?? [];
  if (manager && name !== undefined && version !== undefined) {
    tools.push(tool(name, version, manager.line, "development"));
  }
  const node = textAt(root, "engines", "node");
  if (node !== undefined) tools.push(tool("node", node, at(root, "engines", "node")?.line ?? 1, "runtime"));
  return tools;
}

function tool(name: string, version: string, line: number, scope: Dependency["scope"]): Dependency {
  return { name, version, line, scope, direct: true, section: "tool", role: "pin" };
}
