import type { EditKind } from "@yantra-lint/core";
import { actsByItself, isCatchAll, isLocaleFile, isRouteFile } from "./conventions.ts";
import { isTranslations } from "./difference.ts";
import type { Module } from "./module.ts";
import type { Tree } from "./normalise.ts";
import { registrationName } from "./registrations.ts";
import { chainOf, childOf, childrenOf, textOf, walkTree } from "./tree.ts";

const GLOBALS =
  /^(?:globalThis|window|global|self|document|process|navigator|console|Object|Array|String|Number|Function|Promise|Date|Math|JSON|Reflect|Error)$/;
const TIMERS = /^(?:setInterval|setTimeout|setImmediate|queueMicrotask|requestAnimationFrame)$/;
const STARTS =
  /^(?:listen|schedule|cron|subscribe|addListener|addEventListener|on|once|start|process|work|consume|watch|defineProperty|defineProperties|setPrototypeOf|install|patch|extend|overrideGlobal)$/;
/** Modules that are loaded for their effect and have none on other code. */
const HARMLESS_BARE = /^(?:server-only|client-only|.*\.(?:css|scss|sass|less))$/;
const CLASS_DECORATORS =
  /^(?:Injectable|Controller|Module|Component|Resolver|InputType|ObjectType|ArgsType|Service|ApiTags|ApiBearerAuth|UseGuards|UseInterceptors|UsePipes)$/;

/** What a new file does, and where that shows: an offset. */
export function newFileKind(path: string, module: Module): { kind: EditKind; at: number } {
  if (actsByItself(path) || isCatchAll(path)) return { kind: "logic", at: 0 };
  const values = module.items.filter(({ flavour }) => flavour !== "type" && flavour !== "interface");
  const isEmpty = values.length === 0 && module.loads.length === 0 && module.exports.size === 0;
  if (isEmpty) return { kind: "addition", at: module.items[0]?.tree.start ?? 0 };
  const acting = actingPlace(module);
  if (acting !== undefined) return { kind: "logic", at: acting };
  const isLocale = isLocaleFile(path) && module.bare.size === 0 && module.stars.length === 0;
  if (isLocale && values.length > 0 && values.every(({ tree }) => holdsTranslations(tree)))
    return { kind: "copy", at: 0 };
  const route = values.find(({ tree, names }) =>
    names.length === 0 ? registrationName(tree) !== undefined : isController(tree),
  );
  if (isRouteFile(path) || route) return { kind: "endpoint", at: route?.tree.start ?? 0 };
  return { kind: "addition", at: values[0]?.statement.start ?? 0 };
}

function holdsTranslations(tree: Tree): boolean {
  const value = tree.type === "VariableDeclarator" ? childOf(tree, "init") : tree;
  if (value?.type === "TSAsExpression" || value?.type === "TSSatisfiesExpression")
    return isTranslations(childOf(value, "expression") ?? value);
  // `export default messages;` after `const messages = {…}`.
  return value?.type === "Identifier" || (value?.type === "ObjectExpression" && isTranslations(value));
}

function isController(tree: Tree): boolean {
  return childrenOf(tree, "decorators").some(
    (decorator) => chainOf(childOf(decorator, "expression")).at(-1) === "Controller",
  );
}

/** Where loading the module does something beyond making its own values; undefined when it does not. */
function actingPlace(module: Module): number | undefined {
  const own = new Set(module.items.flatMap(({ names }) => names));
  if ([...module.bare].some((source) => !HARMLESS_BARE.test(source))) return module.program.start;
  for (const { tree, names } of module.items) {
    const acts = names.length === 0 ? !isHarmlessStatement(tree, own) : false;
    if (acts || hasActing(tree, own) || !hasKnownDecorators(tree)) return tree.start;
  }
  return undefined;
}

function hasKnownDecorators(tree: Tree): boolean {
  return childrenOf(tree, "decorators").every((decorator) =>
    CLASS_DECORATORS.test(chainOf(childOf(decorator, "expression")).at(-1) ?? "?"),
  );
}

/** A directive, the registration of a route, an export, or something done to a value that this module made. */
function isHarmlessStatement(tree: Tree, own: ReadonlySet<string>): boolean {
  if (tree.type === "TSModuleDeclaration") return false;
  // `if (require.main === module) main();` is for those who run the file.
  if (tree.type === "IfStatement") return isMainGuard(childOf(tree, "test"));
  if (tree.type === "TSExportAssignment") return true;
  if (tree.type !== "ExpressionStatement") return false;
  if (textOf(tree, "directive") !== undefined || registrationName(tree) !== undefined) return true;
  let inner = childOf(tree, "expression");
  while (
    inner?.type === "AwaitExpression" ||
    (inner?.type === "UnaryExpression" && textOf(inner, "operator") === "void")
  )
    inner = childOf(inner, "argument");
  const target = inner?.type === "AssignmentExpression" ? childOf(inner, "left") : inner;
  const [root = "?", next] = chainOf(target);
  if (root === "exports" || (root === "module" && next === "exports"))
    return inner?.type === "AssignmentExpression";
  return own.has(root);
}

function isMainGuard(test: Tree | undefined): boolean {
  if (!test) return false;
  let guard = false;
  walkTree(test, (node) => {
    const chain = node.type === "MemberExpression" ? chainOf(node).join(".") : "";
    if (chain === "require.main" || chain === "process.argv" || chain === "import.meta.main") guard = true;
  });
  return guard;
}

/** Whether code that runs while the module loads reaches beyond it: globals, prototypes, timers, servers. */
function hasActing(tree: Tree, own: ReadonlySet<string>): boolean {
  let acts = false;
  walkTree(tree, (node) => {
    if (node.type.includes("Function") || node.type === "MethodDefinition") return false;
    if (node.type === "PropertyDefinition" && node.fields.static !== true) return false;
    if (node.type === "StaticBlock") acts = true;
    if (node.type === "AssignmentExpression" || node.type === "UpdateExpression") {
      const chain = chainOf(childOf(node, "left") ?? childOf(node, "argument"));
      const isExport = chain[0] === "exports" || (chain[0] === "module" && chain[1] === "exports");
      if (!isExport && (!own.has(chain[0] ?? "?") || chain.includes("prototype"))) acts = true;
    }
    if (node.type === "UnaryExpression" && textOf(node, "operator") === "delete") acts = true;
    if (node.type === "CallExpression") {
      const chain = chainOf(childOf(node, "callee"));
      const [root = "?"] = chain;
      const last = chain.at(-1) ?? "?";
      if (TIMERS.test(last)) acts = true;
      if (chain.length > 1 && STARTS.test(last)) acts = true;
      if (
        chain.length > 1 &&
        GLOBALS.test(root) &&
        /^(?:set|assign|define|on|add|push|register|exit|chdir|kill)/.test(last)
      ) {
        const target = chainOf(childrenOf(node, "arguments")[0]);
        const isOwn =
          last === "assign" &&
          (own.has(target[0] ?? "?") || target[0] === "?") &&
          !target.includes("prototype");
        if (!isOwn) acts = true;
      }
    }
    return undefined;
  });
  return acts;
}
