import { expect, test } from "vitest";
import { told } from "../testing.ts";

const APP = `import Koa from "koa"; import Router from "@koa/router"; const app = new Koa();\n`;

test.each<[string, string, string[]]>([
  [
    "a used router",
    `${APP}const r = new Router({ prefix: "/p" }); r.get("/a", h).del("/b", h); app.use(r.routes()).use(r.allowedMethods());`,
    ["GET /p/a", "DELETE /p/b"],
  ],
  [
    "named routes and several paths",
    `${APP}const r = new Router(); r.get("user", "/u/:id", h); r.all(["/a", "/b"], h); app.use(r.routes());`,
    ["GET /u/:id", "* /a", "* /b"],
  ],
  [
    "prefix()",
    `${APP}const r = new Router(); r.prefix("/p"); r.get("/a", h); app.use(r.routes());`,
    ["GET /p/a"],
  ],
  [
    "a nested router",
    `${APP}const r = new Router(); const s = new Router({ prefix: "/s" }); s.get("/a", h); r.use("/r", s.routes()); app.use(r.routes());`,
    ["GET /r/s/a"],
  ],
  [
    "an exported router",
    `import Router from "koa-router"; const r = new Router(); r.get("/a", h); export default r;`,
    ["GET …/a"],
  ],
  [
    "a computed prefix",
    `${APP}const r = new Router({ prefix }); r.get("/a", h); app.use(r.routes());`,
    ["GET …/a"],
  ],
  [
    "a router of another file",
    `${APP}import users from "./users"; const r = new Router(); r.use("/users", users.routes()); app.use(r.routes());`,
    ["mount /users"],
  ],
  [
    "koa-mount",
    `${APP}import mount from "koa-mount"; const r = new Router(); r.get("/a", h); app.use(mount("/m", r.routes()));`,
    ["GET /m/a"],
  ],
  [
    "an exported application may be mounted",
    `${APP}const r = new Router(); r.get("/a", h); app.use(r.routes()); export default app;`,
    ["GET …/a"],
  ],
  [
    "an exported application that listens",
    `${APP}const r = new Router(); r.get("/a", h); app.use(r.routes()); app.listen(80); export default app;`,
    ["GET /a"],
  ],
  [
    "middleware",
    `${APP}import bodyParser from "koa-bodyparser"; app.use(bodyParser()); app.use(async (ctx, next) => next());`,
    [],
  ],
  ["an application that answers everything", `${APP}app.use((ctx) => { ctx.body = "hello"; });`, ["* /*"]],
  [
    "paths compared by hand",
    `${APP}app.use(async (ctx, next) => { if (ctx.path === "/healthz") return; await next(); });`,
    ["* …/healthz"],
  ],
])("koa: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});
