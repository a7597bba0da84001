import { describe, expect, it } from "vitest";
import { lines, told } from "./dependencies.fixture.ts";

describe("package.json", () => {
  const manifest = (body: object): string => JSON.stringify(body, null, 2);

  it.each([
    ["^0.2.1", "^0.3.0", "major"],
    ["^1.2.1", "~1.9.0", "minor"],
    ["0.0.3", "0.0.4", "major"],
    ["2.0.0-rc.1", "2.0.0", "minor"],
    ["3.1.0", "2.9.0", "major"],
    [">=1.2 <3", ">=1.4 <4", "minor"],
    ["1.x || 2.x", "2.x", "major"],
    ["1.2.3 - 1.9.0", "1.3.0 - 1.9.0", "minor"],
    ["^1.0.0", "*", "unclear"],
    ["^1.0.0", "latest", "unclear"],
    ["next", "latest", "unclear"],
    ["^1.0.0", "catalog:", "unclear"],
    ["<2", "<3", "unclear"],
    ["^1.0.0", "git+https://example.test/é.git#1234567", "unclear"],
    ["^1.0.0", "someone/repository", "unclear"],
    ["^1.0.0", "https://example.test/é-1.0.0.tgz", "unclear"],
  ])("takes %s → %s for %s", (before, after, change) => {
    expect(
      told(
        "package.json",
        manifest({ dependencies: { é: before } }),
        manifest({ name: "läden", dependencies: { é: after } }),
      ),
    ).toEqual([`4 ${change} é ${before} → ${after}`]);
  });

  it("tells sections apart", () => {
    const before = manifest({
      dependencies: { kept: "^1.0.0", gone: "^1.0.0", shipped: "^1.0.0" },
      devDependencies: { tool: "^1.0.0", promoted: "^2.0.0" },
      peerDependencies: { kept: ">=1" },
    });
    const after = manifest({
      dependencies: { kept: "^1.0.0", promoted: "^2.0.0" },
      devDependencies: { tool: "^2.0.0", shipped: "^1.0.0" },
      peerDependencies: { kept: ">=2" },
      optionalDependencies: { fresh: "^1.0.0" },
    });
    expect(told("a/package.json", before, after)).toEqual([
      "4 removed gone ^1.0.0 → -",
      "4 added promoted - → ^2.0.0",
      "5 removed shipped ^1.0.0 → -",
      "7 major tool ^1.0.0 → ^2.0.0 (development)",
      "11 major kept >=1 → >=2",
      "14 added fresh - → ^1.0.0",
    ]);
  });

  it("leaves packages of the repository alone", () => {
    const before = manifest({
      dependencies: { own: "workspace:^1", other: "file:../other", third: "link:../x" },
    });
    const after = manifest({ dependencies: { own: "workspace:^2", fresh: "workspace:*" } });
    expect(told("package.json", before, after)).toEqual([]);
    expect(told("package.json", before, manifest({ dependencies: { own: "^1.0.0" } }))).toEqual([
      "3 added own - → ^1.0.0",
    ]);
  });

  it("looks behind aliases", () => {
    const before = manifest({ dependencies: { old: "npm:wrap@^7.0.0", same: "npm:same@^1.0.0" } });
    const after = manifest({ dependencies: { old: "npm:wrap@^8.0.0", same: "^1.0.0" } });
    expect(told("package.json", before, after)).toEqual(["3 major wrap ^7.0.0 → ^8.0.0"]);
    expect(
      told(
        "package.json",
        before,
        manifest({ dependencies: { old: "npm:@scope/other@^8.0.0", same: "^1.0.0" } }),
      ),
    ).toEqual(["3 added @scope/other - → ^8.0.0", "3 removed wrap ^7.0.0 → -"]);
  });

  it("takes overrides, the package manager and the engine for pins", () => {
    const before = manifest({
      packageManager: "pnpm@9.1.0+sha512.abc",
      engines: { node: ">=18" },
      overrides: { parent: { child: "1.0.0" } },
      pnpm: { overrides: { "a>b@>=1": "2.0.0" } },
    });
    const after = manifest({
      packageManager: "pnpm@10.0.0+sha512.def",
      engines: { node: ">=20" },
      overrides: { parent: { child: "2.0.0" } },
      pnpm: { overrides: { "a>b@>=1": "2.0.1" } },
      resolutions: { "**/@scope/deep": "1.0.0" },
    });
    expect(told("package.json", before, after)).toEqual([
      "2 major pnpm 9.1.0 → 10.0.0 (development)",
      "4 major node >=18 → >=20",
      "8 major child 1.0.0 → 2.0.0",
      "13 minor b 2.0.0 → 2.0.1",
      "17 unclear @scope/deep - → 1.0.0",
    ]);
  });

  it("is not led astray by keys that objects know, by CRLF or by order", () => {
    const before = '{"dependencies":{"__proto__":"^1.0.0","constructor":"^1.0.0","b":"1.0.0"}}';
    const after =
      '\uFEFF{\r\n"dependencies": {\r\n"b": "1.0.0",\r\n"constructor": "^1.0.0",\r\n"__proto__": "^2.0.0"}}';
    expect(told("package.json", before, after)).toEqual(["5 major __proto__ ^1.0.0 → ^2.0.0"]);
  });

  it("is undefined for what is broken, and [] for what is no such file", () => {
    expect(told("package.json", "{}", '{"dependencies": {')).toBeUndefined();
    expect(told("package.json", "[]", "{}")).toBeUndefined();
    expect(told("package.json", "{}", "[".repeat(100_000))).toBeUndefined();
    expect(told("src/index.ts", "a", "b")).toEqual([]);
    expect(told("node_modules/a/package.json", "{", "{")).toEqual([]);
  });
});

describe("pnpm-workspace.yaml", () => {
  it("reads catalogs as tables and overrides as pins", () => {
    const before = lines(
      "packages:",
      "  - packages/*",
      "catalog:",
      "  react: ^18.0.0 # é",
      "  gone: ^1.0.0",
      "catalogs:",
      "  alt:",
      '    react: "^17.0.0"',
    );
    const after = lines(
      "catalogs:",
      "  alt: { react: ^17.1.0 }",
      "catalog:",
      "  react: ^19.0.0",
      "  fresh: ^1.0.0",
      "overrides:",
      "  zod: 1.10",
    );
    expect(told("pnpm-workspace.yaml", before, after)).toEqual([
      "2 minor react ^17.0.0 → ^17.1.0",
      "4 major react ^18.0.0 → ^19.0.0",
      "7 unclear zod - → 1.10",
    ]);
    expect(told("pnpm-workspace.yaml", before, "a: [")).toBeUndefined();
  });
});

describe("package-lock.json", () => {
  const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages }, null, 1);

  it("tells what is asked for from what comes along", () => {
    const before = lock({
      "": { dependencies: { a: "^1.0.0" } },
      web: { name: "web", devDependencies: { b: "^2.0.0" } },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "3.0.0" },
      "web/node_modules/b": { version: "2.0.0", dev: true },
      "node_modules/web": { resolved: "web", link: true },
      "node_modules/a/node_modules/b": { version: "1.0.0" },
    });
    const after = lock({
      "": { dependencies: { a: "^1.0.0" } },
      web: { name: "web", devDependencies: { b: "^2.0.0" } },
      "node_modules/a": { version: "1.1.0" },
      "node_modules/b": { version: "3.0.0" },
      "web/node_modules/b": { version: "2.2.0", dev: true },
      "node_modules/@scope/c": { version: "1.0.0" },
      "node_modules/a/node_modules/b": { version: "4.0.0" },
    });
    expect(told("package-lock.json", before, after)).toEqual([
      "15 minor a 1.0.0 → 1.1.0",
      "21 minor b 2.0.0 → 2.2.0 (development)",
      "25 added @scope/c - → 1.0.0 (transitive)",
      "28 major b 1.0.0 → 4.0.0 (transitive)",
    ]);
  });

  it("reads version 1", () => {
    const lockOne = (version: string): string =>
      JSON.stringify(
        { dependencies: { a: { version: "1.0.0", dependencies: { b: { version, dev: true } } } } },
        null,
        1,
      );
    expect(told("npm-shrinkwrap.json", lockOne("1.0.0"), lockOne("2.0.0"))).toEqual([
      "6 major b 1.0.0 → 2.0.0 (development) (transitive)",
    ]);
  });
});

describe("bun.lock", () => {
  it("reads JSON with commas at the end", () => {
    const lock = (left: string, deep: string): string =>
      lines(
        "{",
        '  "lockfileVersion": 1,',
        '  "workspaces": { "": { "name": "é", "devDependencies": { "left": "^1.0.0" } } },',
        '  "packages": {',
        `    "left": ["left@${left}", "", {}, "sha512-x"],`,
        `    "left/deep": ["deep@${deep}", "", {}, "sha512-y"],`,
        '    "own": ["own@workspace:own"],',
        "  },",
        "}",
      );
    expect(told("bun.lock", lock("1.0.0", "2.0.0"), lock("1.0.1", "3.0.0"))).toEqual([
      "5 minor left 1.0.0 → 1.0.1 (development)",
      "6 major deep 2.0.0 → 3.0.0 (transitive)",
    ]);
    expect(told("bun.lockb", "a", "b")).toBeUndefined();
  });
});

describe("pnpm-lock.yaml", () => {
  const nine = (react: string, deep: string): string =>
    lines(
      "lockfileVersion: '9.0'",
      "",
      "settings:",
      "  autoInstallPeers: true",
      "",
      "importers:",
      "",
      "  .:",
      "    devDependencies:",
      "      tool:",
      "        specifier: ^1.0.0",
      "        version: 1.0.0",
      "  web:",
      "    dependencies:",
      "      '@scope/ui':",
      "        specifier: workspace:*",
      "        version: link:../ui",
      "      react:",
      "        specifier: ^18.0.0",
      `        version: ${react}(peer@1.0.0)`,
      "      renamed:",
      "        specifier: npm:real@^1.0.0",
      "        version: real@1.0.0",
      "",
      "packages:",
      "",
      `  deep@${deep}:`,
      "    resolution: {integrity: sha512-x}",
      "    os: [darwin]",
      "    deprecated: 'é: do not use'",
      "",
      "  peer@1.0.0:",
      "    resolution: {integrity: sha512-x}",
      "    peerDependencies:",
      "      react: '*'",
      "  real@1.0.0:",
      "    resolution: {integrity: sha512-x}",
      `  react@${react}:`,
      "    resolution: {integrity: sha512-x}",
      "    cpu:",
      "      - x64",
      "  tool@1.0.0:",
      "    resolution: {integrity: sha512-x}",
      "",
      "snapshots:",
      "",
      `  deep@${deep}: {}`,
      "  peer@1.0.0: {}",
      "  real@1.0.0: {}",
      `  react@${react}(peer@1.0.0):`,
      "    dependencies:",
      "      peer: 1.0.0",
      "  tool@1.0.0:",
      "    dependencies:",
      `      deep: ${deep}`,
    );

  it("reads version 9", () => {
    expect(told("pnpm-lock.yaml", nine("18.0.0", "0.1.0"), nine("19.0.0", "0.2.0"))).toEqual([
      "27 major deep 0.1.0 → 0.2.0 (development) (transitive)",
      "38 major react 18.0.0 → 19.0.0",
    ]);
    const crlf = nine("18.0.0", "0.1.0").replaceAll("\n", "\r\n");
    expect(told("pnpm-lock.yaml", nine("18.0.0", "0.1.0"), crlf)).toEqual([]);
  });

  it("reads what a formatter wrote anew", () => {
    const formatted = nine("18.0.0", "0.1.0")
      .replaceAll("'", '"')
      .replaceAll("resolution: {integrity", "resolution:\n      { integrity")
      .replaceAll("os: [darwin]", "os:\n      [\n        darwin,\n      ]");
    expect(told("pnpm-lock.yaml", nine("18.0.0", "0.1.0"), formatted)).toEqual([]);
  });

  it("reads long keys and several documents", () => {
    const long = nine("18.0.0", "0.1.0").replace(
      "  react@18.0.0(peer@1.0.0):\n    dependencies:",
      "  ? react@18.0.0(peer@1.0.0)\n  : dependencies:",
    );
    const first = lines(
      "---",
      "lockfileVersion: '9.0'",
      "importers:",
      "  .:",
      "    configDependencies: {}",
      "---",
    );
    expect(long).toContain("? react");
    expect(told("pnpm-lock.yaml", nine("18.0.0", "0.1.0"), first + long)).toEqual([]);
    expect(told("pnpm-lock.yaml", long, nine("18.1.0", "0.1.0"))).toEqual(["38 minor react 18.0.0 → 18.1.0"]);
  });

  it("tells a version less in the tree from another one for who asks", () => {
    const lock = (direct: string, ...versions: string[]): string =>
      lines(
        "lockfileVersion: '9.0'",
        "importers:",
        "  .:",
        "    dependencies:",
        "      a:",
        "        specifier: '*'",
        `        version: ${direct}`,
        "packages:",
        ...versions.map((version) => `  a@${version}: {}`),
        "snapshots:",
        ...versions.map((version) => `  a@${version}: {}`),
      );
    expect(told("pnpm-lock.yaml", lock("2.0.0", "1.0.0", "2.0.0"), lock("2.0.0", "2.0.0"))).toEqual([
      "9 removed a 1.0.0 → - (development) (transitive)",
    ]);
    expect(told("pnpm-lock.yaml", lock("1.0.0", "1.0.0", "2.0.0"), lock("2.0.0", "2.0.0"))).toEqual([
      "9 major a 1.0.0, 2.0.0 → 2.0.0",
    ]);
  });

  it.each([
    [
      "6",
      (version: string) =>
        lines(
          "lockfileVersion: '6.0'",
          "dependencies:",
          "  '@scope/a':",
          "    specifier: ^1.0.0",
          `    version: ${version}(b@1.0.0)`,
          "packages:",
          `  /@scope/a@${version}(b@1.0.0):`,
          "    resolution: {integrity: sha512-x}",
          "    dev: false",
        ),
    ],
    [
      "5",
      (version: string) =>
        lines(
          "lockfileVersion: 5.4",
          "specifiers:",
          "  '@scope/a': ^1.0.0",
          "",
          "dependencies:",
          `  '@scope/a': ${version}_b@1.0.0`,
          `  /@scope/a/${version}_b@1.0.0: x`,
          "packages:",
          `  /@scope/a/${version}_b@1.0.0:`,
          "    resolution: {integrity: sha512-x}",
        ),
    ],
  ])("reads version %s", (_, lock) => {
    const [change] = told("pnpm-lock.yaml", lock("1.0.0"), lock("2.0.0")) ?? [];
    expect(change?.replace(/^\d+ /, "")).toBe("major @scope/a 1.0.0 → 2.0.0");
  });

  it("cannot read a conflict or another file", () => {
    const conflict = nine("18.0.0", "0.1.0").replace("packages:", "<<<<<<< HEAD\npackages:");
    expect(told("pnpm-lock.yaml", nine("18.0.0", "0.1.0"), conflict)).toBeUndefined();
    expect(told("pnpm-lock.yaml", undefined, "a: b\n")).toBeUndefined();
  });
});

describe("yarn.lock", () => {
  it("reads Yarn 1", () => {
    const lock = (version: string): string =>
      lines(
        "# THIS IS AN AUTOGENERATED FILE.",
        "# yarn lockfile v1",
        "",
        '"@scope/a@^1.0.0", "@scope/a@^1.1.0":',
        `  version "${version}"`,
        '  resolved "https://registry.example.test/a.tgz#é"',
        "  dependencies:",
        '    version "^9.0.0"',
        "",
        '"alias@npm:real@^1.0.0":',
        '  version "1.0.0"',
        "",
      );
    expect(told("yarn.lock", lock("1.1.0"), lock("2.0.0").replaceAll("\n", "\r\n"))).toEqual([
      "4 major @scope/a 1.1.0 → 2.0.0 (transitive)",
    ]);
    expect(told("yarn.lock", undefined, lock("1.1.0"))).toEqual([
      "4 added @scope/a - → 1.1.0 (transitive)",
      "10 added real - → 1.0.0 (transitive)",
    ]);
    expect(told("yarn.lock", undefined, "no lock file")).toBeUndefined();
  });

  it("reads Yarn 2 and later", () => {
    const lock = (a: string, b: string): string =>
      lines(
        "__metadata:",
        "  version: 8",
        "",
        '"a@npm:^1.0.0, a@npm:^1.1.0":',
        `  version: ${a}`,
        `  resolution: "a@npm:${a}"`,
        "",
        '"b@npm:^1.0.0":',
        `  version: ${b}`,
        `  resolution: "b@npm:${b}"`,
        "",
        '"shop@workspace:.":',
        "  version: 0.0.0-use.local",
        '  resolution: "shop@workspace:."',
        "  dependencies:",
        '    a: "npm:^1.1.0"',
        "  languageName: unknown",
      );
    expect(told("yarn.lock", lock("1.1.0", "1.0.0"), lock("1.2.0", "2.0.0"))).toEqual([
      "4 minor a 1.1.0 → 1.2.0",
      "8 major b 1.0.0 → 2.0.0 (transitive)",
    ]);
  });
});
