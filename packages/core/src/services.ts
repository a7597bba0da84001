import type { FactIndex } from "./facts.ts";
import type { PackageFact } from "./module-facts.ts";
import type { WorkspaceSettings } from "./rule.ts";

/** Which directory's code runs in an image. */
export interface Service {
  /** For messages: the package's name, or the directory. */
  name: string;
  directory: string;
  package: PackageFact | undefined;
}

/** An image reference without registry port confusion, tag and digest: `ghcr.io/shop/api:1.2` → `ghcr.io/shop/api`. */
function imageName(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}

function globMatches(pattern: string, text: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`).test(text);
}

const lastSegment = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/**
 * The service an image is built from: by `services` in the configuration, else the only package of the repository
 * whose name (without scope) or directory is called like the image. Undefined when that is not certain.
 */
export function serviceOf(image: string, facts: FactIndex, settings: WorkspaceSettings): Service | undefined {
  const name = imageName(image);
  const packages = facts.of("package");
  const configured = settings.services.find((service) => globMatches(imageName(service.image), name));
  if (configured) {
    const directory = configured.path.replace(/^\.(?:\/|$)|\/+$/g, "");
    const own = packages.find((candidate) => candidate.directory === directory);
    return { name: [own?.name, directory, name].find((word) => word) ?? name, directory, package: own };
  }
  const called = lastSegment(name);
  if (called === "" || /[{}$]/.test(image)) return undefined;
  const [own, ...others] = packages.filter(
    (candidate) => lastSegment(candidate.name) === called || lastSegment(candidate.directory) === called,
  );
  if (!own || others.length > 0) return undefined;
  return { name: own.name === "" ? own.directory : own.name, directory: own.directory, package: own };
}
