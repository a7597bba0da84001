import {
  type ChangedFileFact,
  type Fact,
  FactIndex,
  type Finding,
  runWorkspaceRule,
} from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { factsOf, graphOf } from "../testing.ts";
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
    modules: () => graphOf(files),
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

  test.each([
    "@vendia/serverless-express",
    "@codegenie/serverless-express",
    "serverless-http",
    "aws-serverless-express",
    "firebase-functions",
    "@google-cloud/functions-framework",
    "@azure/functions",
  ])("a function of a platform: %s", (name) => {
    const files = {
      "package.json": JSON.stringify({ name: "f", dependencies: { express: "5", [name]: "1" } }),
      "src/server.ts": EXPRESS + CHARGE,
    };
    expect(check(files)).toEqual([]);
    expect(check({ ...files, "src/server.ts": EXPRESS + HEALTH + CHARGE }, [], "all")).toEqual([]);
    const service = {
      ...files,
      "package.json": JSON.stringify({ name: "f", dependencies: { express: "5" } }),
    };
    expect(check(service)).toHaveLength(1);
  });

  test.each(["@react-router/node", "@remix-run/node", "@sveltejs/kit", "nuxt", "@tanstack/react-start"])(
    "a package whose check may be a file that is a route: %s",
    (name) => {
      const files = {
        "package.json": JSON.stringify({ name: "f", dependencies: { express: "5", [name]: "1" } }),
        "src/server.ts": EXPRESS + CHARGE,
      };
      expect(check(files)).toEqual([]);
      expect(check(files, [], "all")).toEqual([]);
      const other = JSON.stringify({ name: "f", dependencies: { express: "5", "react-router": "7" } });
      expect(check({ ...files, "package.json": other })).toHaveLength(1);
    },
  );

  test.each<[string, string, Record<string, string>?]>([
    ["itself", `app.get("/orders", (req, res) => res.json({ id: req.query.id }));`],
    [
      "with a validator",
      `import { z } from "zod"; app.post("/orders", (req, res) => res.json(z.string().parse(req.body)));`,
    ],
    [
      "in another module",
      `import { list } from "./orders"; app.get("/orders", list);`,
      {
        "src/orders.ts": `import { add } from "./sums"; export const list = (req, res) => res.json(add(1));`,
        "src/sums.ts": `export const add = (n) => n + 1;`,
      },
    ],
  ])("nothing that the routes call leaves the process: %s", (_, server, more) => {
    expect(told(EXPRESS + HEALTH + server, more)).toEqual([]);
  });

  test.each<[string, string, Record<string, string>?]>([
    [
      "/ready",
      `import pg from "pg"; const db = new pg.Pool(); app.get("/ready", async (q, s) => { await db.query("select 1"); s.end(); });`,
    ],
    ["/readyz", `app.get("/readyz", async (q, s) => { await fetch("http://ledger/health"); s.end(); });`],
    [
      "/health",
      `import { ping } from "./db"; app.get("/health", async (q, s) => { await ping(); s.end(); });`,
      {
        "src/db.ts": `import pg from "pg"; const db = new pg.Pool(); export const ping = () => db.query("select 1");`,
      },
    ],
    [
      "/healthz",
      `let up = false; setInterval(async () => { up = await h(); }, 5000); app.get("/healthz", (q, s) => s.sendStatus(up ? 200 : 503));`,
    ],
    [
      "/health/ready",
      `export const checks = ({ db }) => app.get("/health/ready", async (q, s) => s.json(await db.ping()));`,
    ],
  ])("no annotation, and %s asks", (_, server, more) => {
    expect(told(EXPRESS + CHARGE + server, more)).toEqual([]);
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

test("of Next.js the file is the handler", () => {
  const files = {
    "package.json": `{ "dependencies": { "next": "15" } }`,
    "pages/api/orders.ts": `import pg from "pg"; export default () => new pg.Pool();`,
    "pages/api/sums.ts": `import type { NextApiRequest } from "next"; export default (q: NextApiRequest, s) => s.json(1);`,
    "pages/api/ready.ts": `import { ping } from "../../lib/db"; export default () => ping();`,
    "lib/db.ts": `import pg from "pg"; export const ping = () => new pg.Pool().query("select 1");`,
  };
  expect(check(files, [], "all")).toEqual([]);
  const constant = { ...files, "lib/db.ts": "export const ping = () => true;" };
  expect(check(constant, [], "all")).toMatchObject([{ messageId: "uncovered", path: "pages/api/orders.ts" }]);
});

test("all checks that there are, in the order of their places", () => {
  const server = `${EXPRESS}app.get("/readyz", h);\n${CHARGE}app.get("/livez", h);\n${HEALTH}`;
  expect(check({ "src/server.ts": server }, [changed("src/server.ts")])).toMatchObject([
    {
      messageId: "uncovered",
      related: [
        { startLine: 2, message: "GET /readyz reports health, but does not say that it covers /payments." },
        { startLine: 4, message: "GET /livez reports health, but does not say that it covers /payments." },
        { startLine: 5, message: "GET /health reports health, but does not say that it covers /payments." },
      ],
    },
  ]);
});

describe("a group without a check", () => {
  const ASKS = `import pg from "pg"; const db = new pg.Pool(); const ok = () => db.query("select 1");\n`;

  test.each<[string, string]>([
    ["a liveness check asks", `app.get("/livez", ok);`],
    ["a check asks nothing", `app.get("/ready", (q, s) => s.sendStatus(200));`],
    ["an annotation speaks for other routes", `// @yantra-health /orders checks=db\napp.get("/ready", ok);`],
    ["only middleware of the check asks", `app.get("/ready", ok, (q, s) => s.sendStatus(200));`],
  ])("%s", (_, health) => {
    expect(told(EXPRESS + ASKS + CHARGE + health)).toEqual(["uncovered"]);
  });

  test.each<[string, string, Record<string, string>?]>([
    ["asks a package", `app.get("/orders", (q, s) => s.json(db.query()));`],
    ["asks in middleware", `app.get("/orders", ok, (q, s) => s.json(1));`],
    ["asks by fetch", `app.get("/orders", async (q, s) => s.json(await fetch("http://x")));`],
    ["asks the request", `app.get("/orders", async (q, s) => s.json(await q.db.list()));`],
    [
      "asks through a module",
      `import { list } from "./orders"; app.get("/orders", list);`,
      { "src/orders.ts": `import axios from "axios"; export const list = () => axios.get("http://x");` },
    ],
    ["cannot be read", `import { list } from "./generated"; app.get("/orders", list);`],
  ])("whose handler %s", (_, route, more) => {
    expect(told(EXPRESS + ASKS + HEALTH + route, more)).toEqual(["uncovered"]);
  });

  test("is told at the first route that leaves the process", () => {
    const server = `${EXPRESS}${HEALTH}app.get("/orders/ids", (q, s) => s.json([]));\napp.get("/orders", h);`;
    expect(check({ "src/server.ts": server }, [changed("src/server.ts")])).toMatchObject([{ startLine: 4 }]);
  });
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
