import { expect, test } from "vitest";
import { factsOf, told } from "../testing.ts";

const EXPRESS = `import express, { Router } from "express";\n`;
const APP = `${EXPRESS}const app = express();\n`;

test.each<[string, string, string[]]>([
  [
    "methods",
    `${APP}app.get("/a", h).post("/a", h); app.all("/b", m, h); app.delete("/c/:id", h);`,
    ["GET /a", "POST /a", "* /b", "DELETE /c/:id"],
  ],
  [
    "require",
    `const express = require("express"); const app = express(); app.get("/a", (q, s) => s.end());`,
    ["GET /a"],
  ],
  ["route()", `${APP}app.route("/r").get(h).put(h);`, ["GET /r", "PUT /r"]],
  ["several paths", `${APP}app.get(["/a", "/b"], h);`, ["GET /a", "GET /b"]],
  ["a setting is no route", `${APP}app.get("trust proxy");`, []],
  [
    "constants, templates, sums, enums and objects",
    `${APP}const B = "/b"; enum P { H = "/h" } const O = { live: "/l" } as const;
    app.get(B + "/x", h); app.get(\`\${B}/y\`, h); app.get(P.H, h); app.get(O.live, h);`,
    ["GET /b/x", "GET /b/y", "GET /h", "GET /l"],
  ],
  [
    "Express 4 patterns",
    `${APP}app.get("/a/:id(\\\\d+)", h); app.get("/b/:id?", h); app.get("*", h);`,
    ["GET /a/:id", "GET /b", "GET /b/:id", "GET /*"],
  ],
  [
    "Express 5 patterns",
    `${APP}app.get("/a{/:id}", h); app.get("/f/*rest", h); app.get("/{*all}", h);`,
    ["GET /a", "GET /a/:id", "GET /f/*", "GET /", "GET /*"],
  ],
  ["a regular expression", `${APP}app.get(/^\\/a/, h);`, ["dynamic: a route's path is computed"]],
  [
    "a path from the environment",
    `${APP}app.get(process.env.HEALTH, h);`,
    ["dynamic: a route's path is computed"],
  ],
  [
    "a let that changes",
    `${APP}let p = "/a"; p = other(); app.get(p, h);`,
    ["dynamic: a route's path is computed"],
  ],
  [
    "routers mounted in the file",
    `${APP}const auth = (q, s, next) => next(); const api = Router(); const users = express.Router();
    users.get("/:id", h); api.use("/users", users); app.use("/api", auth, api);`,
    ["GET /api/users/:id"],
  ],
  [
    "a router mounted twice",
    `${APP}const r = Router(); r.get("/x", h); app.use(["/v1", "/v2"], r);`,
    ["GET /v1/x", "GET /v2/x"],
  ],
  [
    "a router mounted at a computed path",
    `${APP}const r = Router(); r.get("/x", h); app.use(\`/\${v}\`, r);`,
    ["GET …/x"],
  ],
  ["an exported router", `${EXPRESS}export const r = Router(); r.get("/x", h);`, ["GET …/x"]],
  ["a router given away", `${EXPRESS}const r = Router(); r.get("/x", h); module.exports = r;`, ["GET …/x"]],
  [
    "a returned router",
    `${EXPRESS}export function make() { const r = Router(); r.get("/x", h); return r; }`,
    ["GET …/x"],
  ],
  [
    "a router of another file",
    `${APP}import users from "./users"; app.use("/users", users);`,
    ["mount /users"],
  ],
  [
    "a router of another file at a computed path",
    `${APP}import users from "./users"; app.use(\`/\${v}\`, users);`,
    ["dynamic: a router is mounted at a computed path"],
  ],
  [
    "a router of another file at a path of another file",
    `${APP}import users from "./users"; import { USERS_PATH } from "./p"; app.use(USERS_PATH, users);`,
    ["dynamic: a router is mounted at a computed path"],
  ],
  [
    "typed parameters",
    `import type { Express, Router } from "express";
    export function a(app: Express) { app.get("/a", h); } export function b(r: Router) { r.get("/b", h); }`,
    ["GET /a", "GET …/b"],
  ],
  [
    "class members",
    `${EXPRESS}class S { private readonly app = express(); constructor() { this.app.get("/a", h); this.app.use("/b", this.r()); } }`,
    ["GET /a", "mount /b"],
  ],
  [
    "an untyped parameter with a handler",
    `module.exports = function (app) { app.get("/a", (req, res) => res.end()); };`,
    ["GET …/a"],
  ],
  [
    "known middleware passes on",
    `${APP}import cors from "cors"; import helmet from "helmet"; app.use(cors(), helmet()); app.use(express.json()); app.use((q, s, next) => next());`,
    [],
  ],
  [
    "unknown middleware may answer",
    `${APP}import status from "express-status-monitor"; app.use(status());`,
    ["dynamic: middleware of a package may answer paths of its own"],
  ],
  [
    "unknown middleware below a path",
    `${APP}import docs from "swagger-ui-express"; app.use("/docs", docs.serve, docs.setup(x));`,
    ["* /docs/*", "* /docs/*"],
  ],
  [
    "files",
    `${APP}app.use(express.static("public")); app.use("/assets", express.static("a"));`,
    ["GET /", "* /assets/*"],
  ],
  ["a fallback that answers everything", `${APP}app.use((req, res) => res.sendFile(index));`, ["* /*"]],
  ["a fallback that says 404", `${APP}app.use((req, res) => res.status(404).end());`, []],
  ["an error handler", `${APP}app.use((err, req, res, next) => res.end());`, []],
])("express: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});

test.each([
  [`const map = new Map(); map.get("/x", 1); cache.delete("/k", () => 1);`],
  [`import axios from "axios"; axios.get("/x", { headers }); api.post("/y", body);`],
  [`import request from "supertest"; ${APP} await request(app).get("/x").expect(200);`],
  [`import { http } from "msw"; import express from "express"; http.get("/x", () => 1);`],
  [
    `import express from "express"; import { client } from "./client"; client.get("/x", () => 1); function f(app: Client) { app.get("/x", () => 1); }`,
  ],
  [`import type { Request } from "express"; function f(router: NextRouter) { router.push("/x"); }`],
])("no route: %s", (code) => {
  expect(told(code)).toEqual([]);
});

test.each([
  "src/a.test.ts",
  "src/__tests__/a.ts",
  "e2e/server.ts",
  "test/app.js",
  "src/a.e2e-spec.ts",
  "mocks/server.js",
])("%s declares no routes", (path) => {
  expect(told({ [path]: `${APP}app.get("/a", h);` })).toEqual([]);
});

test("a route's place is its path, in the order of the text", () => {
  const facts = factsOf({ "a.ts": `${APP}app\n  .get("/a", h)\n  .post("/b", h);` });
  expect(facts).toMatchObject([
    { routePath: "/a", path: "a.ts", startLine: 4, startColumn: 8, endLine: 4, endColumn: 12 },
    { routePath: "/b", path: "a.ts", startLine: 5, startColumn: 9, endLine: 5, endColumn: 13 },
  ]);
});
