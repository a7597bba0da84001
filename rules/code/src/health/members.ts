import type { TSESTree } from "@typescript-eslint/utils";
import { keyName, type Node } from "../routes/ast.ts";

/** The body of the class around a node. */
export function classOf(node: Node): TSESTree.ClassBody | undefined {
  for (let at: Node | undefined = node; at; at = at.parent) if (at.type === "ClassBody") return at;
  return undefined;
}

/** The name of the type that a member of a class is declared with, as a property or a parameter of the constructor. */
export function typeOfMember(body: TSESTree.ClassBody, name: string): Node | undefined {
  for (const member of body.body) {
    if (member.type === "PropertyDefinition" && keyName(member) === name)
      return nameOfType(member.typeAnnotation);
    if (member.type !== "MethodDefinition" || member.kind !== "constructor") continue;
    for (const parameter of member.value.params) {
      if (parameter.type !== "TSParameterProperty") continue;
      const { parameter: inner } = parameter;
      if (inner.type === "Identifier" && inner.name === name) return nameOfType(inner.typeAnnotation);
    }
  }
  return undefined;
}

function nameOfType(annotation: TSESTree.TSTypeAnnotation | undefined): Node | undefined {
  const type = annotation?.typeAnnotation;
  if (type?.type !== "TSTypeReference") return undefined;
  return type.typeName.type === "TSQualifiedName" ? type.typeName.left : type.typeName;
}
