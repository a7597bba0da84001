import type { XmlElement } from "@rgrove/parse-xml";
import type { Dependency } from "./model.ts";
import { fieldsAt, readJson, textAt } from "./tree.ts";
import { children, readXml, textIn } from "./xml.ts";

/**
 * PackageReference of project files, PackageVersion of Directory.Packages.props (a table for the projects), and
 * `package` of packages.config (learn.microsoft.com/nuget/consume-packages).
 */
export function readProject(text: string): Dependency[] | undefined {
  const { root, lineOf } = readXml(text);
  if (root === null) return undefined;
  const found: Dependency[] = [];
  const visit = (element: XmlElement): void => {
    const { name: tag } = element;
    if (["PackageReference", "PackageVersion", "GlobalPackageReference", "package"].includes(tag)) {
      const { Include, Update, id } = element.attributes;
      const name = Include ?? Update ?? id;
      const { Version, VersionOverride, version: small } = element.attributes;
      const version = Version ?? VersionOverride ?? small ?? textIn(element, "Version");
      const internal = element.attributes["PrivateAssets"] ?? textIn(element, "PrivateAssets") ?? "";
      const development = /^all$/i.test(internal) || element.attributes["developmentDependency"] === "true";
      if (name !== undefined) {
        found.push({
          name,
          ...(version !== undefined && { version }),
          line: lineOf(element),
          scope: development ? "development" : "runtime",
          direct: true,
          ...(tag === "PackageVersion" && { role: "table" as const }),
        });
      }
    }
    for (const inner of children(element)) visit(inner);
  };
  visit(root);
  return found;
}

/** packages.lock.json: by target framework; `Project` is of the repository. */
export function readPackagesLock(text: string): Dependency[] | undefined {
  const root = readJson(text);
  if (root === undefined) return undefined;
  return [...fieldsAt(root, "dependencies")].flatMap(([, framework]) =>
    [...fieldsAt(framework)].flatMap(([name, entry]): Dependency[] => {
      const type = textAt(entry, "type");
      const version = textAt(entry, "resolved");
      if (type === "Project" || version === undefined) return [];
      return [{ name, version, line: entry.line, scope: "runtime", direct: type === "Direct" }];
    }),
  );
}
