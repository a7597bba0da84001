import type { Tree } from "./normalise.ts";
import { chainOf, childOf, childrenOf, nameOf, stringOf, textOf, walkTree } from "./tree.ts";

/** Methods that a language, a framework or a library calls because of their name. */
const CALLED_BY_NAME =
  /^(?:constructor|toJSON|toString|toLocaleString|valueOf|then|catch|finally|inspect|render|dispose|close|destroy|init|initialize|setup|configure|register|boot\w*|handle|use|validate|transform|canActivate|intercept|resolve|serialize|deserialize|next|return|throw|call|apply|length|on[A-Z]\w*|ng[A-Z]\w*|component[A-Z]\w*|get(?:Snapshot|DerivedState|InitialState|ChildContext)\w*|shouldComponent\w*|before[A-Z]\w*|after[A-Z]\w*|\w+Callback|_\w+)$/;
/** Decorators of methods that belong to the route of the method. */
const ROUTE_DECORATOR =
  /^(?:Get|Post|Put|Patch|Delete|HttpCode|Header|Redirect|Version|UseGuards|UseInterceptors|UsePipes|UseFilters|SetMetadata|Api\w+)$/;

/** How a class member is found again in the other version. */
export function memberKey(member: Tree): string | undefined {
  const name = nameOf(member);
  if (name === undefined) return undefined;
  const kind = textOf(member, "kind") ?? "field";
  return `${member.fields.static === true ? "static " : ""}${kind === "get" || kind === "set" ? `${kind} ` : ""}${name}`;
}

/** Whether a member runs when the class is made, so that its order counts. */
export function isEvaluated(member: Tree): boolean {
  return (
    member.type !== "MethodDefinition" ||
    member.fields.computed === true ||
    childrenOf(member, "decorators").length > 0
  );
}

/** What a new member of a class is: a plain method, the handler of a route, or something that acts on the rest. */
export function newMember(member: Tree, owner: Tree, oldProgram: Tree): "method" | "route" | "acts" {
  const name = nameOf(member);
  if (member.type !== "MethodDefinition" || name === undefined || textOf(member, "kind") !== "method")
    return "acts";
  if (member.fields.computed === true || childOf(owner, "superClass")) return "acts";
  // An optional method of an interface may be waited for.
  if (owner.notes?.includes("implements") && !member.notes?.includes("private") && !name.startsWith("#"))
    return "acts";
  if (CALLED_BY_NAME.test(name) || isNamed(oldProgram, name)) return "acts";
  const decorators = childrenOf(member, "decorators");
  const ownerDecorators = childrenOf(owner, "decorators").map(decoratorName);
  if (decorators.length > 0) {
    const known = decorators.every((decorator) => ROUTE_DECORATOR.test(decoratorName(decorator)));
    return known && ownerDecorators.includes("Controller") ? "route" : "acts";
  }
  return ownerDecorators.every((decorator) => /^(?:Injectable|Controller|Component|Service)$/.test(decorator))
    ? "method"
    : "acts";
}

function decoratorName(decorator: Tree): string {
  return chainOf(childOf(decorator, "expression")).at(-1) ?? "?";
}

/** Whether code refers to a member of that name on `this`, or has the name as a text or computes names. */
function isNamed(program: Tree, name: string): boolean {
  let named = false;
  walkTree(program, (node) => {
    if (node.type === "MemberExpression") {
      const object = childOf(node, "object");
      const own = object?.type === "ThisExpression" || object?.type === "Super";
      if (own && (nameOf(node) === name || (node.fields.computed === true && nameOf(node) === undefined)))
        named = true;
    } else if (node.type === "Literal" && stringOf(node) === name) named = true;
  });
  return named;
}
