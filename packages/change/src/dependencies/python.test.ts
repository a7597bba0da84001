import { describe, expect, it } from "vitest";
import { lines, told } from "./dependencies.fixture.ts";

describe("requirements.txt", () => {
  it.each([
    ["flask==2.0.1", "flask==3.0.0", ["1 major flask ==2.0.1 → ==3.0.0"]],
    ["flask==0.2", "flask==0.3", ["1 minor flask ==0.2 → ==0.3"]],
    ["flask>=2,<3", "Flask<3,>=2", []],
    ["flask[async]==2.0 ; python_version > '3.8'", "flask==2.0", []],
    ["flask==2.0 # é", "# é\r\nflask == 2.0\r\n", []],
    ["zope.interface~=5.0", "zope_interface~=6.0", ["1 major zope-interface ~=5.0 → ~=6.0"]],
    ["flask", "flask==2.0", ["1 unclear flask * → ==2.0"]],
    ["flask!=2.0", "flask<3", ["1 unclear flask !=2.0 → <3"]],
    ["flask @ https://example.test/é.zip", "", ["1 removed flask https://example.test/é.zip → -"]],
    [
      "",
      "-e git+https://example.test/a.git@v1#egg=A",
      ["1 added A - → git+https://example.test/a.git@v1#egg=A"],
    ],
    ["", "-e .\n./local\n-r base.txt\n-c constraints.txt\n--index-url https://example.test/", []],
    [
      "flask==2.0 \\\n    --hash=sha256:aaa \\\n    --hash=sha256:bbb\nb==1",
      "b==2\nflask==2.1 --hash=sha256:ccc",
      ["1 major b ==1 → ==2", "2 minor flask ==2.0 → ==2.1"],
    ],
    ["a==1; python_version<'3'\na==2; python_version>='3'", "a==2", ["1 major a ==1, ==2 → ==2"]],
  ])("%j → %j", (before, after, changes) => {
    expect(told("requirements.txt", before, after)).toEqual(changes);
  });

  it("knows who asked in what pip-compile wrote", () => {
    const compiled = lines(
      "flask==3.0.0",
      "    # via -r requirements.in",
      "jinja2==3.1.0",
      "    # via",
      "    #   flask",
      "click==8.0.0  # via flask",
      "rich==1.0.0",
      "    # via",
      "    #   click",
      "    #   shop (pyproject.toml)",
    );
    expect(told("requirements.txt", undefined, compiled)).toEqual([
      "1 added flask - → ==3.0.0",
      "3 added jinja2 - → ==3.1.0 (transitive)",
      "6 added click - → ==8.0.0 (transitive)",
      "7 added rich - → ==1.0.0",
    ]);
  });

  it("takes scope and meaning from the file's name", () => {
    expect(told("requirements-dev.txt", "a==1", "a==2")).toEqual(["1 major a ==1 → ==2 (development)"]);
    expect(told("requirements/base.in", "a==1", "a==2")).toEqual(["1 major a ==1 → ==2"]);
    expect(told("constraints.txt", "", "a==2")).toEqual(["1 unclear a - → ==2"]);
    expect(told("notes.txt", "a==1", "a==2")).toEqual([]);
  });
});

describe("pyproject.toml", () => {
  const before = lines(
    "[project]",
    'name = "läden"',
    'requires-python = ">=3.9"',
    "dependencies = [",
    '  "flask>=2",',
    '  "own",',
    '  "gitted",',
    "]",
    "[project.optional-dependencies]",
    'pdf = ["reportlab==3.0"]',
    "[dependency-groups]",
    'test = ["pytest>=7", {include-group = "x"}]',
    "[tool.uv.sources]",
    "own = { workspace = true }",
    'gitted = { git = "https://example.test/g", rev = "aaa" }',
  );

  it("reads PEP 621, groups and uv's sources", () => {
    const after = before
      .replace("flask>=2", "flask>=3")
      .replace("==3.0", "==4.0")
      .replace("pytest>=7", "pytest>=8")
      .replace("aaa", "bbb")
      .replace("3.9", "3.10");
    expect(told("pyproject.toml", before, after)).toEqual([
      "3 minor python >=3.9 → >=3.10",
      "5 major flask >=2 → >=3",
      "7 unclear gitted https://example.test/g@aaa → https://example.test/g@bbb",
      "10 major reportlab ==3.0 → ==4.0",
      "12 major pytest >=7 → >=8 (development)",
    ]);
    expect(told("pyproject.toml", before, before.replaceAll("\n", "\r\n"))).toEqual([]);
    expect(told("pyproject.toml", before, "[project")).toBeUndefined();
  });

  it("reads Poetry's tables", () => {
    const poetry = (flask: string, pytest: string, key: string): string =>
      lines(
        "[tool.poetry.dependencies]",
        'python = "^3.9"',
        `Flask = ${flask}`,
        'own = { path = "../own" }',
        `[tool.poetry.${key}]`,
        `pytest = "${pytest}"`,
      );
    expect(
      told(
        "pyproject.toml",
        poetry('"^2.0"', "^7", "dev-dependencies"),
        poetry('{ version = "^3.0", extras = ["async"] }', "^8", "group.dev.dependencies"),
      ),
    ).toEqual(["3 major flask ^2.0 → ^3.0", "6 major pytest ^7 → ^8 (development)"]);
  });
});

describe("lock files of Python", () => {
  it("reads poetry.lock", () => {
    const lock = (a: string, b: string): string =>
      lines(
        "[[package]]",
        'name = "A"',
        `version = "${a}"`,
        'groups = ["main"]',
        "",
        "[[package]]",
        'name = "b"',
      ).concat(lines(`version = "${b}"`, 'category = "dev"', 'description = "é"', "[metadata]", "x = 1"));
    expect(told("poetry.lock", lock("1.0", "1.0"), lock("1.1", "2.0"))).toEqual([
      "1 minor a 1.0 → 1.1 (transitive)",
      "6 major b 1.0 → 2.0 (development) (transitive)",
    ]);
  });

  it("reads uv.lock", () => {
    const lock = (a: string, b: string, c: string): string =>
      lines(
        "version = 1",
        "[[package]]",
        'name = "shop"',
        'version = "0.1.0"',
        'source = { editable = "." }',
        'dependencies = [{ name = "a" }]',
        "[package.dev-dependencies]",
        'dev = [{ name = "b" }]',
        ...[["a", a, '[{ name = "c" }]'] as const, ["b", b, "[]"] as const, ["c", c, "[]"] as const].flatMap(
          ([name, version, needs]) => [
            "[[package]]",
            `name = "${name}"`,
            `version = "${version}"`,
            'source = { registry = "https://pypi.org/simple" }',
            `dependencies = ${needs}`,
          ],
        ),
      );
    expect(told("uv.lock", lock("1.0", "1.0", "1.0"), lock("1.1", "2.0", "3.0"))).toEqual([
      "9 minor a 1.0 → 1.1",
      "14 major b 1.0 → 2.0 (development)",
      "19 major c 1.0 → 3.0 (transitive)",
    ]);
  });

  it("reads Pipfile and Pipfile.lock", () => {
    expect(
      told(
        "Pipfile",
        lines("[packages]", 'flask = "*"', "[dev-packages]", 'pytest = "==7"'),
        lines("[packages]", 'flask = "==2"', "[dev-packages]", 'pytest = "==8"', '"é" = "*"'),
      ),
    ).toEqual([
      "2 unclear flask * → ==2",
      "4 major pytest ==7 → ==8 (development)",
      "5 added é - → * (development)",
    ]);
    const lock = (version: string): string =>
      JSON.stringify(
        { default: { flask: { version: `==${version}` } }, develop: { own: { path: "." } } },
        null,
        1,
      );
    expect(told("Pipfile.lock", lock("1.0"), lock("2.0"))).toEqual(["3 major flask 1.0 → 2.0 (transitive)"]);
  });
});
