import type { Dependency } from "./model.ts";
import { fieldsAt, itemsAt, readJson, textAt } from "./tree.ts";

/** PHP itself, its extensions and libraries are no packages (getcomposer.org/doc/01-basic-usage.md, platform packages). */
const PLATFORM = /^(?:php(?:-.*)?|hhvm|ext-.+|lib-.+|composer(?:-.*)?)$/;

/** composer.json (getcomposer.org/doc/04-schema.md). */
export function readComposerJson(text: string): Dependency[] | undefined {
  const root = readJson(text);
  if (root === undefined) return undefined;
  const section = (key: string, scope: Dependency["scope"]): Dependency[] =>
    [...fieldsAt(root, key)].flatMap(([name, { text: asked, line }]): Dependency[] => {
      if (asked === undefined || (PLATFORM.test(name) && name !== "php")) return [];
      const version = asked.trim().replace(/\s+/g, " ");
      return [
        {
          name: name.toLowerCase(),
          version,
          line,
          scope,
          direct: true,
          ...(name === "php" && { role: "pin" as const }),
        },
      ];
    });
  return [...section("require", "runtime"), ...section("require-dev", "development")];
}

/** composer.lock; does not say what is asked for directly. */
export function readComposerLock(text: string): Dependency[] | undefined {
  const root = readJson(text);
  if (root === undefined) return undefined;
  const section = (key: string, scope: Dependency["scope"]): Dependency[] =>
    itemsAt(root, key).flatMap((entry): Dependency[] => {
      const name = textAt(entry, "name");
      const version = textAt(entry, "version");
      if (name === undefined || version === undefined || textAt(entry, "dist", "type") === "path") return [];
      const commit = /^dev-|-dev$/.test(version) ? `#${textAt(entry, "source", "reference") ?? ""}` : "";
      const line = entry.fields?.get("name")?.line ?? entry.line;
      return [{ name: name.toLowerCase(), version: version + commit, line, scope, direct: false }];
    });
  return [...section("packages", "runtime"), ...section("packages-dev", "development")];
}
