import { expect, test } from "vitest";
import { told } from "../testing.ts";

const MANIFEST = JSON.stringify({ name: "web", dependencies: { next: "15" } });
const handlers = "export async function GET() {} export const POST = h; export const revalidate = 1;";

test.each<[string, string, string[]]>([
  ["app/api/health/route.ts", handlers, ["GET /api/health", "POST /api/health"]],
  ["src/app/route.js", handlers, ["GET /", "POST /"]],
  ["app/(shop)/@modal/cart/[id]/route.ts", handlers, ["GET /cart/:id", "POST /cart/:id"]],
  [
    "app/files/[...path]/route.ts",
    "export { GET, handler as PUT } from './h';",
    ["GET /files/*", "PUT /files/*"],
  ],
  [
    "app/docs/[[...slug]]/route.ts",
    "export const { GET, POST } = handlers;",
    ["GET /docs/*", "POST /docs/*"],
  ],
  ["app/api/all/route.ts", "export * from './h';", ["* /api/all"]],
  ["app/_lib/route.ts", handlers, []],
  ["app/%5Flib/route.ts", handlers, ["GET /_lib", "POST /_lib"]],
  ["app/feed/(..)photo/page.tsx", "export default function Page() {}", []],
  ["app/(shop)/about/page.tsx", "export default function Page() {}", ["GET /about"]],
  ["app/about/layout.tsx", "export default function Layout() {}", []],
  ["pages/api/users/[id].ts", "export default handler;", ["* /api/users/:id"]],
  ["src/pages/api/index.ts", "export default function handler() {}", ["* /api"]],
  ["pages/index.tsx", "export default function Page() {}", ["GET /"]],
  ["pages/blog/[slug].tsx", "export default function Page() {}", ["GET /blog/:slug"]],
  ["pages/_app.tsx", "export default function App() {}", []],
  ["pages/404.tsx", "export default function Page() {}", []],
])("next: %s", (path, text, expected) => {
  expect(told({ [path]: text, "package.json": MANIFEST })).toEqual(expected);
});

test("without Next.js a folder is only a folder", () => {
  expect(told({ "src/pages/home.tsx": "export default 1;", "package.json": "{}" })).toEqual([]);
});

test("a Next.js application in a monorepo", () => {
  const files = {
    "apps/web/next.config.mjs": "export default {};",
    "apps/web/app/x/route.ts": "export function GET() {}",
  };
  expect(told(files)).toEqual(["GET /x"]);
});

test.each<[string, string[]]>([
  [`module.exports = { basePath: "/docs" };`, ["GET /docs/x"]],
  [`module.exports = { basePath: process.env.BASE };`, ["GET …/x"]],
  [
    `module.exports = { async rewrites() { return [{ source: "/healthz", destination: "/api/health" }]; } };`,
    ["* …/healthz", "GET /x"],
  ],
  [
    `module.exports = { rewrites: () => rules };`,
    ["dynamic: the rewrites of next.config are computed", "GET /x"],
  ],
  [
    `module.exports = { async rewrites() { return [...rules]; } };`,
    ["dynamic: the rewrites of next.config are computed", "GET /x"],
  ],
])("next.config: %s", (config, expected) => {
  expect(told({ "next.config.js": config, "app/x/route.ts": "export function GET() {}" })).toEqual(expected);
});
