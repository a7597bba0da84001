import { LONGEST_LINE, type Dependency } from "./model.ts";
import { at, fieldsAt, readToml, textAt, type Tree } from "./tree.ts";

/** gradle/libs.versions.toml (docs.gradle.org, "Version Catalogs"). */
export function readVersionCatalog(text: string): Dependency[] {
  const root = readToml(text);
  const versionOf = (entry: Tree): string | undefined => {
    const reference = textAt(entry, "version", "ref");
    const version = reference === undefined ? at(entry, "version") : at(root, "versions", reference);
    // A rich version: what is demanded, wished or at least asked for.
    return (
      version?.text ?? textAt(version, "strictly") ?? textAt(version, "require") ?? textAt(version, "prefer")
    );
  };
  const entries = (
    key: string,
    scope: Dependency["scope"],
    module: (entry: Tree) => string | undefined,
  ): Dependency[] =>
    [...fieldsAt(root, key)].flatMap(([alias, entry]): Dependency[] => {
      const short = coordinates(entry.text ?? "", key === "plugins");
      const name = short?.name ?? module(entry);
      const version = short ? short.version : versionOf(entry);
      if (name === undefined) return [];
      const known =
        scope === "runtime" && /(?:^|[-_.])test(?:ing|s)?(?:$|[-_.])/i.test(alias) ? "development" : scope;
      return [
        { name, ...(version !== undefined && { version }), line: entry.line, scope: known, direct: true },
      ];
    });
  return [
    ...entries("libraries", "runtime", (entry) => {
      const group = textAt(entry, "group");
      const name = textAt(entry, "name");
      return (
        textAt(entry, "module") ??
        (group !== undefined && name !== undefined ? `${group}:${name}` : undefined)
      );
    }),
    ...entries("plugins", "development", (entry) => textAt(entry, "id")),
  ];
}

function coordinates(text: string, plugin: boolean): { name: string; version?: string } | undefined {
  const [group, artifact, version] = text.split(":");
  if (group === undefined || artifact === undefined) return undefined;
  if (plugin) return { name: group, version: artifact };
  return { name: `${group}:${artifact}`, ...(version !== undefined && { version }) };
}

const CONFIGURATION =
  /\b([a-z]\w*|"[a-z]\w*")\s*(?:\(\s*)?(?:(?:platform|enforcedPlatform|kotlin|testFixtures)\s*\(\s*)?["']([\w.-]+:[\w.-]+(?::[^"':@\s]+)?)(?:[:@][^"']*)?["']/;
const NAMED =
  /\b([a-z]\w*)\s*(?:\(\s*)?group\s*[:=]\s*["']([\w.-]+)["']\s*,\s*name\s*[:=]\s*["']([\w.-]+)["'](?:\s*,\s*version\s*[:=]\s*["']?([^"',)\s]+))?/;
const PLUGIN = /\bid\s*\(?\s*["']([\w.-]+)["']\s*\)?\s*version\s*\(?\s*["']([^"']+)["']/;
const KOTLIN_PLUGIN = /\bkotlin\s*\(\s*["']([\w.-]+)["']\s*\)\s*version\s*\(?\s*["']([^"']+)["']/;
const VARIABLE = /\b([A-Za-z_]\w*)["']?\s*(?:\]\s*)?(?:=|by\s+extra\s*\()\s*["']([\w.+-]+)["']/;

/**
 * build.gradle and build.gradle.kts by their usual patterns: they are programs, and nothing but Gradle can say what
 * they do. Variables are looked up among the file's plain assignments; unknown ones stay as written.
 */
export function readGradle(text: string): Dependency[] {
  const lines = withoutComments(text).split("\n");
  const variables = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = line.length > LONGEST_LINE ? [] : (VARIABLE.exec(line) ?? []);
    if (name !== undefined && value !== undefined) variables.set(name, value);
  }
  const resolve = (version: string | undefined): string | undefined =>
    version
      ?.replace(
        /\$\{?(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)\}?/g,
        (whole, name: string) => variables.get(name) ?? whole,
      )
      .replace(/^[A-Za-z_]\w*$/, (name) => variables.get(name) ?? name);
  return lines.flatMap((line, index) => {
    const found = line.length > LONGEST_LINE ? undefined : readLine(line);
    if (found === undefined) return [];
    const version = resolve(found.version);
    return [{ ...found, ...(version !== undefined && { version }), line: index + 1, direct: true }];
  });
}

function readLine(line: string): Pick<Dependency, "name" | "version" | "scope"> | undefined {
  const [, plugin, pluginVersion] = PLUGIN.exec(line) ?? [];
  if (plugin !== undefined && pluginVersion !== undefined) {
    return { name: plugin, version: pluginVersion, scope: "development" };
  }
  const [, kotlin, kotlinVersion] = KOTLIN_PLUGIN.exec(line) ?? [];
  if (kotlin !== undefined && kotlinVersion !== undefined) {
    return { name: `org.jetbrains.kotlin.${kotlin}`, version: kotlinVersion, scope: "development" };
  }
  const [, named, group, artifact, namedVersion] = NAMED.exec(line) ?? [];
  if (named !== undefined && group !== undefined && artifact !== undefined) {
    const version = namedVersion === undefined ? {} : { version: namedVersion };
    return { name: `${group}:${artifact}`, ...version, scope: scopeOf(named) };
  }
  const [, configuration, written] = CONFIGURATION.exec(line) ?? [];
  const module = written === undefined ? undefined : coordinates(written, false);
  return module && configuration !== undefined
    ? { ...module, scope: scopeOf(configuration.replaceAll('"', "")) }
    : undefined;
}

/** `testImplementation`, `androidTestImplementation`, `classpath` of the build script. */
function scopeOf(configuration: string): Dependency["scope"] {
  return /^(?:test|androidTest|integrationTest|classpath|developmentOnly)|Test(?:Implementation|RuntimeOnly|CompileOnly|Api)$/.test(
    configuration,
  )
    ? "development"
    : "runtime";
}

/** Takes comments out, lines kept; strings (addresses have `//`) stay. */
function withoutComments(text: string): string {
  return text.replace(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\//g,
    (found) => (found.startsWith("/") ? found.replace(/[^\n]+/g, " ") : found),
  );
}

/** gradle.lockfile: `group:artifact:version=configurations` (docs.gradle.org, "Locking Versions"). */
export function readGradleLock(text: string): Dependency[] {
  return text.split("\n").flatMap((line, index): Dependency[] => {
    const [, name, version, configurations] = /^([\w.-]+:[\w.-]+):([^=\s]+)=(\S*)/.exec(line) ?? [];
    if (name === undefined || version === undefined) return [];
    const scope = (configurations ?? "").split(",").every((one) => /^(?:test|androidTest)|Test/.test(one))
      ? "development"
      : "runtime";
    return [{ name, version, line: index + 1, scope, direct: false }];
  });
}
