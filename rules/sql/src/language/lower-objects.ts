import type { ObjectChange, ObjectKind, PartitionBound, QualifiedName } from "@yantra-lint/core";
import type {
  AlterDomainStmt,
  AlterEnumStmt,
  AlterTableCmd,
  AlterTableStmt,
  CreateDomainStmt,
  CreateFunctionStmt,
  CreateTrigStmt,
  Constraint,
  DefElem,
  DefineStmt,
  DropStmt,
  Node,
  PartitionBoundSpec,
  RangeVar,
  RenameStmt,
} from "libpg-query";
import { nameFromList, nameOf, strings } from "./lowered.ts";
import type { StatementSource } from "./statement-text.ts";
import { canonicalType } from "./types.ts";

/** A name given as a list of nodes. */
function named(parts: readonly Node[] | undefined): QualifiedName {
  const texts = strings(parts);
  const name = texts.at(-1) ?? "";
  const schema = texts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

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

function alterEnum({ typeName, oldVal, newVal, ...rest }: AlterEnumStmt): ObjectChange {
  const name = named(typeName);
  const value = newVal ?? "";
  if (oldVal !== undefined) return { action: "renameEnumValue", name, value: oldVal, to: value };
  const { newValNeighbor, newValIsAfter, skipIfNewValExists } = rest;
  const place =
    newValNeighbor === undefined
      ? {}
      : newValIsAfter
        ? { after: newValNeighbor }
        : { before: newValNeighbor };
  return { action: "addEnumValue", name, value, ifNotExists: skipIfNewValExists ?? false, ...place };
}

function checkOf(node: Constraint, source: StatementSource): { name?: string; expression: string } {
  let open = source.indexFrom(source.at(node.location));
  while (open < source.tokens.length && source.word(open) !== "(") open += 1;
  const expression = source.slice(open + 1, source.closing(open));
  return node.conname === undefined ? { expression } : { name: node.conname, expression };
}

function createDomain(create: CreateDomainStmt, source: StatementSource): ObjectChange {
  const parts = (create.constraints ?? []).flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
  const value = parts.find(({ contype }) => contype === "CONSTR_DEFAULT");
  return {
    action: "createDomain",
    name: named(create.domainname),
    base: canonicalType(create.typeName),
    notNull: parts.some(({ contype }) => contype === "CONSTR_NOTNULL"),
    ...(value
      ? { default: source.slice(source.indexFrom(source.at(value.location)) + 1, source.tokens.length) }
      : {}),
    checks: parts.filter(({ contype }) => contype === "CONSTR_CHECK").map((part) => checkOf(part, source)),
  };
}

/** `subtype`: PostgreSQL 18, parsenodes.h, AlterDomainStmt. */
function alterDomain(
  { subtype, typeName, name, def }: AlterDomainStmt,
  source: StatementSource,
): ObjectChange[] {
  const base = { action: "alterDomain" as const, name: named(typeName) };
  const constraint = def && "Constraint" in def ? def.Constraint : undefined;
  switch (subtype) {
    case "T":
      return [{ ...base, default: def ? "?" : null }];
    case "N":
      return [{ ...base, notNull: false }];
    case "O":
      return [{ ...base, notNull: true }];
    case "C":
      if (constraint?.contype === "CONSTR_NOTNULL") return [{ ...base, notNull: true }];
      if (constraint?.contype !== "CONSTR_CHECK") return [];
      return [
        {
          ...base,
          addCheck: { ...checkOf(constraint, source), validated: constraint.skip_validation !== true },
        },
      ];
    case "X":
      return name === undefined ? [] : [{ ...base, dropCheck: name }];
    case "V":
      return name === undefined ? [] : [{ ...base, validateCheck: name }];
    default:
      return [];
  }
}

function fieldsOf(list: readonly Node[] | undefined): { name: string; type: string }[] {
  return (list ?? []).flatMap((node) =>
    "ColumnDef" in node
      ? [{ name: node.ColumnDef.colname ?? "", type: canonicalType(node.ColumnDef.typeName) }]
      : [],
  );
}

function define({ kind, defnames, args, definition }: DefineStmt): ObjectChange[] {
  if (kind === "OBJECT_TYPE") return [{ action: "createOpaqueType", name: named(defnames) }];
  if (kind !== "OBJECT_AGGREGATE") return [];
  const [list] = args ?? [];
  const parameters = list && "List" in list ? list.List.items : [];
  const old = textOption(definition, "basetype");
  return [
    {
      action: "createFunction",
      name: named(defnames),
      what: "aggregate",
      arguments: old === undefined ? inputTypes(parameters) : [old],
      replace: false,
    },
  ];
}

function options(nodes: readonly Node[] | undefined): DefElem[] {
  return (nodes ?? []).flatMap((node) => ("DefElem" in node ? [node.DefElem] : []));
}

function textOption(nodes: readonly Node[] | undefined, name: string): string | undefined {
  const arg = options(nodes).find(({ defname }) => defname === name)?.arg;
  return arg && "String" in arg ? (arg.String.sval ?? "") : undefined;
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

function inputTypes(parameters: readonly Node[] | undefined): string[] {
  return (parameters ?? []).flatMap((node) => {
    if (!("FunctionParameter" in node)) return [];
    const { mode, argType } = node.FunctionParameter;
    return mode === "FUNC_PARAM_OUT" || mode === "FUNC_PARAM_TABLE" ? [] : [canonicalType(argType)];
  });
}

function createFunction(create: CreateFunctionStmt, source: StatementSource): ObjectChange {
  const as = options(create.options).find(({ defname }) => defname === "as")?.arg;
  const [text] = as && "List" in as ? strings(as.List.items) : [];
  const language = textOption(create.options, "language") ?? (create.sql_body ? "sql" : undefined);
  // A body in SQL's own syntax is not quoted: the whole statement holds it.
  const body = create.sql_body ? source.text.slice(...source.range) : text;
  return {
    action: "createFunction",
    name: named(create.funcname),
    what: create.is_procedure ? "procedure" : "function",
    arguments: inputTypes(create.parameters),
    ...(create.returnType ? { returns: canonicalType(create.returnType) } : {}),
    ...(language === undefined ? {} : { language: language.toLowerCase() }),
    ...(body === undefined ? {} : { body }),
    replace: create.replace ?? false,
  };
}

/** Bits of `timing` and `events` (PostgreSQL 18, catalog/pg_trigger.h, TRIGGER_TYPE_…). */
const EVENTS = [
  [4, "insert"],
  [8, "delete"],
  [16, "update"],
  [32, "truncate"],
] as const;

function createTrigger(create: CreateTrigStmt): ObjectChange {
  const { timing = 0, events = 0 } = create;
  return {
    action: "createTrigger",
    name: create.trigname ?? "",
    table: nameOf(create.relation),
    function: named(create.funcname),
    events: EVENTS.flatMap(([bit, name]) => (events & bit ? [name] : [])),
    timing: timing & 64 ? "insteadOf" : timing & 2 ? "before" : "after",
    columns: strings(create.columns),
    row: create.row ?? false,
    replace: create.replace ?? false,
  };
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

function partitionOf(def: Node | undefined): QualifiedName | undefined {
  return def && "PartitionCmd" in def ? nameOf(def.PartitionCmd.name) : undefined;
}

/** What a command of ALTER TABLE without an operation of its own does to partitions, parents and identity. */
export function commandChanges(
  command: AlterTableCmd,
  table: QualifiedName,
  source: StatementSource,
): ObjectChange[] {
  const { subtype, def, name: column = "" } = command;
  switch (subtype) {
    case "AT_AttachPartition": {
      const partition = partitionOf(def);
      const spec = def && "PartitionCmd" in def ? def.PartitionCmd.bound : undefined;
      return partition
        ? [{ action: "attachPartition", table, partition, bound: partitionBound(spec, source) }]
        : [];
    }
    case "AT_DetachPartition": {
      const partition = partitionOf(def);
      const concurrently = def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
      return partition ? [{ action: "detachPartition", table, partition, concurrently }] : [];
    }
    case "AT_AddInherit":
    case "AT_DropInherit": {
      const parent: RangeVar | undefined = def && "RangeVar" in def ? def.RangeVar : undefined;
      if (!parent) return [];
      return [
        { action: subtype === "AT_AddInherit" ? "inherit" : "noInherit", table, parent: nameOf(parent) },
      ];
    }
    case "AT_AddIdentity":
      return [{ action: "addIdentity", table, column }];
    case "AT_DropIdentity":
      return [{ action: "dropIdentity", table, column }];
    case "AT_DropExpression":
      return [{ action: "dropExpression", table, column }];
    default:
      return [];
  }
}

/** DEFAULT, or the text from FOR VALUES on. */
export function partitionBound(
  spec: PartitionBoundSpec | undefined,
  source: StatementSource,
): PartitionBound {
  if (!spec || spec.is_default) return { default: true };
  const from = source.indexFrom(source.at(spec.location));
  let to = from;
  while (
    to < source.tokens.length &&
    !["PARTITION", "WITH", "TABLESPACE", "USING", ";"].includes(source.word(to))
  )
    to = source.word(to) === "(" ? source.closing(to) + 1 : to + 1;
  // WITH (MODULUS …) of a hash partition belongs to the bound.
  if (source.word(to) === "WITH" && spec.strategy === "h") to = source.closing(to + 1) + 1;
  return { default: false, values: source.slice(from, to) };
}
