import { describe, expect, test } from "vitest";
import { at, resultOf } from "./read.fixture.ts";

describe("a path", () => {
  const originalUriBaseIds = {
    REPO: { uri: "file:///home/runner/work/shop/" },
    SRC: { uri: "src/", uriBaseId: "REPO" },
    OPEN: { uri: "lib" },
    LOOP: { uri: "l/", uriBaseId: "LOOP" },
    WEB: { uri: "https://example.com/" },
  };

  test.each<[path: string, uri: string, uriBaseId?: string]>([
    ["db/größe ändern.sql", "db/gr%C3%B6%C3%9Fe%20%C3%A4ndern.sql"],
    ["100%/a%zz.sql", "100%25/a%zz.sql"],
    ["a.ts", "./a.ts"],
    ["../a.ts", "../a.ts"],
    ["src/a b.cs", "src\\a b.cs"],
    ["src/c#/x.cs", "src/c#/x.cs"],
    ["evil\uFFFD[2J.sql", "evil%1B[2J.sql"],
    ["a.ts", "a.ts", "REPO"],
    ["src/a.ts", "a.ts", "SRC"],
    ["lib/a.ts", "a.ts", "OPEN"],
    ["a.ts", "a.ts", "NOBODY"],
    ["a.ts", "a.ts", "toString"],
    ["a.ts", "a.ts", "WEB"],
    ["src/a.ts", "file:///home/runner/work/shop/src/a.ts"],
    ["src/a.ts", "/home/runner/work/shop/src/a.ts"],
    ["src/a.ts", "file:src/a.ts"],
    ["/etc/passwd", "file:///etc/passwd"],
    ["/etc/passwd", "FILE://localhost/etc/passwd"],
    ["C:/code/a.cs", "file:///C:/code/a.cs"],
    ["C:/code/a.cs", "C:\\code\\a.cs"],
    ["//build/drop/a.cs", "file://build/drop/a.cs"],
    ["https://example.com/a.js", "https://example.com/a.js"],
  ])("is %j for %j with base %s", (path, uri, uriBaseId) => {
    expect(
      resultOf({ locations: [at(uri, 1, uriBaseId ? { uriBaseId } : {})] }, { originalUriBaseIds }).path,
    ).toBe(path);
  });

  test("is relative to the repository on this machine", () => {
    const run = {
      originalUriBaseIds: { A: { uri: "file:///repo/services/api/" }, B: { uri: "file:///github/ws" } },
    };
    const pathOf = (uri: string, uriBaseId?: string): string | undefined =>
      resultOf({ locations: [at(uri, 1, uriBaseId ? { uriBaseId } : {})] }, run, { root: "/repo" }).path;
    expect(pathOf("a%20b.ts", "A")).toBe("services/api/a b.ts");
    expect(pathOf("a.ts", "B")).toBe("a.ts");
    expect(pathOf("file:///repo/x/a.ts")).toBe("x/a.ts");
    expect(pathOf("file:///repository/a.ts")).toBe("/repository/a.ts");
  });

  test("comes from the list of artifacts, and from the analysis target", () => {
    const artifacts = [{ location: { uri: "a.ts", uriBaseId: "SRC" } }];
    const byIndex = { physicalLocation: { artifactLocation: { index: 0 } } };
    expect(resultOf({ locations: [byIndex] }, { artifacts, originalUriBaseIds }).path).toBe("src/a.ts");
    expect(resultOf({ analysisTarget: { uri: "b.ts" } }).path).toBe("b.ts");
    expect(
      resultOf({ locations: [{ physicalLocation: { artifactLocation: { index: 5 } } }] }, { artifacts }),
    ).not.toHaveProperty("path");
  });

  test("ends where bases run in a circle", () => {
    const { path } = resultOf({ locations: [at("a.ts", 1, { uriBaseId: "LOOP" })] }, { originalUriBaseIds });
    expect(path).toMatch(/^(l\/){1,20}a\.ts$/);
  });
});
