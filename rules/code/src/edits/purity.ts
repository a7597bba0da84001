import type { Item } from "./module.ts";
import type { Tree } from "./normalise.ts";
import { chainOf, childOf, childrenOf, nameOf, textOf } from "./tree.ts";

/** Calls that make a value and do nothing else. */
const MAKERS =
  /^(?:(?:React\.)?(?:memo|forwardRef|createContext|lazy)|Object\.freeze|Symbol(?:\.for)?|String\.raw|cva|tv|require|createSelector)$/;
const CLASSES = new Set([
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "Date",
  "Array",
  "Object",
  "Error",
  "TextEncoder",
  "TextDecoder",
]);
const CONSTANTS = new Set(["undefined", "NaN", "Infinity"]);
/** Names whose methods build schemas: `z.object({…})`. Their calls have no effect beyond the value. */
const BUILDERS = /^(?:z|zod|yup|Yup|v|Joi|joi|s|t|Type)$/;
/** Class decorators of NestJS that declare and register nothing elsewhere. */
const DECORATORS = new Set(["Injectable", "Controller"]);

/**
 * What a name means at a place of the module's top level, as far as it can be read there without an exception:
 * names imported, declared above, or hoisted.
 */
export type Known = (name: string) => boolean;

/** Whether evaluating an expression can neither fail nor do anything. Unsure is no. */
export function isPure(tree: Tree | undefined | null, known: Known): boolean {
  if (!tree) return true;
  const all = (field: string): boolean => childrenOf(tree, field).every((child) => isPure(child, known));
  switch (tree.type) {
    case "Literal":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return true;
    case "Identifier": {
      const name = textOf(tree, "name") ?? "?";
      return CONSTANTS.has(name) || known(name);
    }
    case "TemplateLiteral":
      return childrenOf(tree, "expressions").every((inner) => inner.type === "Literal");
    case "TaggedTemplateExpression":
      return (
        /^(?:css|keyframes|styled|gql|graphql)$/.test(chainOf(childOf(tree, "tag"))[0] ?? "") &&
        isPure(childOf(tree, "quasi"), known)
      );
    case "ArrayExpression":
      return all("elements");
    case "ObjectExpression":
      return all("properties");
    case "Property":
      return (
        (tree.fields.computed !== true || isPure(childOf(tree, "key"), known)) &&
        isPure(childOf(tree, "value"), known)
      );
    case "SpreadElement":
      // Spreading a constant of this module calls no foreign iterator that matters.
      return childOf(tree, "argument")?.type === "Identifier" && isPure(childOf(tree, "argument"), known);
    case "UnaryExpression":
      return textOf(tree, "operator") !== "delete" && childOf(tree, "argument")?.type === "Literal";
    case "BinaryExpression": {
      const [left, right] = [childOf(tree, "left"), childOf(tree, "right")];
      return (
        [left, right].every((side) => side?.type === "Literal" || side?.type === "BinaryExpression") &&
        isPure(left, known) &&
        isPure(right, known)
      );
    }
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "ParenthesizedExpression":
      return isPure(childOf(tree, "expression"), known);
    case "MemberExpression": {
      const chain = chainOf(tree);
      const env = chain.length === 3 && chain[0] === "process" && chain[1] === "env";
      return env || (BUILDERS.test(chain[0] ?? "") && !chain.includes("?") && known(chain[0] ?? "?"));
    }
    case "CallExpression": {
      const chain = chainOf(childOf(tree, "callee"));
      if (!MAKERS.test(chain.join(".")) && !(BUILDERS.test(chain[0] ?? "") && isBuilderCall(tree, known)))
        return false;
      return all("arguments");
    }
    case "NewExpression": {
      const callee = childOf(tree, "callee");
      return callee?.type === "Identifier" && CLASSES.has(nameOf(callee) ?? "") && all("arguments");
    }
    case "ClassExpression":
    case "ClassDeclaration":
      return isPureClass(tree, known);
    default:
      return false;
  }
}

/** `z.object({…}).strict()`: every link is a call or a member of the one before. */
function isBuilderCall(tree: Tree, known: Known): boolean {
  const callee = childOf(tree, "callee");
  const object = childOf(callee, "object");
  if (callee?.type !== "MemberExpression" || !object) return false;
  if (object.type === "CallExpression") return isPure(object, known);
  return object.type === "Identifier" || object.type === "MemberExpression" ? isPure(object, known) : false;
}

function isPureClass(tree: Tree, known: Known): boolean {
  const base = childOf(tree, "superClass");
  if (
    base &&
    !(
      base.type === "Identifier" &&
      (isPure(base, known) || /^(?:Error|TypeError|Map|Set|Array|EventTarget)$/.test(nameOf(base) ?? ""))
    )
  )
    return false;
  const decorators = childrenOf(tree, "decorators");
  if (
    !decorators.every((decorator) => DECORATORS.has(chainOf(childOf(decorator, "expression")).at(-1) ?? "?"))
  )
    return false;
  return childrenOf(childOf(tree, "body"), "body").every((member) =>
    isPureMember(member, known, decorators.length > 0),
  );
}

function isPureMember(member: Tree, known: Known, decorated: boolean): boolean {
  if (member.type === "StaticBlock") return false;
  if (member.fields.computed === true && !isPure(childOf(member, "key"), known)) return false;
  if (!decorated && childrenOf(member, "decorators").length > 0) return false;
  return (
    member.fields.static !== true ||
    member.type === "MethodDefinition" ||
    isPure(childOf(member, "value"), known)
  );
}

/** Whether a declaration that is new at the top level does nothing while the module is loaded. */
export function isInertDeclaration(item: Item, known: Known): boolean {
  const { tree, flavour } = item;
  switch (flavour) {
    case "function":
    case "interface":
    case "type":
      return true;
    case "enum":
      return childrenOf(childOf(tree, "body"), "members").every((member) =>
        isPure(childOf(member, "initializer"), known),
      );
    case "class":
      return isPure(tree, known);
    case "default":
      return isPure(tree, known);
    case "const":
    case "let":
    case "var":
      return isInertVariable(tree, known);
    default:
      return false;
  }
}

function isInertVariable(tree: Tree, known: Known): boolean {
  const init = childOf(tree, "init");
  const isRequire =
    init?.type === "CallExpression" && chainOf(childOf(init, "callee")).join(".") === "require";
  // Taking a value apart may fail when it is none; a required module is an object.
  return (childOf(tree, "id")?.type === "Identifier" || isRequire) && isPure(init, known);
}
