import type { XmlElement } from "@rgrove/parse-xml";
import type { Dependency } from "./model.ts";
import { child, children, readXml, textIn } from "./xml.ts";

const DEVELOPMENT_SCOPES = new Set(["test", "provided"]);

/**
 * pom.xml (maven.apache.org/pom.html). Properties are resolved within the file; what the parent or a bill of
 * materials decides has no version here. `${project.version}` is for packages of the repository.
 */
export function readPom(text: string): Dependency[] | undefined {
  const { root, lineOf } = readXml(text);
  if (root?.name !== "project") return undefined;
  const resolve = resolver(root);
  const found: Dependency[] = [];

  const add = (
    element: XmlElement,
    more: Pick<Dependency, "scope" | "section" | "role">,
    group?: string,
  ): void => {
    const groupId = resolve(textIn(element, "groupId")) ?? group;
    const artifactId = resolve(textIn(element, "artifactId"));
    const written = textIn(element, "version");
    if (groupId === undefined || artifactId === undefined || isOwn(groupId, written)) return;
    const version = resolve(written);
    const type = resolve(textIn(element, "type")) ?? "jar";
    const classifier = resolve(textIn(element, "classifier"));
    const kind = [type === "jar" ? undefined : type, classifier].filter((part) => part !== undefined);
    const name = [groupId, artifactId, ...kind].join(":");
    found.push({
      name,
      ...(version !== undefined && { version }),
      line: lineOf(element),
      direct: true,
      ...more,
    });
  };
  const dependencies = (
    parent: XmlElement | undefined,
    section?: string,
    scope?: Dependency["scope"],
  ): void => {
    for (const element of children(child(parent, "dependencies"), "dependency")) {
      const asked = textIn(element, "scope") ?? "compile";
      add(element, {
        scope: scope ?? (DEVELOPMENT_SCOPES.has(asked) ? "development" : "runtime"),
        ...(section !== undefined && { section, role: "pin" as const }),
      });
    }
  };
  const plugins = (parent: XmlElement | undefined, section?: string): void => {
    for (const element of children(child(parent, "plugins"), "plugin")) {
      const more = section === undefined ? {} : { section, role: "pin" as const };
      add(element, { scope: "development", ...more }, "org.apache.maven.plugins");
      dependencies(element, undefined, "development");
    }
  };

  const parent = child(root, "parent");
  if (parent) add(parent, { scope: "runtime", section: "parent" });
  for (const place of [root, ...children(child(root, "profiles"), "profile")]) {
    dependencies(place);
    dependencies(child(place, "dependencyManagement"), "managed");
    plugins(child(place, "build"));
    plugins(child(place, "build", "pluginManagement"), "managed plugin");
    for (const element of children(child(place, "build", "extensions"), "extension")) {
      add(element, { scope: "development", section: "extension" });
    }
  }
  return found;
}

function isOwn(groupId: string, version: string | undefined): boolean {
  return (
    /^\$\{(?:project|pom)\.groupId\}$/.test(groupId) ||
    /^\$\{(?:(?:project|pom)\.(?:parent\.)?version|revision)\}/.test(version ?? "")
  );
}

/** Replaces `${name}` by the file's properties; what it does not know stays as it is. */
function resolver(root: XmlElement): (text: string | undefined) => string | undefined {
  const properties = new Map<string, string>();
  for (const place of [...children(child(root, "profiles"), "profile"), root]) {
    for (const element of children(child(place, "properties")))
      properties.set(element.name, element.text.trim());
  }
  const parentVersion = textIn(root, "parent", "version");
  if (parentVersion !== undefined) properties.set("project.parent.version", parentVersion);
  return (text) => {
    let resolved = text;
    // A property may be written with others; five levels end a circle.
    for (let level = 0; level < 5 && resolved?.includes("${") === true && resolved.length < 1000; level++) {
      resolved = resolved.replace(/\$\{([^{}]+)\}/g, (whole, name: string) => properties.get(name) ?? whole);
    }
    return resolved;
  };
}
