import { expect, test } from "vitest";
import { told } from "../testing.ts";

const APP = `import { Hono } from "hono"; const app = new Hono();\n`;

test.each<[string, string, string[]]>([
  ["methods", `${APP}app.get("/a", h).post("/b", v, h); app.all("/c", h);`, ["GET /a", "POST /b", "* /c"]],
  [
    "on()",
    `${APP}app.on(["PUT", "DELETE"], "/a", h); app.on("PURGE", ["/b", "/c"], h);`,
    ["PUT /a", "DELETE /a", "PURGE /b", "PURGE /c"],
  ],
  [
    "patterns",
    `${APP}app.get("/a/:id{[0-9]{2}}", h); app.get("/w/*/c", h); app.get("/f/*", h); app.get("/o/:x?", h);`,
    ["GET /a/:id", "GET /w/:wildcard/c", "GET /f/*", "GET /o", "GET /o/:x"],
  ],
  [
    "basePath",
    `import { Hono } from "hono"; const api = new Hono().basePath("/api"); api.get("/x", h);`,
    ["GET /api/x"],
  ],
  [
    "route()",
    `${APP}const sub = new Hono(); sub.get("/", h); sub.get("/:id", h); app.route("/books", sub);`,
    ["GET /books", "GET /books/:id"],
  ],
  [
    "route() of another file",
    `${APP}import books from "./books"; app.route("/books", books);`,
    ["mount /books"],
  ],
  ["a default export may be mounted elsewhere", `${APP}app.get("/a", h); export default app;`, ["GET …/a"]],
  [
    "an export may be mounted elsewhere",
    `import { Hono } from "hono"; export const books = new Hono().get("/a", h);`,
    ["GET …/a"],
  ],
  [
    "an exported type is no export",
    `${APP}const routes = app.get("/a", h); export type AppType = typeof routes;`,
    ["GET /a"],
  ],
  [
    "a server gets it",
    `import { serve } from "@hono/node-server"; ${APP}app.get("/a", h); serve(app); serve({ fetch: app.fetch, port: 80 });`,
    ["GET /a"],
  ],
  [
    "an exported server",
    `${APP}app.get("/a", h); export default { port: 3000, fetch: app.fetch };`,
    ["GET /a"],
  ],
  [
    "OpenAPI",
    `import { OpenAPIHono, createRoute } from "@hono/zod-openapi"; const app = new OpenAPIHono(); const route = createRoute({ method: "get", path: "/u/{id}" }); app.openapi(route, h);`,
    ["GET /u/:id"],
  ],
  ["mount()", `${APP}app.mount("/old", handler);`, ["* /old/*"]],
  [
    "middleware passes on",
    `${APP}import { logger } from "hono/logger"; app.use(logger()); app.use("*", async (c, next) => next());`,
    [],
  ],
  [
    "files",
    `${APP}import { serveStatic } from "@hono/node-server/serve-static"; app.use("/static/*", serveStatic({ root })); app.use("*", serveStatic({ root }));`,
    ["GET /static/*", "GET /"],
  ],
  ["a computed path", `${APP}app.get(path, h);`, ["dynamic: a route's path is computed"]],
])("hono: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});
