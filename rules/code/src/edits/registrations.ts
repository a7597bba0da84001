import { type Fact, Lines, type RouteFact } from "@yantra-lint/core";
import { parseFile } from "../parse.ts";
import { ensureParents } from "../routes/ast.ts";
import { routeFacts } from "../routes/index.ts";
import type { Tree } from "./normalise.ts";
import { isPure } from "./purity.ts";
import { chainOf, childOf, childrenOf, nameOf, stringOf, walkTree } from "./tree.ts";

const METHODS = /^(?:get|post|put|patch|delete|del|all|head|options|any)$/;
const MOUNTS = /^(?:use|register|route|mount)$/;
/** Calls in a registration that make middleware and do nothing yet. */
const MIDDLEWARE =
  /^(?:require|auth|authenticate|authorize|validate|validator|limit|rate|async|catch|wrap|handle|check|guard|with|verify|ensure|can|has|is|parse|multer|upload|cors|cache|json|zValidator|protect|allow|restrict)/i;

/** The call that a statement consists of, when it is a method call on something: `app.get(…)`, `await app.register(…)`. */
function methodCall(statement: Tree): { call: Tree; method: string } | undefined {
  if (statement.type !== "ExpressionStatement") return undefined;
  let call = childOf(statement, "expression");
  if (call?.type === "AwaitExpression") call = childOf(call, "argument");
  const callee = childOf(call, "callee");
  if (call?.type !== "CallExpression" || callee?.type !== "MemberExpression") return undefined;
  const method = nameOf(callee);
  return method === undefined ? undefined : { call, method };
}

/** `GET /payments` of a statement that registers a route as `app.get("/payments", …)` does, by its look alone. */
export function registrationName(statement: Tree): string | undefined {
  const found = methodCall(statement);
  const path = stringOf(childrenOf(found?.call, "arguments")[0]);
  if (!found || path === undefined || !/^[/*]/.test(path) || childrenOf(found.call, "arguments").length < 2)
    return undefined;
  if (METHODS.test(found.method))
    return `${found.method === "all" ? "*" : found.method.toUpperCase()} ${path}`;
  return MOUNTS.test(found.method) ? `${found.method.toUpperCase()} ${path}` : undefined;
}

/** Whether two patterns of routes match any path in common. */
function overlap(a: string, b: string): boolean {
  const [left, right] = [segments(a), segments(b)];
  for (let index = 0; ; index += 1) {
    const [x, y] = [left[index], right[index]];
    if (x === "*" || y === "*") return true;
    if (x === undefined || y === undefined) return x === y;
    if (x.toLowerCase() !== y.toLowerCase() && !x.startsWith(":") && !y.startsWith(":")) return false;
  }
}

function segments(pattern: string): string[] {
  return pattern.split("/").filter((segment) => segment !== "");
}

/** The routes of one version of a file, read when they are first asked for. */
class Routes {
  readonly #lines: Lines;
  readonly facts: readonly Fact[];

  constructor(path: string, text: string) {
    this.#lines = new Lines(text);
    const parsed = parseFile(path, text);
    const { code } = parsed.ok ? parsed : { code: undefined };
    if (code?.ast) ensureParents(code.ast);
    this.facts = code?.ast ? routeFacts({ ...code, ast: code.ast }) : [];
  }

  get routes(): RouteFact[] {
    return this.facts.flatMap((fact) => (fact.type === "route" ? [fact] : []));
  }

  within(tree: Tree): Fact[] {
    return this.facts.filter(({ startLine, startColumn }) => {
      const at = this.#lines.offset({ line: startLine, column: startColumn });
      return at >= tree.start && at < tree.end;
    });
  }
}

/** Which statements and methods of the new version do nothing but declare new routes. */
export class Registrations {
  readonly #load: () => { before: Routes; after: Routes };
  readonly #oldProgram: Tree;
  readonly #newImports: ReadonlySet<string>;
  #routes: { before: Routes; after: Routes } | undefined;

  /** `newImports`: local names whose import is new. */
  constructor(
    file: { path: string; before: string; after: string },
    oldProgram: Tree,
    newImports: ReadonlySet<string>,
  ) {
    this.#load = () => ({
      before: new Routes(file.path, file.before),
      after: new Routes(file.path, file.after),
    });
    this.#oldProgram = oldProgram;
    this.#newImports = newImports;
  }

  /** The names of the routes that a new statement declares; undefined when it does anything else. */
  ofStatement(statement: Tree): string[] | undefined {
    const found = methodCall(statement);
    if (!found) return undefined;
    if (METHODS.test(found.method)) return this.#ofRoute(statement, found.call);
    return MOUNTS.test(found.method) ? this.#ofMount(found.call, found.method) : undefined;
  }

  /** The same of a new method with decorators, as NestJS has them. */
  ofMethod(member: Tree): string[] | undefined {
    return this.#newRoutes(member);
  }

  #ofRoute(statement: Tree, call: Tree): string[] | undefined {
    const [path, ...handlers] = childrenOf(call, "arguments");
    if (stringOf(path) === undefined || handlers.length === 0) return undefined;
    if (!handlers.every((handler) => this.#isHandler(handler))) return undefined;
    return this.#newRoutes(statement);
  }

  #newRoutes(tree: Tree): string[] | undefined {
    this.#routes ??= this.#load();
    const { before, after } = this.#routes;
    const facts = after.within(tree);
    const routes = facts.flatMap((fact) => (fact.type === "route" ? [fact] : []));
    if (routes.length === 0 || routes.length < facts.length) return undefined;
    // Of what existed, only a last resort (`*`) may lose paths to the new route.
    const existing = before.routes.filter(({ routePath }) => routePath !== "/*" && routePath !== "*");
    const isFree = routes.every(
      (route) =>
        !route.routePath.includes("*") &&
        !existing.some(
          (other) =>
            (route.method === "*" || other.method === "*" || route.method === other.method) &&
            overlap(route.routePath, other.routePath),
        ) &&
        !this.#mounted(this.#oldProgram).some((prefix) => under(route.routePath, prefix)),
    );
    return isFree ? [...new Set(routes.map(({ method, routePath }) => `${method} ${routePath}`))] : undefined;
  }

  #ofMount(call: Tree, method: string): string[] | undefined {
    const [first, second, ...rest] = childrenOf(call, "arguments");
    const isRegister = method === "register";
    const prefix = isRegister ? prefixOption(second) : stringOf(first);
    const router = isRegister ? first : second;
    const name = router?.type === "Identifier" ? nameOf(router) : undefined;
    if (prefix === undefined || name === undefined || rest.length > 0 || !this.#newImports.has(name))
      return undefined;
    if (segments(prefix).length === 0 || /[*:({\\]/.test(prefix)) return undefined;
    this.#routes ??= this.#load();
    // What has no router in the file it stands in is no mount of one.
    const isRouter = this.#routes.before.facts.length > 0 || this.#routes.after.within(call).length > 0;
    const taken = [
      ...this.#mounted(this.#oldProgram),
      ...this.#routes.before.routes.map(({ routePath }) => routePath),
    ];
    const isFree = taken.every(
      (path) =>
        segments(path).length === 0 || path === "/*" || (!under(path, prefix) && !under(prefix, path)),
    );
    return isRouter && isFree ? [`${method.toUpperCase()} ${prefix}`] : undefined;
  }

  /** Prefixes at which something is mounted in a version. */
  #mounted(program: Tree): string[] {
    const prefixes: string[] = [];
    walkTree(program, (node) => {
      if (node.type !== "CallExpression") return;
      const callee = childOf(node, "callee");
      if (callee?.type !== "MemberExpression" || !MOUNTS.test(nameOf(callee) ?? "")) return;
      const [first, second] = childrenOf(node, "arguments");
      const prefix = nameOf(callee) === "register" ? prefixOption(second) : stringOf(first);
      if (prefix !== undefined && segments(prefix).length > 0 && second) prefixes.push(prefix);
    });
    return prefixes;
  }

  /** A function, a name, options, or a call that makes middleware. */
  #isHandler(tree: Tree): boolean {
    if (tree.type === "ArrayExpression")
      return childrenOf(tree, "elements").every((item) => this.#isHandler(item));
    if (tree.type === "MemberExpression") return !chainOf(tree).includes("?");
    if (tree.type !== "CallExpression") return isPure(tree, () => true);
    const callee = chainOf(childOf(tree, "callee"));
    const isMaker = MIDDLEWARE.test(callee.at(-1) ?? "?") || this.#isUsed(callee.join("."));
    return (
      isMaker &&
      childrenOf(tree, "arguments").every(
        (argument) => this.#isHandler(argument) || isPure(argument, () => true),
      )
    );
  }

  /** Whether the old version calls the same function within a registration. */
  #isUsed(callee: string): boolean {
    let used = false;
    walkTree(this.#oldProgram, (node) => {
      if (node.type !== "ExpressionStatement" || registrationName(node) === undefined) return;
      walkTree(node, (inner) => {
        if (inner.type === "CallExpression" && chainOf(childOf(inner, "callee")).join(".") === callee)
          used = true;
        return !inner.type.includes("Function");
      });
    });
    return used;
  }
}

/** `{ prefix: "/payments" }`, which is all there may be. */
function prefixOption(options: Tree | undefined): string | undefined {
  const [property, ...others] = childrenOf(options, "properties");
  if (options?.type !== "ObjectExpression" || others.length > 0 || nameOf(property) !== "prefix")
    return undefined;
  return stringOf(childOf(property, "value"));
}

/** Whether a path is the other or below it. */
function under(path: string, prefix: string): boolean {
  const [inner, outer] = [segments(path), segments(prefix)];
  return outer.every((segment, index) => {
    const own = inner[index];
    return (
      own !== undefined &&
      (own.toLowerCase() === segment.toLowerCase() ||
        own.startsWith(":") ||
        segment.startsWith(":") ||
        own === "*")
    );
  });
}
