import { displayName, type QualifiedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import { nameFromList, nameOf } from "../language/lowered.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { areAtOnce, isSameName, operationsWith } from "../later.ts";
import { contractAfter, madeHere } from "../questions.ts";

/** A schema, type, function or sequence of another name is gone for the release that is still running. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/sql"],
    docs: {
      description:
        "Disallow renaming a schema, a type, a function or a sequence that the running release may use",
      recommended: "warn",
      phase: "contract",
      reversible: true,
    },
    schema: [],
    messages: {
      renamed:
        "The {{what}} {{from}} becomes {{to}} while the release before this one still runs: whatever of it names {{from}} fails, and a rollback fails with it; functions that name it in their text fail too, but only when they are called. {{way}}; when no release names the old one any more, say so with `-- @yantra-phase contract after=<that release>`.",
    },
  },
  create(context) {
    const code = context.sourceCode;
    return {
      Statement({ operations }) {
        for (const operation of operations) {
          const rename = renameOf(operation);
          if (!rename || isReplaced(code, operation, rename)) continue;
          if (contractAfter(code, operation) !== undefined) continue;
          const { what, from, to } = rename;
          const data = {
            what,
            from: displayName(from),
            to: what === "schema" ? to : displayName({ ...from, name: to }),
            way: wayOut(what),
          };
          context.report({ node: operation, messageId: "renamed", data });
        }
      },
    };
  },
});

function wayOut(what: string): string {
  switch (what) {
    case "schema":
      return "Make the new schema beside it, with views of the old tables, and ship a release that asks there";
    case "type":
    case "domain":
      return `Leave the ${what} its name, which code can map to one of its own, or make a second ${what} beside it for new columns`;
    default:
      return `Make a second ${what} of the new name beside it`;
  }
}

interface Rename {
  what: string;
  from: QualifiedName;
  to: string;
}

const KINDS: Readonly<Record<string, string>> = {
  OBJECT_SCHEMA: "schema",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "domain",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "procedure",
  OBJECT_ROUTINE: "routine",
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_SEQUENCE: "sequence",
};

function renameOf({ raw }: OperationNode): Rename | undefined {
  if (!("RenameStmt" in raw)) return undefined;
  const { renameType = "", relation, object, subname = "", newname = "" } = raw.RenameStmt;
  const what = KINDS[renameType];
  if (what === undefined) return undefined;
  if (what === "schema") return { what, from: { name: subname }, to: newname };
  const from = relation ? nameOf(relation) : nameOfObject(object);
  return isOfColumn(what, from) ? undefined : { what, from, to: newname };
}

/** The sequence of a serial column: defaults refer to it by its number, and nobody names it. */
function isOfColumn(what: string, { name }: QualifiedName): boolean {
  return what === "sequence" && name.endsWith("_seq");
}

function nameOfObject(object: Node | undefined): QualifiedName {
  if (!object || !("ObjectWithArgs" in object)) return nameFromList(object);
  return nameFromList({ List: { items: object.ObjectWithArgs.objname ?? [] } });
}

/** Whether nobody misses the name: the file has made the thing, or another takes its name in the same transaction. */
function isReplaced(code: SqlSourceCode, operation: OperationNode, { what, from, to }: Rename): boolean {
  const renamed = { ...from, name: to };
  const catalog = code.catalogBefore(operation);
  const functions = catalog.functions().filter((known) => isSameName(known, from));
  // A trigger refers to its function by its number, and nothing else can call it.
  if (functions.some(({ returns }) => returns === "trigger")) return true;
  const isType = what === "type" || what === "domain";
  const known = isType
    ? [catalog.typeOf(from)]
    : what === "sequence"
      ? [catalog.sequenceOf(from)]
      : functions;
  if (known.some((object) => madeHere(object?.created))) return true;
  return operationsWith(code, operation).some((other) => {
    if (other === operation) return false;
    const rename = renameOf(other);
    const gives = rename?.what === what && rename.to === from.name;
    const isMade = madeBy(other).some((name) => isSameName(name, from));
    if (other.index < operation.index) {
      // The other half of a swap: the name that it takes was given up before.
      const frees = rename?.what === what && isSameName(rename.from, renamed);
      return isMade || frees || gives;
    }
    return areAtOnce(operation, other) && (gives || isMade);
  });
}

/** The schema, type, function or sequence that an operation makes. */
function madeBy({ raw }: OperationNode): QualifiedName[] {
  const list = (items: Node[] | undefined): QualifiedName[] => [
    nameFromList({ List: { items: items ?? [] } }),
  ];
  if ("CreateSchemaStmt" in raw) return [{ name: raw.CreateSchemaStmt.schemaname ?? "" }];
  if ("CreateEnumStmt" in raw) return list(raw.CreateEnumStmt.typeName);
  if ("CreateDomainStmt" in raw) return list(raw.CreateDomainStmt.domainname);
  if ("CompositeTypeStmt" in raw) return [nameOf(raw.CompositeTypeStmt.typevar)];
  if ("CreateFunctionStmt" in raw) return list(raw.CreateFunctionStmt.funcname);
  return "CreateSeqStmt" in raw ? [nameOf(raw.CreateSeqStmt.sequence)] : [];
}
