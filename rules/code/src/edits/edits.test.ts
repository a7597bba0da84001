import type { EditKind } from "@yantra-lint/core";
import { describe, expect, it } from "vitest";
import { compareCode } from "./index.ts";

type Row = [title: string, before: string, after: string, path?: string];

function kindOf([, before, after, path = "src/a.tsx"]: Row): EditKind | undefined {
  return compareCode({ path, before, after })?.kind;
}

const APP = `import express from "express";\nconst app = express();\n`;
const NEST = `import { Controller, Get } from "@nestjs/common";\n@Controller("pay")\nexport class Pay {\n  @Get("all")\n  all() { return 1; }\n`;

const TABLE: Record<string, Row[]> = {
  comment: [
    ["identical", "const a = 1;", "const a = 1;"],
    ["quotes, parentheses, semicolons", `const a = ("x");;\nf(a,)`, `const a = 'x'\nf(a);`],
    ["numbers written otherwise", "export const a = 1.0;", "export const a = 1;"],
    ["keys in quotes", `export const a = { "b": 1 };`, "export const a = { b: 1 };"],
    ["braces around one statement", "if (a) b();", "if (a) { b(); }"],
    ["a comment", "f();", "// why\nf();"],
    ["types", "export const a: string = f();", "export const a = f() as unknown as number;"],
    ["an interface", "interface A { b: string }\nf();", "interface A { b: number }\nf();"],
    ["a type import", `f();`, `import type { A } from "a";\nimport { type B } from "b";\nf();`],
    ["an overload", "function f(a: number) {}", "function f(a: 1): void;\nfunction f(a: number) {}"],
    ["a comment between children", "f(<p><b/></p>)", "f(<p>\n  {/* c */}\n  <b/>\n</p>)"],
    ["indented JSX", "f(<p>Hello you</p>)", "f(\n  <p>\n    Hello\n    you\n  </p>\n)"],
    ["a hoisted function moved", "f();\nfunction f() {}", "function f() {}\nf();"],
  ],
  style: [
    ["a class name", `f(<p className="a" />)`, `f(<p className="b" />)`],
    ["a class name comes", `f(<p id="x" />)`, `f(<p id="x" className="b" />)`],
    ["arguments of cn", `f(<p className={cn("a", b && "c")} />)`, `f(<p className={cn("a2", b && "d")} />)`],
    ["inline style", `f(<p style={{ color: "red" }} />)`, `f(<p style={{ color: "blue", margin: 4 }} />)`],
    ["a styled template", "const A = styled.p`color: red;`", "const A = styled.p`color: blue;`"],
    [
      "variants",
      `const b = cva("a", { variants: { s: { m: "p-1" } } })`,
      `const b = cva("a", { variants: { s: { m: "p-2" } } })`,
    ],
  ],
  copy: [
    ["text of an element", "f(<p>Pay now</p>)", "f(<p>Pay $10</p>)"],
    ["a placeholder", `f(<input placeholder="Name" />)`, `f(<input placeholder="Your name" />)`],
    ["an error's message", `throw new Error("Not found here");`, `throw new Error("It was not found");`],
    ["a log message", `logger.info("Server is up");`, `logger.info("The server is up");`],
    ["a property", `export const a = { title: "My page" };`, `export const a = { title: "Your page" };`],
    [
      "a template keeps its expressions",
      "throw new Error(`No user ${id} here`)",
      "throw new Error(`There is no user ${id}`)",
    ],
    ["a default text", `t("key.a", "Pay now please")`, `t("key.a", "Pay later please")`],
    [
      "a locale file",
      `export default { a: "Hello {{name}}" };`,
      `export default { a: "Hi {{name}}", b: "New" };`,
      "src/locales/en.ts",
    ],
  ],
  addition: [
    ["a function", "export const a = 1;", "export const a = 1;\nexport function b() { c(); }"],
    [
      "an import for it",
      `export const a = 1;`,
      `import { x } from "x";\nexport const a = 1;\nexport const b = () => x();`,
    ],
    ["a method", "export class A { a() {} }", "export class A { a() {} b() { return 1; } }"],
    [
      "a schema",
      `import { z } from "zod";\nexport const a = 1;`,
      `import { z } from "zod";\nexport const a = 1;\nexport const s = z.object({ a: z.string().min(1) });`,
    ],
    ["an enum", "export const a = 1;", "export const a = 1;\nexport enum E { A, B }"],
  ],
  endpoint: [
    ["a route", `${APP}app.get("/a", f);`, `${APP}app.get("/a", f);\napp.post("/b", (q, s) => s.json(1));`],
    [
      "before the last resort",
      `${APP}app.get("/a", f);\napp.all("*", f);`,
      `${APP}app.get("/a", f);\napp.get("/b", f);\napp.all("*", f);`,
    ],
    [
      "in a function",
      `import type { Express } from "express";\nexport function routes(app: Express) {\n  app.get("/a", f);\n}`,
      `import type { Express } from "express";\nexport function routes(app: Express) {\n  app.get("/a", f);\n  app.get("/b", f);\n}`,
    ],
    [
      "a mounted router",
      `${APP}app.get("/a", f);`,
      `import r from "./r";\n${APP}app.get("/a", f);\napp.use("/payments", r);`,
    ],
    ["a method of a controller", `${NEST}}`, `${NEST}  @Get("one")\n  one() { return 2; }\n}`, "src/a.ts"],
  ],
  deletion: [
    ["a function", "export function a() {}\nexport function b() {}", "export function a() {}"],
    [
      "a function and its import",
      `import { x } from "x";\nexport const a = 1;\nconst b = () => x();`,
      "export const a = 1;",
    ],
    ["a method", "class A { a() {} b() {} }", "class A { a() {} }"],
  ],
  logic: [
    ["await", "async function f() { await g(); }", "async function f() { g(); }"],
    ["operands", "export const f = (a, b) => a - b;", "export const f = (a, b) => b - a;"],
    ["a default", "function f(a = 1) {}", "function f(a = 2) {}"],
    ["an early return", "function f() { g(); }", "function f() { return; g(); }"],
    [
      "a renamed variable",
      "function f() { const a = 1; return a; }",
      "function f() { const b = 1; return b; }",
    ],
    [
      "imports in another order",
      `import { a } from "a";\nimport { b } from "b";`,
      `import { b } from "b";\nimport { a } from "a";`,
    ],
    ["an enum member", "export enum E { A }", "export enum E { A, B }"],
    ["async", "function f() {}", "async function f() {}"],
    ["flags of a pattern", "const a = /x/g;", "const a = /x/gi;"],
    ["an optional chain", "f(a.b);", "f(a?.b);"],
    ["a number", "export const a = 0.1;", "export const a = 1.0;"],
    ["SQL", `const q = { text: "SELECT a FROM b" };`, `const q = { text: "SELECT a FROM c" };`],
    ["a compared text", `if (x === "Pay now") f();`, `if (x === "Pay later") f();`],
    [
      "a text compared elsewhere",
      `f(<p>Pay now</p>); if (x === "Pay now") g();`,
      `f(<p>Pay later</p>); if (x === "Pay now") g();`,
    ],
    [
      "a part of a message searched",
      `throw new Error("card was declined"); if (e.message.includes("declined")) g();`,
      `throw new Error("card was refused"); if (e.message.includes("declined")) g();`,
    ],
    ["a placeholder lost", `throw new Error("No user %s here")`, `throw new Error("No such user here")`],
    ["a translation key", `t("pay now")`, `t("pay later")`],
    ["an option's text", "f(<option>One two</option>)", "f(<option>One three</option>)"],
    ["text of Trans", "f(<Trans>Pay now</Trans>)", "f(<Trans>Pay later</Trans>)"],
    ["a title in a query", `db.find({ title: "My old page" });`, `db.find({ title: "My new page" });`],
    [
      "a prompt",
      `g({ role: "system", text: "You are nice" });`,
      `g({ role: "system", text: "You are rude" });`,
    ],
    [
      "a tool's description",
      `const x = { description: "Reads a file", inputSchema: s };`,
      `const x = { description: "Writes a file", inputSchema: s };`,
    ],
    ["a name", `export const a = { name: "my page" };`, `export const a = { name: "your page" };`],
    ["a hidden button", `f(<b className="p-1" />)`, `f(<b className="p-1 hidden" />)`],
    ["a mark for session recorders", `f(<b className="p-1 ph-no-capture" />)`, `f(<b className="p-1" />)`],
    ["gestures", `f(<b className="p-1 touch-none" />)`, `f(<b className="p-1" />)`],
    [
      "a class that is looked for",
      `f(<b className="pay" />); d.querySelector(".pay");`,
      `f(<b className="buy" />); d.querySelector(".pay");`,
    ],
    ["a computed class", `f(<b className={a ? x : y} />)`, `f(<b className={a ? y : x} />)`],
    ["a class before a spread", `f(<b {...p} />)`, `f(<b {...p} className="x" />)`],
    [
      "the default variant",
      `cva("a", { defaultVariants: { s: "m" } })`,
      `cva("a", { defaultVariants: { s: "l" } })`,
    ],
    ["a directive", "f();", `"use client";\nf();`],
    ["a magic comment", `const a = f();`, `const a = /* @__PURE__ */ f();`],
    ["a pragma", `f();`, `/** @jsx h */\nf();`],
    ["a hashbang", "f();", "#!/usr/bin/env node\nf();"],
    [
      "types beside decorators",
      "@D() class A { constructor(a: B) {} }",
      "@D() class A { constructor(a: C) {} }",
      "src/a.ts",
    ],
    ["a statement", "export const a = 1;", "export const a = 1;\nstart();"],
    [
      "a bare import",
      `import "./b";\nexport const a = 1;`,
      `import "./b";\nimport "./a";\nexport const a = 1;`,
    ],
    ["an initialiser that runs", "export const a = 1;", "export const a = 1;\nexport const b = connect();"],
    ["a constant read before it is", "export const a = 1;", "export const b = a.c;\nexport const a = 1;"],
    [
      "a global taken",
      "export const a = () => fetch(1);",
      "export const a = () => fetch(1);\nfunction fetch() {}",
    ],
    ["an overridden method", "class A extends B {}", "class A extends B { run() {} }"],
    ["a getter", "class A { a() {} }", "class A { a() {} get b() { return 1; } }"],
    ["a lifecycle method", "export class A { a() {} }", "export class A { a() {} toJSON() {} }"],
    ["a property", "export const a = { b: 1 };", "export const a = { b: 1, c: 2 };"],
    ["an export before a star", `export * from "./a";`, `export * from "./a";\nexport const b = 1;`],
    [
      "a shadowing parameter",
      `${APP}app.get("/a/b", f);`,
      `${APP}app.get("/a/:id", f);\napp.get("/a/b", f);`,
    ],
    ["the same route again", `${APP}app.get("/a", f);`, `${APP}app.get("/a", g);\napp.get("/a", f);`],
    ["a wildcard", `${APP}app.get("/a", f);`, `${APP}app.get("*", f);\napp.get("/a", f);`],
    ["middleware", `${APP}app.get("/a", f);`, `${APP}app.use(g);\napp.get("/a", f);`],
    [
      "a mounted prefix that is taken",
      `${APP}app.get("/pay/a", f);`,
      `import r from "./r";\n${APP}app.get("/pay/a", f);\napp.use("/pay", r);`,
    ],
    [
      "a handler that is called at once",
      `${APP}app.get("/a", f);`,
      `${APP}app.get("/a", f);\napp.get("/b", dropAll());`,
    ],
    ["a removed check", "function f() { check(); g(); }", "function f() { g(); }"],
    ["removed middleware", `${APP}app.use(auth);\napp.get("/a", f);`, `${APP}app.get("/a", f);`],
    ["deletion with another change", "export function a() {}\nexport const b = 1;", "export const b = 2;"],
    [
      "a lost translation",
      `export default { a: "A b", c: "d" };`,
      `export default { a: "A b" };`,
      "src/locales/en.ts",
    ],
    ["const to let", "export const a = 1;", "export let a = 1;"],
    ["classes in another order", "class A {}\nclass B extends C {}", "class B extends C {}\nclass A {}"],
    [
      "a Next.js setting",
      "export default function P() {}",
      `export default function P() {}\nexport const dynamic = "force-static";`,
      "app/x/page.tsx",
    ],
  ],
};

describe("compareCode", () => {
  for (const [kind, rows] of Object.entries(TABLE)) {
    it.each(rows)(`${kind}: %s`, (...row) => {
      expect(kindOf(row)).toBe(kind);
    });
  }

  it.each<[string, string, EditKind, string?]>([
    ["a module", "export const a = connect();", "addition"],
    ["only types", "export interface A { b: string }", "addition"],
    ["only comments", "// nothing yet\n", "comment"],
    ["a page", "export default function Page() { return 1; }", "endpoint", "src/app/pay/page.tsx"],
    [
      "a catch-all page",
      "export default function Page() { return 1; }",
      "logic",
      "src/app/[...all]/page.tsx",
    ],
    ["middleware by its name", "export function middleware() {}", "logic", "src/middleware.ts"],
    ["translations", `export const de = { a: "Hallo" };`, "copy", "src/locales/de.ts"],
    ["a patched global", "globalThis.fetch = f;", "logic"],
    ["a patched prototype", "Array.prototype.last = f;", "logic"],
    ["a listener", `process.on("exit", f);`, "logic"],
    ["a server", "const app = express();\napp.listen(1);", "logic"],
    ["a call of something imported", `import { register } from "./a";\nregister(1);`, "logic"],
    ["a program", "async function main() {}\nmain();", "addition"],
  ])("new file: %s", (_, after, kind, path = "src/new.ts") => {
    expect(compareCode({ path, after })?.kind).toBe(kind);
  });

  it("takes the first code of an empty file for new", () => {
    expect(compareCode({ path: "a.ts", before: "// soon\n", after: "export const a = 1;" })?.kind).toBe(
      "addition",
    );
    expect(compareCode({ path: "a.ts", before: "// soon\n", after: "// later\n" })?.kind).toBe("comment");
  });

  it("sees the values of an enum that is only declared", () => {
    const [before, after] = [
      "declare const enum E { A = 1 }\nf(E.A);",
      "declare const enum E { A = 2 }\nf(E.A);",
    ];
    expect(compareCode({ path: "a.ts", before, after })?.kind).toBe("logic");
  });

  it("says that a deleted file takes its exports away", () => {
    expect(compareCode({ path: "a.ts", before: "export const a = 1;\nexport default f;" })).toEqual({
      kind: "deletion",
      line: 1,
      declarations: [
        { name: "a", change: "removed", exported: true, before: { start: 1, count: 1 } },
        { name: "default", change: "removed", exported: true, before: { start: 2, count: 1 } },
      ],
      exports: ["a", "default"],
    });
  });

  it("leaves alone what it cannot read", () => {
    expect(compareCode({ path: "a.ts", before: "const a = ;", after: "" })).toBeUndefined();
    expect(compareCode({ path: "a.ts", before: "", after: "const a = ;" })).toBeUndefined();
    expect(compareCode({ path: "a.js", before: "// @flow\n", after: "" })).toBeUndefined();
    expect(compareCode({ path: "a.json", before: "{}", after: "[]" })).toBeUndefined();
    expect(compareCode({ path: "a.ts", before: "", after: " ".repeat(1_000_001) })).toBeUndefined();
  });

  it("names members, their comments' lines and the exports that use what changed", () => {
    const text = (total: string): string =>
      `import { tax } from "./tax";\n\n/** Why. */\n// é😀\nfunction helper() {\n  return ${total};\n}\n\nexport class Cart {\n  /** Sum. */\n  total() {\n    return helper() + ${total};\n  }\n}\nexport const rate = () => helper();\nexport const other = 1;\n`;
    expect(compareCode({ path: "a.ts", before: text("1"), after: text("2") })).toEqual({
      kind: "logic",
      line: 6,
      declarations: [
        {
          name: "helper",
          change: "changed",
          exported: false,
          before: { start: 3, count: 5 },
          after: { start: 3, count: 5 },
        },
        {
          name: "Cart",
          change: "changed",
          exported: true,
          before: { start: 9, count: 6 },
          after: { start: 9, count: 6 },
        },
        {
          name: "Cart.total",
          change: "changed",
          exported: true,
          before: { start: 10, count: 4 },
          after: { start: 10, count: 4 },
        },
      ],
      exports: ["Cart", "rate"],
    });
  });

  it("names type declarations without counting them as exports", () => {
    const edit = compareCode({
      path: "a.ts",
      before: "f();\nexport type A = 1;",
      after: "f();\nexport type A = 2;",
    });
    expect(edit).toMatchObject({
      kind: "comment",
      line: 2,
      exports: [],
      declarations: [{ name: "A", exported: true }],
    });
  });

  it("says all exports when a statement of the module changes", () => {
    const edit = compareCode({
      path: "a.ts",
      before: "export const a = 1;\nf(1);",
      after: "export const a = 1;\nf(2);",
    });
    expect(edit).toMatchObject({
      kind: "logic",
      line: 2,
      exports: "all",
      declarations: [{ name: "[statement]" }],
    });
  });
});
