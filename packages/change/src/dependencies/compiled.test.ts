import { describe, expect, it } from "vitest";
import { lines, told } from "./dependencies.fixture.ts";

describe("go.mod", () => {
  const before = lines(
    "module example.test/é // not a requirement",
    "go 1.21",
    "require (",
    "\texample.test/a v1.2.0",
    "\texample.test/b/v2 v2.0.0 // indirect",
    "\texample.test/zero v0.4.0",
    "\texample.test/own v0.0.0",
    "\texample.test/commit v0.0.0-20240102150405-abcdef123456",
    ")",
    "require gopkg.in/yaml.v2 v2.4.0",
    "replace example.test/own => ../own",
  );

  it("reads requirements, replacements and the toolchain", () => {
    const after = lines(
      "module example.test/é",
      "go 1.22",
      "toolchain go1.22.1",
      "require example.test/a v1.3.0",
      'require "example.test/zero" v0.5.0',
      "require (",
      "\tgopkg.in/yaml.v3 v3.0.1",
      "\texample.test/commit v0.0.0-20250102150405-abcdef123456",
      "\texample.test/b/v3 v3.0.0 // indirect; é",
      ")",
      "replace (",
      "\texample.test/a => example.test/fork v1.3.1",
      ")",
    );
    expect(told("go.mod", before, after)).toEqual([
      "2 minor go 1.21 → 1.22",
      "3 unclear toolchain - → 1.22.1",
      "4 minor example.test/a v1.2.0 → v1.3.0",
      "5 major example.test/zero v0.4.0 → v0.5.0",
      "7 major gopkg.in/yaml v2.4.0 → v3.0.1",
      "8 unclear example.test/commit v0.0.0-20240102150405-abcdef123456 → v0.0.0-20250102150405-abcdef123456",
      "9 major example.test/b v2.0.0 → v3.0.0 (transitive)",
      "12 unclear example.test/a - → example.test/fork@v1.3.1",
    ]);
  });

  it("ignores format, vendored modules and checksums", () => {
    expect(told("go.mod", before, before.replaceAll("\n", "\r\n").replaceAll("\t", "    "))).toEqual([]);
    expect(told("vendor/example.test/a/go.mod", before, "")).toEqual([]);
    expect(told("go.sum", "a v1 h1:x", "a v2 h1:y")).toEqual([]);
    expect(told("go.mod", before, "no such file")).toBeUndefined();
  });
});

describe("Cargo", () => {
  it("reads all sections of Cargo.toml", () => {
    const before = lines(
      "[dependencies]",
      'serde = "1.0"',
      'own = { path = "../own", version = "0.1" }',
      'old = { package = "real", version = "0.3" }',
      'git = { git = "https://example.test/é", rev = "aaa" }',
      "shared.workspace = true",
      "[dev-dependencies]",
      'insta = "1"',
      "[target.'cfg(unix)'.build-dependencies]",
      'cc = "1.0"',
      "[workspace.dependencies]",
      'shared = "2"',
      'gone = "2"',
    );
    const after = lines(
      "[dependencies.serde]",
      'version = "1.1"',
      "[dependencies]",
      'old = { package = "real", version = "0.4" }',
      'git = { git = "https://example.test/é", rev = "bbb" }',
      "shared = { workspace = true, features = [] }",
      "[dev-dependencies]",
      'insta = "2"',
      "[target.'cfg(unix)'.build-dependencies]",
      'cc = "2.0"',
      "[workspace.dependencies]",
      'shared = "3"',
      "[patch.crates-io]",
      'deep = { git = "https://example.test/deep" }',
    );
    expect(told("crates/a/Cargo.toml", before, after)).toEqual([
      "1 minor serde 1.0 → 1.1",
      "4 major real 0.3 → 0.4",
      "5 unclear git https://example.test/é#aaa → https://example.test/é#bbb",
      "8 major insta 1 → 2 (development)",
      "10 major cc 1.0 → 2.0",
      "12 major shared 2 → 3",
      "14 unclear deep - → https://example.test/deep",
    ]);
  });

  it("reads Cargo.lock, several versions of one name too", () => {
    const registry = 'source = "registry+https://github.com/rust-lang/crates.io-index"';
    const lock = (...packages: [name: string, version: string][]): string =>
      lines(
        "version = 4",
        "",
        "[[package]]",
        'name = "own"',
        'version = "0.1.0"',
        'dependencies = ["a 2.0.0", "c"]',
      ).concat(
        ...packages.map(([name, version]) =>
          lines("", "[[package]]", `name = "${name}"`, `version = "${version}"`, registry),
        ),
      );
    const before = lock(["a", "1.0.0"], ["a", "2.0.0"], ["b", "0.1.0"], ["c", "1.0.0"]);
    expect(
      told("Cargo.lock", before, lock(["c", "1.0.0"], ["b", "0.1.0"], ["a", "2.0.0"], ["a", "1.0.0"])),
    ).toEqual([]);
    expect(
      told("Cargo.lock", before, lock(["a", "1.0.1"], ["a", "2.0.0"], ["b", "0.2.0"], ["c", "1.1.0"])),
    ).toEqual([
      "8 minor a 1.0.0 → 1.0.1 (transitive)",
      "18 major b 0.1.0 → 0.2.0 (transitive)",
      "23 minor c 1.0.0 → 1.1.0",
    ]);
    expect(told("Cargo.lock", before, "[[package]")).toBeUndefined();
  });
});

describe("Maven and Gradle", () => {
  it("reads pom.xml", () => {
    const pom = (spring: string, junit: string, plugin: string): string =>
      lines(
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<project>",
        "  <!-- é -->",
        `  <properties><junit.version>${junit}</junit.version></properties>`,
        "  <parent>",
        "    <groupId>org.example</groupId><artifactId>parent</artifactId>",
        `    <version>${spring}</version>`,
        "  </parent>",
        "  <dependencies>",
        "    <dependency>",
        "      <groupId>org.junit</groupId><artifactId>junit</artifactId>",
        "      <version>${junit.version}</version><scope>test</scope>",
        "    </dependency>",
        "    <dependency>",
        "      <groupId>${project.groupId}</groupId><artifactId>own</artifactId><version>${project.version}</version>",
        "    </dependency>",
        "    <dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency>",
        "  </dependencies>",
        `  <build><plugins><plugin><artifactId>x</artifactId><version>${plugin}</version></plugin></plugins></build>`,
        "</project>",
      );
    const before = pom("2.7.1", "4.13", "3.0");
    expect(told("pom.xml", before, pom("3.0.0", "5.0", "3.1").replaceAll("\n", "\r\n"))).toEqual([
      "5 major org.example:parent 2.7.1 → 3.0.0",
      "10 major org.junit:junit 4.13 → 5.0 (development)",
      "19 minor org.apache.maven.plugins:x 3.0 → 3.1 (development)",
    ]);
    expect(told("pom.xml", before, before.replace(/ {4}<dependency><groupId>g.*\n/, ""))).toEqual([
      "17 removed g:managed - → -",
    ]);
    expect(told("pom.xml", before, "<project>")).toBeUndefined();
  });

  it("reads build scripts by their usual patterns", () => {
    const before = lines(
      "plugins { id 'org.example.boot' version '2.7.0' }",
      "def okVersion = '1.0.0'",
      "// implementation 'com.example:commented:1.0'",
      "dependencies {",
      "  implementation 'com.example:a:1.0.0'",
      '  api("com.example:b:$okVersion")',
      "  implementation group: 'com.example', name: 'c', version: '1.0'",
      "  testImplementation platform('com.example:bom:5.0')",
      "  runtimeOnly 'com.example:managed'",
      '  implementation "com.example:v:$unknownVersion"',
      "}",
    );
    const after = before
      .replace("2.7.0", "3.0.0")
      .replace("okVersion = '1.0.0'", "okVersion = '2.0.0' // é")
      .replace("a:1.0.0", "a:1.1.0")
      .replace("version: '1.0'", "version: '2.0'")
      .replace("bom:5.0", "bom:6.0")
      .replace("$unknownVersion", "$otherVersion");
    expect(told("app/build.gradle", before, after)).toEqual([
      "1 major org.example.boot 2.7.0 → 3.0.0 (development)",
      "5 minor com.example:a 1.0.0 → 1.1.0",
      "6 major com.example:b 1.0.0 → 2.0.0",
      "7 major com.example:c 1.0 → 2.0",
      "8 major com.example:bom 5.0 → 6.0 (development)",
      "10 unclear com.example:v $unknownVersion → $otherVersion",
    ]);
    const kotlin = 'plugins { kotlin("jvm") version "1.9.0" }\ndependencies { implementation("g:a:1.0") }\n';
    expect(told("build.gradle.kts", kotlin, kotlin.replace("1.9.0", "2.0.0"))).toEqual([
      "1 major org.jetbrains.kotlin.jvm 1.9.0 → 2.0.0 (development)",
    ]);
    expect(
      told("gradle.lockfile", "g:a:1.0=testRuntimeClasspath\nempty=\n", "g:a:2.0=testRuntimeClasspath\n"),
    ).toEqual(["1 major g:a 1.0 → 2.0 (development) (transitive)"]);
  });

  it("reads version catalogs", () => {
    const catalog = (spring: string, direct: string): string =>
      lines(
        "[versions]",
        `spring = "${spring}"`,
        "[libraries]",
        'a = { module = "g:a", version.ref = "spring" }',
        `b = "g:b:${direct}"`,
        'c = { group = "g", name = "c", version = { strictly = "1.0" } }',
        "[plugins]",
        'p = { id = "é.plugin", version.ref = "spring" }',
      );
    expect(told("gradle/libs.versions.toml", catalog("1.0", "1.0"), catalog("2.0", "1.1"))).toEqual([
      "4 major g:a 1.0 → 2.0",
      "5 minor g:b 1.0 → 1.1",
      "8 major é.plugin 1.0 → 2.0 (development)",
    ]);
  });
});

describe("NuGet", () => {
  it("reads projects, central versions and lock files", () => {
    const project = (a: string): string =>
      lines(
        "<Project><!-- é -->",
        "  <ItemGroup>",
        `    <PackageReference Include="A" Version="${a}" />`,
        '    <PackageReference Include="B"><Version>[1.0,2.0)</Version></PackageReference>',
        `    <PackageReference Include="C" Version="${a}" PrivateAssets="all" />`,
        "  </ItemGroup>",
        "</Project>",
      );
    expect(told("Shop/Shop.csproj", project("1.0.0"), project("2.0.0"))).toEqual([
      "3 major A 1.0.0 → 2.0.0",
      "5 major C 1.0.0 → 2.0.0 (development)",
    ]);
    const central = '<Project><ItemGroup><PackageVersion Include="A" Version="1.0" /></ItemGroup></Project>';
    expect(told("Directory.Packages.props", "<Project/>", central)).toEqual([]);
    expect(told("Directory.Packages.props", central, central.replace('"1.0"', '"2.0"'))).toEqual([
      "1 major A 1.0 → 2.0",
    ]);
    const lock = (version: string): string =>
      JSON.stringify(
        { dependencies: { "net8.0": { A: { type: "Transitive", resolved: version } } } },
        null,
        1,
      );
    expect(told("packages.lock.json", lock("1.0.0"), lock("1.0.1"))).toEqual([
      "4 minor A 1.0.0 → 1.0.1 (transitive)",
    ]);
  });
});
