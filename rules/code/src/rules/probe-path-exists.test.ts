import {
  DEFAULT_SETTINGS,
  type Fact,
  FactIndex,
  type Finding,
  type HttpProbeFact,
  type ResourceFact,
  runWorkspaceRule,
  type WorkspaceSettings,
} from "@yantra-lint/core";
import { describe, expect, test } from "vitest";
import { factsOf } from "../testing.ts";
import rule from "./probe-path-exists.ts";

const RULE = "yantra/code/probe-path-exists";
const NOWHERE = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 };
const PROBE = { startLine: 20, startColumn: 19, endLine: 20, endColumn: 27 };
const at = { path: "deploy/api.yaml", ...PROBE };

function deployment(
  httpPath: string,
  image = "ghcr.io/shop/api:1.4.2",
  probe: HttpProbeFact["probe"] = "readiness",
): ResourceFact {
  const httpProbes: HttpProbeFact[] = [{ probe, httpPath, port: 8080, ...PROBE }];
  return {
    type: "resource",
    path: "deploy/api.yaml",
    ...NOWHERE,
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: "api",
    complete: true,
    labels: {},
    references: [],
    containers: [{ ...NOWHERE, name: "web", image, init: false, ports: [], httpProbes }],
  };
}

function check(facts: Fact[], settings: WorkspaceSettings = DEFAULT_SETTINGS): Finding[] {
  return runWorkspaceRule(RULE, rule, { facts: new FactIndex(facts), settings });
}

const API = "services/api/package.json";
const SERVER = "services/api/src/server.ts";
const MANIFEST = `{ "name": "@shop/api" }`;
const EXPRESS = `import express from "express"; const app = express();\n`;

/** Findings' messages for one probe path against the code of one service. */
function told(path: string, code: string, more: Record<string, string> = {}): string[] {
  return check([...factsOf({ [API]: MANIFEST, [SERVER]: code, ...more }), deployment(path)]).map(
    ({ message }) => message,
  );
}

describe("silent", () => {
  test.each<[string, string, string]>([
    ["the route exists", "/healthz", `${EXPRESS}app.get("/healthz", h);`],
    ["a query and a slash at the end do not matter", "/healthz/?full=1", `${EXPRESS}app.get("/healthz", h);`],
    ["a path without its first slash", "healthz", `${EXPRESS}app.get("/healthz", h);`],
    ["a parameter", "/health/live", `${EXPRESS}app.get("/health/:kind", h);`],
    ["a rest", "/a/b/c", `${EXPRESS}app.get("/a/*", h);`],
    ["any method", "/healthz", `${EXPRESS}app.all("/healthz", h);`],
    ["Express does not mind case", "/Healthz", `${EXPRESS}app.get("/healthz", h);`],
    [
      "no route is known as a whole",
      "/x",
      `import { Router } from "express"; export const r = Router(); r.get("/a", h);`,
    ],
    ["some routes cannot be read", "/x", `${EXPRESS}app.get("/a", h); app.get(process.env.HEALTH, h);`],
    [
      "a package may answer",
      "/x",
      `${EXPRESS}app.get("/a", h); import status from "express-status-monitor"; app.use(status());`,
    ],
    ["a placeholder", "{{ .Values.path }}", `${EXPRESS}app.get("/a", h);`],
    ["a file", "/health.html", `${EXPRESS}app.get("/a", h);`],
    [
      "a rewrite by hand",
      "/healthz",
      `${EXPRESS}app.get("/a", h); app.use((req, res, next) => { if (req.path === "/healthz") return res.end(); next(); });`,
    ],
  ])("%s", (_, path, code) => {
    expect(told(path, code)).toEqual([]);
  });

  test("a router of another file below its mounts", () => {
    const main = `${EXPRESS}import api from "./api"; app.get("/", h); app.use("/api", api);`;
    const api = `import { Router } from "express"; import v from "./v"; const r = Router(); r.use("/health", v); export default r;`;
    const v = `import { Router } from "express"; const r = Router(); r.get("/", h); r.get("/live", h); module.exports = r;`;
    const more = { "services/api/src/api.ts": api, "services/api/src/v.ts": v };
    expect(told("/api/health/live", main, more)).toEqual([]);
    expect(told("/api/health", main, more)).toEqual([]);
    // The router is mounted, but not there.
    expect(told("/internal/health/live", main, more)).toHaveLength(1);
  });

  test("routes of a package of the repository that the service depends on", () => {
    const files = {
      [API]: `{ "name": "@shop/api", "dependencies": { "@shop/health": "*" } }`,
      [SERVER]: `${EXPRESS}app.get("/a", h);`,
      "libs/health/package.json": `{ "name": "@shop/health" }`,
      "libs/health/index.ts": `import { Router } from "express"; export const r = Router(); r.get("/healthz", h);`,
    };
    expect(check([...factsOf(files), deployment("/healthz")])).toEqual([]);
    expect(check([...factsOf({ ...files, [API]: MANIFEST }), deployment("/healthz")])).toHaveLength(1);
  });

  test.each([
    ["nobody is called like the image", "ghcr.io/shop/gateway:1"],
    ["the image is a placeholder", "ghcr.io/shop/{{ api }}"],
    ["there is no image", ""],
  ])("%s", (_, image) => {
    const facts = factsOf({ [API]: MANIFEST, [SERVER]: `${EXPRESS}app.get("/a", h);` });
    expect(check([...facts, deployment("/x", image)])).toEqual([]);
  });

  test("two packages are called like the image", () => {
    const facts = factsOf({
      [API]: MANIFEST,
      [SERVER]: `${EXPRESS}app.get("/a", h);`,
      "old/api/package.json": "{}",
    });
    expect(check([...facts, deployment("/x")])).toEqual([]);
  });

  test("NestJS with its global prefix, exceptions and versions", () => {
    const controller = `import { Controller, Get } from "@nestjs/common"; @Controller("health") export class H { @Get("live") l() {} }`;
    const main = (line: string): string =>
      `import { NestFactory } from "@nestjs/core"; async function run() { const app = await NestFactory.create(M); ${line} }`;
    const files = (line: string) => ({ "services/api/src/main.ts": main(line) });
    expect(told("/api/health/live", controller, files(`app.setGlobalPrefix("api");`))).toEqual([]);
    expect(told("/health/live", controller, files(`app.setGlobalPrefix("api");`))).toHaveLength(1);
    expect(
      told("/health/live", controller, files(`app.setGlobalPrefix("api", { exclude: ["health/live"] });`)),
    ).toEqual([]);
    expect(told("/v1/health/live", controller, files(`app.enableVersioning();`))).toEqual([]);
    expect(told("/v1/health/live", controller, files(""))).toHaveLength(1);
  });
});

test("a route that nobody declares, near to one", () => {
  const facts = factsOf({ [API]: MANIFEST, [SERVER]: `${EXPRESS}app.get("/healthz", h);` });
  expect(check([...facts, deployment("/health")])).toEqual([
    {
      ruleId: RULE,
      messageId: "nearRoute",
      level: "error",
      message:
        "The readiness probe of web asks for /health, which @shop/api does not answer: the kubelet gets 404 and never calls the pod ready, so the rollout never completes. Did you mean /healthz?",
      ...at,
      related: [
        {
          path: SERVER,
          startLine: 2,
          startColumn: 9,
          endLine: 2,
          endColumn: 19,
          message: "GET /healthz is declared here.",
        },
      ],
    },
  ]);
});

test("a route that nobody declares, near to none", () => {
  const facts = factsOf({ [API]: MANIFEST, [SERVER]: `${EXPRESS}app.get("/orders", h);` });
  expect(check([...facts, deployment("/healthz", undefined, "liveness")])).toEqual([
    {
      ruleId: RULE,
      messageId: "noRoute",
      level: "error",
      message:
        "The liveness probe of web asks for /healthz, which @shop/api does not answer: the kubelet gets 404 and kills the container again and again. Add the route, or name one that exists.",
      ...at,
      related: [
        {
          path: API,
          startLine: 1,
          startColumn: 12,
          endLine: 1,
          endColumn: 21,
          message: "The package @shop/api declares one route, none of which answers.",
        },
      ],
    },
  ]);
});

test("a route for another method", () => {
  const facts = factsOf({ [API]: MANIFEST, [SERVER]: `${EXPRESS}app.post("/healthz", h);` });
  expect(check([...facts, deployment("/healthz", undefined, "startup")])).toMatchObject([
    {
      messageId: "wrongMethod",
      message:
        "The startup probe of web asks for /healthz with GET, but @shop/api answers there only to POST: the kubelet gets 404 or 405 and restarts the container again and again, so the rollout never completes. Add a GET route.",
      ...at,
      related: [{ path: SERVER, message: "POST /healthz is declared here." }],
    },
  ]);
});

test("Fastify minds case", () => {
  expect(told("/Healthz", `import Fastify from "fastify"; Fastify().get("/healthz", h);`)).toHaveLength(1);
});

test.each([
  ["registry.local:5000/team/backend:7", "registry.local:5000/team/backend"],
  ["ghcr.io/shop/backend@sha256:00", "ghcr.io/*/backend"],
  ["backend", "backend:latest"],
])("the configuration says which code %s is built from", (image, pattern) => {
  const settings = { ...DEFAULT_SETTINGS, services: [{ image: pattern, path: "./services/api/" }] };
  const facts = factsOf({ [SERVER]: `${EXPRESS}app.get("/healthz", h);` });
  expect(check([...facts, deployment("/health", image)], settings)).toMatchObject([
    { messageId: "nearRoute" },
  ]);
  expect(check([...facts, deployment("/healthz", image)], settings)).toEqual([]);
  expect(check([...facts, deployment("/health", "other")], settings)).toEqual([]);
});

test("the directory may be called like the image", () => {
  const files = {
    "apps/web/package.json": `{ "name": "@shop/storefront" }`,
    "apps/web/s.ts": `${EXPRESS}app.get("/a", h);`,
  };
  expect(check([...factsOf(files), deployment("/healthz", "shop/web:2")])).toMatchObject([
    { messageId: "noRoute" },
  ]);
});
