import { expect, test } from "vitest";
import { told } from "../testing.ts";

const APP = `import Fastify from "fastify"; const fastify = Fastify({ logger: true });\n`;

test.each<[string, string, string[]]>([
  [
    "methods",
    `${APP}fastify.get("/a", h); fastify.post("/b", { schema }, h); fastify.all("/c", h);`,
    ["GET /a", "POST /b", "* /c"],
  ],
  ["require", `const app = require("fastify")(); app.get("/a", async () => 1);`, ["GET /a"]],
  [
    "named import and type provider",
    `import { fastify } from "fastify"; const app = fastify().withTypeProvider<T>(); app.get("/a", h);`,
    ["GET /a"],
  ],
  ["route()", `${APP}fastify.route({ method: ["GET", "HEAD"], url: "/a", handler });`, ["GET /a", "HEAD /a"]],
  [
    "route() with options from elsewhere",
    `${APP}fastify.route(options);`,
    ["dynamic: route() gets options made elsewhere"],
  ],
  [
    "patterns",
    `${APP}fastify.get("/a/:id(^\\\\d+$)", h); fastify.get("/f/*", h); fastify.get("/t::x", h); fastify.get("/g/:file.png", h);`,
    ["GET /a/:id", "GET /f/*", "GET /t:x", "GET /g/:file"],
  ],
  [
    "inline plugins",
    `${APP}fastify.register(async (api) => { api.get("/x", h); api.register(async (v) => { v.get("/y", h); }, { prefix: "/v1" }); }, { prefix: "/api" });`,
    ["GET /api/x", "GET /api/v1/y"],
  ],
  [
    "a plugin of this file",
    `${APP}async function routes(app, options) { app.get("/x", h); } fastify.register(routes, { prefix: "/r" });`,
    ["GET /r/x"],
  ],
  [
    "a plugin with a computed prefix",
    `${APP}async function routes(app, options) { app.get("/x", h); } fastify.register(routes, { prefix });`,
    ["GET …/x"],
  ],
  [
    "an exported plugin, typed",
    `import type { FastifyInstance } from "fastify"; export default async function (server: FastifyInstance) { server.get("/x", h); }`,
    ["GET …/x"],
  ],
  [
    "an exported plugin, untyped",
    `module.exports = async function (fastify, opts) { fastify.get("/x", async () => 1); };`,
    ["GET …/x"],
  ],
  [
    "a plugin of another file",
    `${APP}import users from "./users.js"; fastify.register(users, { prefix: "/users" }); fastify.register(import("./b.js"));`,
    ["mount /users", "mount "],
  ],
  [
    "a plugin of another file at a computed prefix",
    `${APP}import users from "./users.js"; fastify.register(users, options);`,
    ["dynamic: a router is mounted at a computed path"],
  ],
  [
    "known plugins pass on",
    `${APP}fastify.register(require("@fastify/cors"), { origin: true }); fastify.register(import("@fastify/helmet"));`,
    [],
  ],
  [
    "unknown plugins may answer",
    `${APP}import metrics from "fastify-metrics"; fastify.register(metrics, { endpoint: "/metrics" });`,
    ["dynamic: the plugin fastify-metrics may answer paths of its own"],
  ],
  [
    "autoload",
    `${APP}import autoload from "@fastify/autoload"; fastify.register(autoload, { dir });`,
    ["dynamic: the plugin @fastify/autoload may answer paths of its own"],
  ],
  [
    "swagger-ui and files",
    `${APP}fastify.register(require("@fastify/swagger-ui")); fastify.register(require("@fastify/static"), { root, prefix: "/public/" });`,
    ["* /documentation/*", "* /public/*"],
  ],
  ["a fallback", `${APP}fastify.setNotFoundHandler((req, reply) => reply.sendFile("index.html"));`, ["* /*"]],
  [
    "a fallback that says 404",
    `${APP}fastify.setNotFoundHandler((req, reply) => reply.code(404).send());`,
    [],
  ],
])("fastify: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});
