import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dependencyChanges } from "./index.ts";
import type { DependencyChange } from "@yantra-lint/core";

interface Entry {
  name: string;
  version: string;
  development: boolean;
}

const settings = { seed: 20_261_122, numRuns: 150 };

const entries = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("a", "b", "long-name", "c.d", "__proto__", "constructor", "é"),
    version: fc.constantFrom("0.1.0", "0.2.0", "1.0.0", "1.2.0", "2.0.0-rc.1", "2.0.0"),
    development: fc.boolean(),
  }),
  { selector: ({ name }) => name },
);
const manyVersions = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("a", "b", "constructor"),
    version: fc.constantFrom("0.1.0", "0.2.0", "1.0.0", "1.2.0", "2.0.0"),
    development: fc.boolean(),
  }),
  { selector: ({ name, version }) => `${name}@${version}` },
);

const split = (all: Entry[]): [runtime: Entry[], development: Entry[]] => [
  all.filter(({ development }) => !development),
  all.filter(({ development }) => development),
];

/** How a set of dependencies is written in each format, with another blank here and there. */
const manifests: Record<string, (all: Entry[], blank: string) => string> = {
  "package.json": (all, blank) => {
    const section = (some: Entry[]): string =>
      `{${blank}${some.map(({ name, version }) => `${blank}"${name}":${blank}"^${version}"`).join(",")}}`;
    const [runtime, development] = split(all);
    return `{"devDependencies":${section(development)},"dependencies":${blank}${section(runtime)}}`;
  },
  "requirements.txt": (all, blank) =>
    all.map(({ name, version }) => `${blank}${name}${blank.replaceAll("\n", "")}==${version}\n`).join(blank),
  "Cargo.toml": (all, blank) => {
    const section = (some: Entry[]): string =>
      some.map(({ name, version }) => `${blank}"${name}" = "${version}"\n`).join("");
    const [runtime, development] = split(all);
    return `[dependencies]\n${section(runtime)}[dev-dependencies]\n${section(development)}`;
  },
  "go.mod": (all, blank) =>
    `module m\n${all.map(({ name, version }) => `require ${name} v${version}\n`).join(blank)}`,
  Dockerfile: (all, blank) => all.map(({ name, version }) => `FROM ${name}:${version}\n`).join(blank),
  Gemfile: (all, blank) =>
    all
      .map(
        ({ name, version, development }) =>
          `gem "${name}", "${version}"${development ? ", group: :test" : ""}\n`,
      )
      .join(blank),
};

const locks: Record<string, (all: Entry[], blank: string) => string> = {
  "Cargo.lock": (all, blank) =>
    all
      .map(({ name, version }) => `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "x"\n`)
      .join(blank),
  "yarn.lock": (all, blank) =>
    all.map(({ name, version }) => `${name}@^${version}:\n  version "${version}"\n`).join(blank),
  "pnpm-lock.yaml": (all, blank) => {
    const [runtime, development] = split(all);
    const section = (some: Entry[]): string =>
      some.map(({ name, version }) => `      ${name}:\n        version: ${version}\n`).join("");
    const keys = all.map(({ name, version }) => `  ${name}@${version}: {}\n`).join(blank);
    return (
      `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n${section(runtime.slice(0, 1))}` +
      `    devDependencies:\n${section(development.slice(0, 1))}packages:\n${keys}snapshots:\n${keys}`
    );
  },
};

function compared(path: string, before: string, after: string): DependencyChange[] | undefined {
  return dependencyChanges({ path, before, after });
}

function mirrored({ path, ecosystem, name, change, before, after, scope, direct }: DependencyChange): string {
  const other = { added: "removed", removed: "added" } as const;
  const turned = change === "added" || change === "removed" ? other[change] : change;
  return JSON.stringify([path, ecosystem, name, turned, after ?? "", before ?? "", scope, direct]);
}

function plain({ path, ecosystem, name, change, before, after, scope, direct }: DependencyChange): string {
  return JSON.stringify([path, ecosystem, name, change, before ?? "", after ?? "", scope, direct]);
}

const formats = [
  ...Object.entries(manifests).map(([path, write]) => ({ path, write, set: entries })),
  ...Object.entries(locks).map(([path, write]) => ({ path, write, set: manyVersions })),
];

describe.each(formats)("$path", ({ path, write, set }) => {
  it("has no change in the same set, whatever its order and format", () => {
    const shuffled = set.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.constantFrom("", "\n", "\n\n"),
        fc.boolean(),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([all, other, blank, crlf]) => {
        // What is asked for directly is part of what a lock file says: its order has to be that of the sections.
        const order = path === "pnpm-lock.yaml" ? all : other;
        const after = write(order, blank);
        expect(compared(path, write(all, ""), crlf ? after.replaceAll("\n", "\r\n") : after)).toEqual([]);
      }),
      settings,
    );
  });

  it("tells the way back as the way there, mirrored", () => {
    fc.assert(
      fc.property(set, set, (before, after) => {
        const there = compared(path, write(before, ""), write(after, ""));
        const back = compared(path, write(after, ""), write(before, ""));
        expect(there?.map(mirrored).sort()).toEqual(back?.map(plain).sort());
      }),
      settings,
    );
  });
});

describe("broken and hostile texts", () => {
  const paths = [
    ...Object.keys(manifests),
    ...Object.keys(locks),
    ...[
      "package-lock.json",
      "bun.lock",
      "pnpm-workspace.yaml",
      "pyproject.toml",
      "poetry.lock",
      "uv.lock",
      "Pipfile",
    ],
    ...[
      "Pipfile.lock",
      "pom.xml",
      "build.gradle",
      "libs.versions.toml",
      "gradle.lockfile",
      "Gemfile.lock",
      "mix.exs",
    ],
    ...["mix.lock", "composer.json", "composer.lock", "a.csproj", "packages.lock.json", "requirements.in"],
  ];

  it("are read or not, and never thrown at the caller", () => {
    const word = fc.constantFrom(
      ...[
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        '"',
        "'",
        ":",
        ",",
        "=",
        "\n",
        "  ",
        "é",
        "@",
        "/",
        "#",
        "<",
        ">",
        "<a>",
      ],
      ...[
        "dependencies",
        "package",
        "[[package]]",
        "FROM",
        "require",
        "gem",
        "version",
        "name",
        "1.0.0",
        "? ",
        "- ",
      ],
    );
    const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(""));
    fc.assert(
      fc.property(fc.constantFrom(...paths), text, text, (path, before, after) => {
        expect(compared(path, before, after) ?? []).toBeInstanceOf(Array);
      }),
      { ...settings, numRuns: 1500 },
    );
  });

  it.each(paths)("%s: long runs of one thing take no long time", (path) => {
    const start = performance.now();
    for (const run of [
      " ",
      "a",
      "(",
      "/*",
      "<<",
      "x: ",
      "\\\n",
      "'",
      '"',
      "${",
      "a-",
      "# ",
      "0.",
      "implementation(",
    ]) {
      const long = run.repeat(5000);
      for (const text of [
        long,
        `gem "a", ${long}`,
        `FROM ${long}`,
        `flask ${long}`,
        `{:a, "${long}`,
        `id '${long}`,
      ]) {
        compared(path, "", text);
      }
    }
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
