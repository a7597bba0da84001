import { readCargoLock, readCargoToml } from "./cargo.ts";
import { readComposerJson, readComposerLock } from "./composer.ts";
import { readDockerfile } from "./dockerfile.ts";
import { readGemfile, readGemfileLock } from "./gems.ts";
import { readGoMod } from "./go-mod.ts";
import { readGradle, readGradleLock, readVersionCatalog } from "./gradle.ts";
import { readPom } from "./maven.ts";
import { readMix, readMixLock } from "./mix.ts";
import type { Format, Reader } from "./model.ts";
import { readBunLock, readPackageLock } from "./npm-lock.ts";
import { readPackageJson, readPnpmWorkspace } from "./npm-manifest.ts";
import { readPackagesLock, readProject } from "./nuget.ts";
import { readPnpmLock } from "./pnpm-lock.ts";
import { readPipfile, readPipfileLock, readPoetryLock, readPyproject, readUvLock } from "./pyproject.ts";
import { readRequirements } from "./requirements.ts";
import { readYarnLock } from "./yarn-lock.ts";

const manifest = (ecosystem: string, read: Reader): Format => ({ ecosystem, lock: false, read });
const lock = (ecosystem: string, read: Reader): Format => ({ ecosystem, lock: true, read });

/** By file name. */
const BY_NAME = new Map<string, Format>([
  ["package.json", manifest("npm", readPackageJson)],
  ["pnpm-workspace.yaml", manifest("npm", readPnpmWorkspace)],
  ["package-lock.json", lock("npm", readPackageLock)],
  ["npm-shrinkwrap.json", lock("npm", readPackageLock)],
  ["pnpm-lock.yaml", lock("npm", readPnpmLock)],
  ["yarn.lock", lock("npm", readYarnLock)],
  ["bun.lock", lock("npm", readBunLock)],
  // Binary: it changed, and nobody can say how.
  ["bun.lockb", lock("npm", () => undefined)],
  ["go.mod", manifest("go", readGoMod)],
  // Checksums of all versions that were ever looked at: go.mod says which is used.
  ["go.sum", lock("go", () => [])],
  ["pyproject.toml", manifest("pypi", readPyproject)],
  ["poetry.lock", lock("pypi", readPoetryLock)],
  ["uv.lock", lock("pypi", readUvLock)],
  ["Pipfile", manifest("pypi", readPipfile)],
  ["Pipfile.lock", lock("pypi", readPipfileLock)],
  ["pom.xml", manifest("maven", readPom)],
  ["build.gradle", manifest("maven", readGradle)],
  ["build.gradle.kts", manifest("maven", readGradle)],
  ["settings.gradle", manifest("maven", readGradle)],
  ["settings.gradle.kts", manifest("maven", readGradle)],
  ["gradle.lockfile", lock("maven", readGradleLock)],
  ["Cargo.toml", manifest("cargo", readCargoToml)],
  ["Cargo.lock", lock("cargo", readCargoLock)],
  ["Gemfile", manifest("rubygems", readGemfile)],
  ["gems.rb", manifest("rubygems", readGemfile)],
  ["Gemfile.lock", lock("rubygems", readGemfileLock)],
  ["gems.locked", lock("rubygems", readGemfileLock)],
  ["composer.json", manifest("composer", readComposerJson)],
  ["composer.lock", lock("composer", readComposerLock)],
  ["packages.config", manifest("nuget", readProject)],
  ["packages.lock.json", lock("nuget", readPackagesLock)],
  ["mix.exs", manifest("hex", readMix)],
  ["mix.lock", lock("hex", readMixLock)],
]);

/** By a pattern of the path. */
const BY_PATTERN: readonly [RegExp, Format][] = [
  [
    /(?:^|[/._-])(?:requirements?|constraints?)(?:[._-][^/]*)?\.(?:txt|in)$/i,
    manifest("pypi", readRequirements),
  ],
  [/(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/i, manifest("pypi", readRequirements)],
  [/(?:^|\/)(?:Docker|Container)file(?:\.(?!dockerignore$)[^/]+)?$/i, manifest("image", readDockerfile)],
  [/[^/]\.(?:docker|container)file$/i, manifest("image", readDockerfile)],
  [/\.versions\.toml$/, manifest("maven", readVersionCatalog)],
  [/\.gemspec$/, manifest("rubygems", readGemfile)],
  [
    /\.(?:cs|fs|vb)proj$|(?:^|\/)Directory\.(?:Packages|Build)\.(?:props|targets)$/i,
    manifest("nuget", readProject),
  ],
];

/** How a path's dependencies are read; undefined for what is no such file. */
export function formatOf(path: string): Format | undefined {
  // What was copied in from others, with its own manifests.
  if (/(?:^|\/)(?:node_modules|vendor)\//.test(path)) return undefined;
  return (
    BY_NAME.get(path.slice(path.lastIndexOf("/") + 1)) ??
    BY_PATTERN.find(([pattern]) => pattern.test(path))?.[1]
  );
}
