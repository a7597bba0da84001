import type { Fact } from "@yantra-lint/core";
import type { TSESTree } from "@typescript-eslint/utils";
import type { Code } from "../source.ts";
import { walk } from "./ast.ts";
import { express } from "./express.ts";
import { fastify } from "./fastify.ts";
import { hono } from "./hono.ts";
import { koa } from "./koa.ts";
import { OTHER_SERVERS } from "./modules.ts";
import { nestFacts } from "./nest.ts";
import { nodeFacts } from "./node-http.ts";
import { place } from "./place.ts";
import { RouterFile } from "./routers.ts";

const FRAMEWORKS = [express, fastify, hono, koa];

/** The routes that a file's code declares, and where there are some that cannot be read. */
export function routeFacts(code: Code & { ast: TSESTree.Program }): Fact[] {
  return [
    ...new RouterFile(code, FRAMEWORKS).facts(),
    ...(code.text.includes("@nestjs/") ? nestFacts(code) : []),
    ...nodeFacts(code),
    ...otherServers(code),
  ];
}

/** Imports (of values, not of types alone) and requires of servers that this pack does not read. */
function otherServers(code: Code & { ast: TSESTree.Program }): Fact[] {
  const facts: Fact[] = [];
  walk(code.ast, (node) => {
    let source: TSESTree.Node | undefined;
    if (node.type === "ImportDeclaration" && node.importKind !== "type") source = node.source;
    else if (
      node.type === "CallExpression" &&
      node.callee.type === "Identifier" &&
      node.callee.name === "require"
    ) {
      source = node.arguments[0];
    }
    if (source?.type !== "Literal" || typeof source.value !== "string") return;
    const framework = OTHER_SERVERS.get(source.value);
    if (!framework) return;
    const why = `${framework} declares routes that are not read`;
    facts.push({ type: "dynamicRoutes", ...place(source), framework, why });
  });
  return facts;
}
