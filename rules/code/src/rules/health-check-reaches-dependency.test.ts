import { FactIndex, type Finding, runWorkspaceRule } from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { factsOf, graphOf } from "../testing.ts";
import rule from "./health-check-reaches-dependency.ts";

const RULE = "yantra/code/health-check-reaches-dependency";
const PAYMENTS = `import Stripe from "stripe"; const client = new Stripe("k");
export const charge = () => client.charges.create(); export const ping = () => client.balance.retrieve();`;
const ROUTES = `import express from "express"; import { charge } from "./lib/payments.js"; const app = express();
app.post("/payments/charge", async (req, res) => res.json(await charge()));\n`;
const CHECK = "// @yantra-health /payments checks=payments\n";
const DB = "// @yantra-health /users checks=db\n";

function check(files: Record<string, string>): Finding[] {
  const facts = new FactIndex(factsOf(files));
  return runWorkspaceRule(RULE, rule, { facts, modules: () => graphOf(files) });
}

/** Findings' message ids for a server with the routes above it, and other files. */
function told(server: string, more: Record<string, string> = {}): (string | undefined)[] {
  return check({ "src/server.ts": ROUTES + server, "src/lib/payments.ts": PAYMENTS, ...more }).map(
    ({ messageId }) => messageId,
  );
}

const OK = `app.get("/health", (req, res) => { res.status(200).json({ ok: true, up: process.uptime() }); });`;

describe("silent", () => {
  test.each<[string, string, Record<string, string>?]>([
    ["it claims nothing", `// @yantra-health /payments\n${OK}`],
    [
      "it calls the module",
      `import { ping } from "./lib/payments.js";\n${CHECK}app.get("/health", async (req, res) => { await ping(); res.end(); });`,
    ],
    [
      "through a function of the file",
      `import * as p from "./lib/payments.js"; const all = async () => Promise.all([p.ping()]);\n${CHECK}app.get("/health", async (req, res) => res.json(await all()));`,
    ],
    [
      "through another module",
      `import { checkAll } from "./checks";\n${CHECK}app.get("/health", checkAll);`,
      { "src/checks.ts": `import { ping } from "./lib/payments"; export const checkAll = () => ping();` },
    ],
    [
      "through a module that hands it on",
      `import { ping } from "./lib";\n${CHECK}app.get("/health", () => ping());`,
      {
        "src/lib/index.ts": `export * from "./log"; export { ping } from "./payments";`,
        "src/lib/log.ts": "export const log = () => 1;",
      },
    ],
    [
      "by the package that the module uses",
      `import Stripe from "stripe"; const s = new Stripe("");\n${CHECK}app.get("/health", () => s.balance.retrieve());`,
    ],
    [
      "it asks somebody whose name is a text",
      `${CHECK}app.get("/health", async (req, res) => { const r = await fetch("http://payments/health"); res.sendStatus(r.status); });`,
    ],
    [
      "a module of its own asks",
      `import { up } from "./up";\n${CHECK}app.get("/health", up);`,
      { "src/up.ts": `export const up = () => fetch("http://payments/health");` },
    ],
    [
      "a client asks",
      `import { up } from "./up";\n${CHECK}app.get("/health", up);`,
      { "src/up.ts": `import axios from "axios"; export const up = () => axios.get("x");` },
    ],
    [
      "Node.js itself connects",
      `import net from "node:net";\n${CHECK}app.get("/health", () => net.connect(1));`,
    ],
    [
      "it is given what it asks",
      `export function routes(app, { gateway }) {\n${CHECK}app.get("/health", async (req, res) => { await gateway.ping(); res.end(); }); }`,
    ],
    [
      "the request leads to it",
      `${CHECK}app.get("/health", async (req, res) => { await req.app.locals.gateway.ping(); res.end(); });`,
    ],
    [
      "an import leads nowhere that is known",
      `import { ping } from "./generated/client";\n${CHECK}app.get("/health", () => ping());`,
    ],
    ["it stands above no code", `${OK}\n${CHECK}`],
    [
      "nobody knows what the name means",
      `import { a } from "some-sdk";\n// @yantra-health /payments checks=ledger\napp.get("/health", () => a());`,
    ],
    [
      "it shares with the routes what may be the way",
      `import { db } from "./db";\n${CHECK}app.get("/health", () => db.query());`,
      {
        "src/db.ts": `import pg from "pg"; export const db = new pg.Pool();`,
        "src/lib/payments.ts": `import { db } from "../db"; export const charge = () => db.query();`,
      },
    ],
    [
      "a class is given what it calls by its type",
      `import { PaymentsClient } from "./lib/payments.js"; class C { constructor(private readonly c: PaymentsClient) {}\n${CHECK}@Get("health") health() { return this.c.ping(); } }`,
    ],
    [
      "it reads a flag that a timer sets",
      `import { db } from "./db"; let dbUp = false;
setInterval(async () => { try { await db.query("select 1"); dbUp = true } catch { dbUp = false } }, 5000);
${DB}app.get("/health", (q, s) => s.sendStatus(dbUp ? 200 : 503));`,
      { "src/db.ts": `import pg from "pg"; export const db = new pg.Pool();` },
    ],
    [
      "it reads a property that a timer sets",
      `import { db } from "./db"; const state = { ready: false };
setInterval(async () => { try { await db.query("select 1"); state.ready = true } catch { state.ready = false } }, 5000);
${DB}app.get("/health", (q, s) => s.sendStatus(state.ready ? 200 : 503));`,
      { "src/db.ts": `import pg from "pg"; export const db = new pg.Pool();` },
    ],
    [
      "through a function of the file that reads a flag",
      `let up; const isUp = () => up; function watch(ok) { up = ok; }\n${CHECK}app.get("/health", (q, s) => s.sendStatus(isUp() ? 200 : 503)); watch(true);`,
    ],
    [
      "it reads a Map that other code fills",
      `const states = new Map(); poll((name, ok) => states.set(name, ok));\n${CHECK}app.get("/health", (q, s) => s.json(states.get("payments")));`,
    ],
    [
      "it reads an object that is handed on",
      `const state = { up: true }; watch(state);\n${CHECK}app.get("/health", (q, s) => s.json(state.up));`,
    ],
    [
      "it reads an object that others can import",
      `export const state = { up: true };\n${CHECK}app.get("/health", (q, s) => s.json(state.up));`,
    ],
    [
      "it reads what the application keeps",
      `setInterval(async () => { app.locals.up = await charge(); }, 1);\n${CHECK}app.get("/health", (q, s) => s.json(app.locals.up));`,
    ],
    [
      "it reads a member that another method sets",
      `class C { up = false; start() { setInterval(async () => { this.up = !!(await charge()); }, 1); }\n${CHECK}@Get("health") health() { return this.up; } }`,
    ],
    ...[
      `export const state = { ready: false };`,
      `let ready = false; export const state = { get ready() { return ready; } }; export const set = (v) => { ready = v; };`,
      `class State { ready; mark(v) { this.ready = v; } } export const state = new State();`,
    ].map((text): [string, string, Record<string, string>] => [
      `it reads the state of another module: ${text}`,
      `import { state } from "./state";\n${CHECK}app.get("/health", (q, s) => s.sendStatus(state.ready ? 200 : 503));`,
      { "src/state.ts": text },
    ]),
    [
      "one of a kind",
      `import { Redis } from "ioredis"; const r = new Redis();\n// @yantra-health / checks=cache\napp.get("/health", () => r.ping());`,
    ],
  ])("%s", (_, server, more) => {
    expect(told(server, more)).toEqual([]);
  });

  test("no module can be read", () => {
    const files = {
      "src/server.ts": `${ROUTES}import { log } from "./log";\n${CHECK}app.get("/health", () => log());`,
      "src/log.ts": "export const log = () => 1;",
    };
    expect(runWorkspaceRule(RULE, rule, { facts: new FactIndex(factsOf(files)) })).toEqual([]);
  });
});

test("a check that says ok", () => {
  expect(check({ "src/server.ts": `${ROUTES}${CHECK}${OK}`, "src/lib/payments.ts": PAYMENTS })).toEqual([
    {
      ruleId: RULE,
      messageId: "nothing",
      level: "error",
      message:
        "This check says that it checks payments, but nothing that it calls leaves the process: it says ok while payments is down, and a release that cannot reach it is rolled out to all. Call what the routes below /payments use to reach payments, and answer 503 when that fails.",
      path: "src/server.ts",
      startLine: 3,
      startColumn: 4,
      endLine: 3,
      endColumn: 44,
    },
  ]);
});

describe("nothing leaves the process", () => {
  test.each<[string, string, Record<string, string>?]>([
    [
      "in a handler of its own",
      `${CHECK}export async function GET() { return Response.json({ ok: true }); }`,
    ],
    [
      "in a function of the file",
      `function health(_req, res) { res.send("ok"); }\n${CHECK}app.get("/health", health);`,
    ],
    [
      "after middleware that every route has",
      `import { auth } from "./auth-db";\n${CHECK}app.get("/health", auth, (req, res) => res.json({ ok: true }));`,
    ],
    [
      "in options",
      `${CHECK}app.route({ method: "GET", url: "/health", handler: async () => ({ ok: true }) });`,
    ],
    [
      "in a method",
      `class C {\n${CHECK}@Get("health") health() { return this.ok(); }\n ok() { return { ok: true }; } }`,
    ],
    ["below the first line of the handler", `app.get("/health", (req, res) => {\n${CHECK} res.end(); });`],
    [
      "with constants of the file",
      `const VERSION = { name: "shop" }; const started = Date.now();\n${CHECK}app.get("/health", (q, s) => s.json({ ...VERSION, started }));`,
    ],
    [
      "with a counter of its own",
      `let asked = 0;\n${CHECK}app.get("/health", (q, s) => { asked += 1; s.json({ asked }); });`,
    ],
    [
      "with a flag that it reads nowhere",
      `let dbUp = false; setInterval(() => { dbUp = !dbUp; }, 1);\n${CHECK}app.get("/health", (q, s) => s.sendStatus(200));`,
    ],
    [
      "with a logger that keeps a level",
      `import { log } from "./log";\n${CHECK}app.get("/health", (req, res) => { log("x"); res.end(); });`,
      {
        "src/log.ts": `let level = 1; export const log = () => level; export const set = (v) => { level = v; };`,
      },
    ],
    [
      "with only a logger",
      `import { log } from "./log";\n${CHECK}app.get("/health", (req, res) => { log.info("x"); res.end(); });`,
      {
        "src/log.ts": `import pino from "pino"; import os from "node:os"; export const log = pino(os.hostname());`,
      },
    ],
    [
      "where the file imports the module for its routes only",
      `import os from "node:os"; import { log } from "./lib";\n${CHECK}app.get("/health", (req, res) => { log(os.loadavg()); res.json(1); });`,
      {
        "src/lib/index.ts": `export { log } from "./log"; export * from "./payments";`,
        "src/lib/log.ts": "export const log = () => 1;",
      },
    ],
  ])("%s", (_, server, more) => {
    expect(told(server, more)).toEqual(["nothing"]);
  });

  test("each dependency is told", () => {
    expect(told(`// @yantra-health / checks=payments,db\n${OK}`)).toEqual(["nothing", "nothing"]);
  });
});

describe("it calls something else", () => {
  const redis = `import { Redis } from "ioredis"; const r = new Redis();\n${CHECK}app.get("/health", () => r.ping());`;

  test("than the module of the routes", () => {
    expect(check({ "src/server.ts": ROUTES + redis, "src/lib/payments.ts": PAYMENTS })).toMatchObject([
      {
        messageId: "missed",
        message:
          "This check says that it checks payments, but nothing that it calls leads to src/lib/payments.ts, through which the routes below /payments reach payments: it says ok while payments is down, and a release that cannot reach it is rolled out to all. Call src/lib/payments.ts here, or take payments out of `checks=`.",
        path: "src/server.ts",
        startLine: 4,
        startColumn: 4,
      },
    ]);
  });

  test("than the module that says what it depends on", () => {
    const server = `import express from "express"; import { book } from "./accounts"; import { Redis } from "ioredis"; const r = new Redis();
const app = express(); app.post("/books", () => book());
// @yantra-health /books checks=ledger
app.get("/health", () => r.ping());`;
    const accounts = `// @yantra-depends ledger\nimport { Client } from "bank-sdk"; export const book = () => new Client();`;
    expect(check({ "src/server.ts": server, "src/accounts.ts": accounts })).toMatchObject([
      { messageId: "missed", startLine: 3 },
    ]);
    const right = server.replace("() => r.ping()", "() => book()");
    expect(check({ "src/server.ts": right, "src/accounts.ts": accounts })).toEqual([]);
  });

  test("only one of two is missing", () => {
    const both = redis.replace("checks=payments", "checks=payments,redis");
    expect(told(both)).toEqual(["missed"]);
  });
});
