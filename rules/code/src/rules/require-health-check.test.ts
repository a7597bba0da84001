import {
  type ChangedFileFact,
  type Fact,
  FactIndex,
  type Finding,
  runWorkspaceRule,
} from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { factsOf } from "../testing.ts";
import rule from "./require-health-check.ts";

const RULE = "yantra/code/require-health-check";
const EXPRESS = `import express from "express"; const app = express();\n`;
const CHARGE = `app.post("/payments/charge", h);\n`;
const HEALTH = `app.get("/health", h);\n`;

function changed(path: string, routes: ChangedFileFact["routes"] = []): Fact {
  const start = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  return {
    type: "changedFile",
    path,
    ...start,
    status: "modified",
    edit: "logic",
    base: "0123456",
    migrations: [],
    routes,
  };
}

function check(files: Record<string, string>, more: Fact[] = [], groups?: "all" | "changed"): Finding[] {
  return runWorkspaceRule(RULE, rule, {
    facts: new FactIndex([...factsOf(files), ...more]),
    level: "warning",
    ...(groups ? { options: [{ groups }] } : {}),
  });
}

/** Findings' messages for one server whose file the change edits. */
function told(server: string, more: Record<string, string> = {}): (string | undefined)[] {
  return check({ "src/server.ts": server, ...more }, [changed("src/server.ts")]).map((one) => one.messageId);
}

describe("silent", () => {
  test.each<[string, string]>([
    [
      "a check that says what it speaks for",
      `${EXPRESS}${CHARGE}// @yantra-health /payments checks=stripe\n${HEALTH}`,
    ],
    ["a check for the whole service", `${EXPRESS}${CHARGE}// @yantra-health /\n${HEALTH}`],
    [
      "with a version and /api before the path",
      `${EXPRESS}// @yantra-health /payments\n${HEALTH}app.get("/api/v1/payments", h);`,
    ],
    ["a check that is called so", `${EXPRESS}${CHARGE}app.get("/payments/healthz", h);`],
    ["a check that is called so, the other way round", `${EXPRESS}${CHARGE}app.get("/health/payments", h);`],
    [
      "health, metrics and documentation need no check",
      `${EXPRESS}${HEALTH}app.get("/metrics", h); app.get("/docs/x", h);`,
    ],
    ["a parameter alone is no group", `${EXPRESS}${HEALTH}app.get("/:id", h);`],
    [
      "no known path: nobody knows where the router is mounted",
      `import { Router } from "express"; const r = Router(); r.get("/a", h); export default r;`,
    ],
    [
      "no check to be seen, but a package may answer",
      `${EXPRESS}import { createTerminus } from "@godaddy/terminus"; app.use(x());`,
    ],
    [
      "a platform that has its own way of releasing",
      `import { Hono } from "hono"; const app = new Hono(); app.get("/orders", h); export default app;`,
    ],
  ])("%s", (_, server) => {
    expect(told(server)).toEqual([]);
  });

  test.each(["examples/shop/server.ts", "services/mock-bank-api/server.ts", "scripts/server.ts"])(
    "%s is not deployed",
    (path) => {
      expect(check({ [path]: EXPRESS + CHARGE }, [changed(path)])).toEqual([]);
    },
  );

  test("something answers where load balancers ask", () => {
    expect(check({ "src/server.ts": `${EXPRESS}app.get("/", h); app.get("/orders", h);` })).toEqual([]);
  });

  test("pages are for people", () => {
    const files = {
      "package.json": `{ "dependencies": { "next": "15" } }`,
      "app/orders/page.tsx": "export default () => null;",
    };
    expect(check(files, [changed("app/orders/page.tsx")], "all")).toEqual([]);
  });

  test("a check of a package that the service depends on", () => {
    const files = {
      "a/package.json": `{ "name": "a", "dependencies": { "b": "*" } }`,
      "a/server.ts": EXPRESS + HEALTH + CHARGE,
      "b/package.json": `{ "name": "b" }`,
      "b/health.ts": "// @yantra-health /payments\nexport function check() {}",
    };
    expect(check(files, [changed("a/server.ts")])).toEqual([]);
    expect(check({ ...files, "a/package.json": `{ "name": "a" }` }, [changed("a/server.ts")])).toHaveLength(
      1,
    );
  });

  test("a group that the change leaves alone, and any without a change", () => {
    const files = { "src/server.ts": EXPRESS + HEALTH + CHARGE };
    const routes = [
      { method: "POST", routePath: "/payments/charge" },
      { method: "GET", routePath: "/health" },
    ];
    expect(check(files)).toEqual([]);
    expect(check(files, [changed("src/server.ts", routes)])).toEqual([]);
    // It came from another file.
    expect(check(files, [changed("src/server.ts"), changed("src/old.ts", routes)])).toEqual([]);
  });
});

test("a service without any check", () => {
  const files = {
    "package.json": `{ "name": "@shop/api" }`,
    "src/server.ts": `${EXPRESS}${CHARGE}app.get("/orders", h);`,
  };
  expect(check(files)).toEqual([
    {
      ruleId: RULE,
      messageId: "none",
      level: "warning",
      message:
        "@shop/api answers 2 routes and has no health check, so a rollout cannot tell a release that works from one that does not, and nothing rolls it back. Add a route such as GET /health that fails when what it needs does.",
      path: "src/server.ts",
      startLine: 2,
      startColumn: 10,
      endLine: 2,
      endColumn: 28,
    },
  ]);
});

test("a group that the change adds routes to, told once, at its first added route", () => {
  const server = `${EXPRESS}${HEALTH}app.get("/payments/:id", h);\n${CHARGE}app.delete("/payments/:id", h);`;
  const routes = [{ method: "GET", routePath: "/payments/:id" }];
  expect(check({ "src/server.ts": server }, [changed("src/server.ts", routes)])).toEqual([
    {
      ruleId: RULE,
      messageId: "uncovered",
      level: "warning",
      message:
        "No health check covers /payments, to which POST /payments/charge belongs: when what it needs is down, the rollout goes on and the canary looks healthy. Let a check test that, and write `@yantra-health /payments checks=…` above it (`@yantra-health /` above one that speaks for the whole service).",
      path: "src/server.ts",
      startLine: 4,
      startColumn: 10,
      endLine: 4,
      endColumn: 28,
      related: [
        {
          path: "src/server.ts",
          startLine: 2,
          startColumn: 9,
          endLine: 2,
          endColumn: 18,
          message: "GET /health reports health, but does not say that it covers /payments.",
        },
      ],
    },
  ]);
});

test("routers of other files, by where they are mounted", () => {
  const files = {
    "src/server.ts": `${EXPRESS}${HEALTH}import api from "./api/index.js"; app.use("/api", api);`,
    "src/api/index.ts": `import { Router } from "express"; import pay from "./pay"; const r = Router(); r.use("/payments", pay); export default r;`,
    "src/api/pay.ts": `import { Router } from "express"; const r = Router(); r.post("/", h); export default r;`,
  };
  expect(check(files, [changed("src/api/pay.ts")])).toMatchObject([
    { messageId: "uncovered", path: "src/api/pay.ts", startLine: 1, startColumn: 62 },
  ]);
  expect(check(files, [changed("src/api/pay.ts")])[0]?.message).toContain("POST /api/payments/ ");
});

test("all groups when asked for", () => {
  const files = { "src/server.ts": `${EXPRESS}${HEALTH}${CHARGE}app.all("/orders", h);` };
  expect(check(files, [], "all").map(({ message }) => message.slice(0, 70))).toEqual([
    "No health check covers /payments, to which POST /payments/charge belon",
    "No health check covers /orders, to which /orders belongs: when what it",
  ]);
});
