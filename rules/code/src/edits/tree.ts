import type { Field, Tree } from "./normalise.ts";

/** The child in a field, or undefined when there is none. */
export function childOf(tree: Tree | undefined, name: string): Tree | undefined {
  const field = tree?.fields[name];
  return isTree(field) ? field : undefined;
}

/** The children in a field that holds a list, without holes. */
export function childrenOf(tree: Tree | undefined, name: string): readonly Tree[] {
  const field = tree?.fields[name];
  return isList(field) ? field.filter((item) => item !== null) : [];
}

export function textOf(tree: Tree | undefined, name: string): string | undefined {
  const field = tree?.fields[name];
  return typeof field === "string" ? field : undefined;
}

export function isTree(field: Field | undefined): field is Tree {
  return typeof field === "object" && field !== null && "id" in field;
}

export function isList(field: Field | undefined): field is readonly (Tree | null)[] {
  return typeof field === "object" && field !== null && !("id" in field);
}

/** The text of a string literal, or of a template without expressions. */
export function stringOf(tree: Tree | undefined): string | undefined {
  if (tree?.type === "Literal") return textOf(tree, "value");
  if (tree?.type !== "TemplateLiteral" || childrenOf(tree, "expressions").length > 0) return undefined;
  return textOf(childrenOf(tree, "quasis")[0], "cooked");
}

/** Calls `visit` for the tree and all below; the children of one for which it returns false are left out. */
export function walkTree(
  tree: Tree,
  visit: (tree: Tree, parent?: Tree) => boolean | undefined,
  parent?: Tree,
): void {
  if (visit(tree, parent) === false) return;
  for (const field of Object.values(tree.fields)) {
    if (isTree(field)) walkTree(field, visit, tree);
    else if (isList(field)) for (const item of field) if (item) walkTree(item, visit, tree);
  }
}

/** The name of a member access, a property, a class member or a JSX attribute that is written out. */
export function nameOf(tree: Tree | undefined): string | undefined {
  switch (tree?.type) {
    case "Identifier":
    case "Key":
    case "JSXIdentifier":
      return textOf(tree, "name");
    case "PrivateIdentifier":
      return `#${textOf(tree, "name") ?? ""}`;
    case "JSXNamespacedName":
      return `${nameOf(childOf(tree, "namespace")) ?? ""}:${nameOf(childOf(tree, "name")) ?? ""}`;
    case "MemberExpression":
      return tree.fields.computed === true
        ? stringOf(childOf(tree, "property"))
        : nameOf(childOf(tree, "property"));
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty":
      return tree.fields.computed === true ? stringOf(childOf(tree, "key")) : nameOf(childOf(tree, "key"));
    case "JSXAttribute":
      return nameOf(childOf(tree, "name"));
    default:
      return undefined;
  }
}

/** `a.b.c` of an identifier, a member access or a call's callee: `["a", "b", "c"]`; "?" for what has no name. */
export function chainOf(tree: Tree | undefined): string[] {
  switch (tree?.type) {
    case "Identifier":
    case "JSXIdentifier":
      return [textOf(tree, "name") ?? "?"];
    case "ThisExpression":
      return ["this"];
    case "MemberExpression":
      return [...chainOf(childOf(tree, "object")), nameOf(tree) ?? "?"];
    case "JSXMemberExpression":
      return [...chainOf(childOf(tree, "object")), nameOf(childOf(tree, "property")) ?? "?"];
    case "CallExpression":
    case "NewExpression":
      return [...chainOf(childOf(tree, "callee"))];
    case "ChainExpression":
    case "AwaitExpression":
      return chainOf(childOf(tree, "expression") ?? childOf(tree, "argument"));
    default:
      return ["?"];
  }
}

/** Names that code below refers to; local ones are among them, property names are not. */
export function referencesOf(tree: Tree): Set<string> {
  const names = new Set<string>();
  walkTree(tree, (node, parent) => {
    const name =
      node.type === "Identifier" || node.type === "JSXIdentifier" ? textOf(node, "name") : undefined;
    if (name === undefined) return;
    const isProperty =
      (parent?.type === "MemberExpression" &&
        parent.fields.computed !== true &&
        childOf(parent, "property") === node) ||
      (parent?.type === "JSXMemberExpression" && childOf(parent, "property") === node) ||
      parent?.type === "JSXAttribute";
    if (!isProperty) names.add(name);
  });
  return names;
}

/** The names that a pattern binds. */
export function boundNames(pattern: Tree | undefined): string[] {
  if (!pattern) return [];
  switch (pattern.type) {
    case "Identifier":
      return [textOf(pattern, "name") ?? "?"];
    case "ObjectPattern":
      return childrenOf(pattern, "properties").flatMap((property) =>
        boundNames(childOf(property, "value") ?? childOf(property, "argument")),
      );
    case "ArrayPattern":
      return childrenOf(pattern, "elements").flatMap(boundNames);
    case "AssignmentPattern":
      return boundNames(childOf(pattern, "left"));
    case "RestElement":
      return boundNames(childOf(pattern, "argument"));
    default:
      return [];
  }
}
