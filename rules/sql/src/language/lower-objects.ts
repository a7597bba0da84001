import type { ObjectChange, ObjectKind, QualifiedName } from "@yantra-lint/core";
import type { AlterTableStmt, DropStmt, Node, RenameStmt } from "libpg-query";
import { alterFunction, createFunction, createTrigger, define } from "./lower-functions.ts";
import { partitionOf } from "./lower-partitions.ts";
import { alterDomain, alterEnum, createDomain, fieldsOf } from "./lower-types.ts";
import { named, nameFromList, nameOf, options, strings, textOption } from "./lowered.ts";
import type { StatementSource } from "./statement-text.ts";
import { canonicalType } from "./types.ts";

/** What a statement that has no operation of its own does to the schema's objects; empty for all others. */
export function objectChanges(node: Node, source: StatementSource): ObjectChange[] {
  if ("CreateEnumStmt" in node) {
    const { typeName, vals } = node.CreateEnumStmt;
    return [{ action: "createEnum", name: named(typeName), values: strings(vals) }];
  }
  if ("AlterEnumStmt" in node) return [alterEnum(node.AlterEnumStmt)];
  if ("CreateDomainStmt" in node) return [createDomain(node.CreateDomainStmt, source)];
  if ("AlterDomainStmt" in node) return alterDomain(node.AlterDomainStmt, source);
  if ("CompositeTypeStmt" in node) {
    const { typevar, coldeflist } = node.CompositeTypeStmt;
    return [{ action: "createComposite", name: nameOf(typevar), fields: fieldsOf(coldeflist) }];
  }
  if ("CreateRangeStmt" in node) {
    return [{ action: "createOpaqueType", name: named(node.CreateRangeStmt.typeName) }];
  }
  if ("DefineStmt" in node) return define(node.DefineStmt);
  if ("CreateSeqStmt" in node) {
    const { sequence, options, if_not_exists } = node.CreateSeqStmt;
    return [
      {
        action: "createSequence",
        name: nameOf(sequence),
        ifNotExists: if_not_exists ?? false,
        temporary: sequence?.relpersistence === "t",
        ...sequenceOptions(options),
      },
    ];
  }
  if ("AlterSeqStmt" in node) {
    const { sequence, options, missing_ok } = node.AlterSeqStmt;
    const changed = sequenceOptions(options);
    const name = nameOf(sequence);
    return [{ action: "alterSequence", name, ifExists: missing_ok ?? false, ...changed }];
  }
  if ("CreateFunctionStmt" in node) return [createFunction(node.CreateFunctionStmt, source)];
  if ("AlterFunctionStmt" in node) return alterFunction(node.AlterFunctionStmt);
  if ("CreateTrigStmt" in node) return [createTrigger(node.CreateTrigStmt)];
  if ("CreateExtensionStmt" in node) {
    const { extname = "", options } = node.CreateExtensionStmt;
    const schema = textOption(options, "schema");
    return [{ action: "createExtension", name: extname, ...(schema === undefined ? {} : { schema }) }];
  }
  if ("CreateSchemaStmt" in node) {
    const { schemaname, authrole, if_not_exists } = node.CreateSchemaStmt;
    const name = schemaname ?? authrole?.rolename;
    return name === undefined ? [] : [{ action: "createSchema", name, ifNotExists: if_not_exists ?? false }];
  }
  if ("DropStmt" in node) return drop(node.DropStmt);
  if ("RenameStmt" in node) return rename(node.RenameStmt);
  if ("AlterObjectSchemaStmt" in node) {
    const { objectType, relation, object, newschema: to = "" } = node.AlterObjectSchemaStmt;
    const kind = objectType && OBJECTS[objectType];
    if (!kind) return [];
    const target = relation ? { name: nameOf(relation) } : objectName(object);
    return [{ action: "setSchema", object: kind, ...target, to }];
  }
  if ("AlterTableStmt" in node) return alterOther(node.AlterTableStmt);
  return [];
}

interface SequenceOptions {
  type?: string;
  ownedBy?: { table: QualifiedName; column: string } | "none";
}

function sequenceOptions(nodes: readonly Node[] | undefined): SequenceOptions {
  const found: SequenceOptions = {};
  for (const { defname, arg } of options(nodes)) {
    if (defname === "as" && arg && "TypeName" in arg) found.type = canonicalType(arg.TypeName);
    if (defname !== "owned_by" || !arg || !("List" in arg)) continue;
    const parts = strings(arg.List.items);
    const column = parts.at(-1) ?? "";
    const table = parts.at(-2);
    const schema = parts.at(-3);
    found.ownedBy =
      table === undefined
        ? "none"
        : { table: schema === undefined ? { name: table } : { schema, name: table }, column };
  }
  return found;
}

const OBJECTS: Readonly<Record<string, ObjectKind>> = {
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materializedView",
  OBJECT_INDEX: "index",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "type",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "function",
  OBJECT_ROUTINE: "function",
  OBJECT_AGGREGATE: "function",
  OBJECT_TRIGGER: "trigger",
  OBJECT_EXTENSION: "extension",
  OBJECT_SCHEMA: "schema",
};

/** The name of a function, type, extension or the like, with a function's arguments where they are written. */
function objectName(node: Node | undefined): { name: QualifiedName; arguments?: string[] } {
  if (node && "ObjectWithArgs" in node) {
    const { objname, objargs, args_unspecified } = node.ObjectWithArgs;
    const types = (objargs ?? []).flatMap((type) =>
      "TypeName" in type ? [canonicalType(type.TypeName)] : [],
    );
    return { name: named(objname), ...(args_unspecified ? {} : { arguments: types }) };
  }
  if (node && "TypeName" in node) return { name: named(node.TypeName.names) };
  return { name: nameFromList(node) };
}

/** DROP of all but tables, views and indexes, which have operations of their own. */
function drop({ objects, removeType, behavior, missing_ok }: DropStmt): ObjectChange[] {
  const object = removeType && OBJECTS[removeType];
  if (!object || object === "view" || object === "materializedView" || object === "index") return [];
  const base = {
    action: "drop" as const,
    object,
    ifExists: missing_ok ?? false,
    cascade: behavior === "DROP_CASCADE",
  };
  return (objects ?? []).map((node) => {
    if (object !== "trigger") return { ...base, ...objectName(node) };
    const parts = "List" in node ? (node.List.items ?? []) : [];
    const [name = ""] = strings(parts.slice(-1));
    return { ...base, name: { name }, table: named(parts.slice(0, -1)) };
  });
}

function rename(statement: RenameStmt): ObjectChange[] {
  const { renameType, relationType, relation, object, subname = "", newname: to = "" } = statement;
  const ifExists = statement.missing_ok ?? false;
  const name = relation ? nameOf(relation) : undefined;
  switch (renameType) {
    case "OBJECT_COLUMN":
      if (!name || (relationType !== "OBJECT_VIEW" && relationType !== "OBJECT_MATVIEW")) return [];
      return [{ action: "renameViewColumn", name, column: subname, to }];
    case "OBJECT_ATTRIBUTE":
      return name ? [{ action: "alterComposite", name, rename: { from: subname, to } }] : [];
    case "OBJECT_DOMCONSTRAINT":
      return [{ action: "alterDomain", name: nameFromList(object), renameCheck: { from: subname, to } }];
    case "OBJECT_TRIGGER":
      return name
        ? [{ action: "rename", object: "trigger", name: { name: subname }, table: name, ifExists, to }]
        : [];
    case "OBJECT_SCHEMA":
      return [{ action: "rename", object: "schema", name: { name: subname }, ifExists, to }];
    default: {
      const kind = renameType && OBJECTS[renameType];
      if (!kind) return [];
      return [{ action: "rename", object: kind, ...(name ? { name } : objectName(object)), ifExists, to }];
    }
  }
}

/** ALTER TYPE of a composite type, and ALTER INDEX … ATTACH PARTITION. */
function alterOther({ objtype, relation, cmds }: AlterTableStmt): ObjectChange[] {
  const name = nameOf(relation);
  return (cmds ?? []).flatMap((node): ObjectChange[] => {
    if (!("AlterTableCmd" in node)) return [];
    const { subtype, def, name: field = "" } = node.AlterTableCmd;
    if (objtype === "OBJECT_INDEX") {
      const index = partitionOf(def);
      return index ? [{ action: "attachIndex", name, index }] : [];
    }
    if (objtype !== "OBJECT_TYPE") return [];
    const [found] = def ? fieldsOf([def]) : [];
    const base = { action: "alterComposite" as const, name };
    if (subtype === "AT_DropColumn") return [{ ...base, drop: field }];
    if (!found) return [];
    if (subtype === "AT_AddColumn") return [{ ...base, add: found }];
    return subtype === "AT_AlterColumnType" ? [{ ...base, retype: { ...found, name: field } }] : [];
  });
}
