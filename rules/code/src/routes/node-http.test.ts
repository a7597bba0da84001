import { expect, test } from "vitest";
import { told } from "../testing.ts";

const server = (body: string): string => `import { createServer } from "node:http";
createServer((req, res) => { ${body} }).listen(8080);`;

test.each<[string, string, string[]]>([
  [
    "comparisons",
    server(`if (req.url === "/healthz" || "/ready" == req.url) return res.end(); res.writeHead(404).end();`),
    ["* /healthz", "* /ready"],
  ],
  [
    "switch, with a query and a slash",
    server(`switch (req.url) { case "/a/": case "/b?x=1": break; default: res.statusCode = 404; }`),
    ["* /a", "* /b"],
  ],
  [
    "the parsed URL",
    server(
      `const { pathname } = new URL(req.url, base); if (new URL(req.url, base).pathname === "/a") return; res.writeHead(404);`,
    ),
    ["* /a"],
  ],
  [
    "includes()",
    server(`if (["/live", "/ready"].includes(req.url)) return; res.writeHead(404);`),
    ["* /live", "* /ready"],
  ],
  [
    "other branches answer too",
    server(`if (req.url === "/a") return res.end("a"); res.end("hello");`),
    ["dynamic: the server's handler answers more than the paths it compares", "* …/a"],
  ],
  [
    "prefixes",
    server(`if (req.url.startsWith("/a")) return; if (req.url === "/b") return; res.writeHead(404);`),
    ["dynamic: the server's handler answers more than the paths it compares", "* …/b"],
  ],
  [
    "an application inside is not a handler",
    `import http from "http"; import express from "express"; const app = express(); app.get("/a", h); http.createServer(app).listen(80);`,
    ["GET /a"],
  ],
  [
    "the browser's location is no request",
    `if (location.pathname === "/x" || router.pathname === "/y") go();`,
    [],
  ],
  [
    "other servers",
    `import Hapi from "@hapi/hapi"; const server = Hapi.server();`,
    ["dynamic: hapi declares routes that are not read"],
  ],
  ["types of other servers", `import type { Server } from "@hapi/hapi"; export type S = Server;`, []],
])("node: %s", (_, code, expected) => {
  expect(told(code)).toEqual(expected);
});
