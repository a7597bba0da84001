import { type ConstraintDefinition, displayName, type QualifiedName } from "@yantra-lint/core";
import type { CreateFunctionStmt, Node, RangeVar } from "libpg-query";
import type { Catalog } from "../catalog/catalog.ts";
import type { OperationNode } from "../language/ast.ts";
import { effectOf } from "../language/parse.ts";
import { nameFromList, nameOf, strings } from "../language/lowered.ts";
import { constraintNamed, constraintsOver, isSame, tableIn } from "./schema.ts";
import type { Role } from "./types.ts";

/** A table in a role; `certain` is false when the catalog cannot tell for sure. */
export interface Placed {
  table: QualifiedName;
  certain: boolean;
}

/** The tables that play a role in an operation, as far as text and catalog tell. */
export function tablesInRole(role: Role, operation: OperationNode, catalog: Catalog): Placed[] {
  switch (role) {
    case "target":
      return surely(targetsOf(operation));
    case "referenced":
      return referenced(operation, catalog);
    case "referencing":
      return referencing(operation, catalog);
    case "referencingValid":
      return referencing(operation, catalog, true);
    case "parent":
      return surely(parentsOf(operation, catalog));
    case "defaultPartition":
      return partitionedTables(operation, catalog).flatMap((table) =>
        surely(
          catalog
            .partitionsOf(table)
            .flatMap(({ table: partition, bound }) =>
              bound.default && !isSame(catalog, partition, ownName(operation)) ? [partition] : [],
            ),
        ),
      );
    case "descendant":
      if (isOnly(operation)) return [];
      return surely(targetsOf(operation).flatMap((table) => descendants(catalog, table)));
    case "partitionBelow":
      return surely(targetsOf(operation).flatMap((table) => partitionsBelow(catalog, table)));
    case "partition":
      return surely(partitionNamed(operation));
    case "user":
      return usersOf(operation, catalog);
    case "owner":
      return surely(ownersOf(operation, catalog));
    case "view":
      return viewsOver(operation, catalog);
  }
}

/** ONLY: what inherits from the table is left alone. */
function isOnly({ raw, altered }: OperationNode): boolean {
  const relation = ((): RangeVar | undefined => {
    if (altered) return altered.relation;
    if ("RenameStmt" in raw) return raw.RenameStmt.relation;
    if ("UpdateStmt" in raw) return raw.UpdateStmt.relation;
    if ("DeleteStmt" in raw) return raw.DeleteStmt.relation;
    const [first] = "TruncateStmt" in raw ? (raw.TruncateStmt.relations ?? []) : [];
    return first && "RangeVar" in first ? first.RangeVar : undefined;
  })();
  return relation !== undefined && relation.inh !== true;
}

function surely(tables: readonly QualifiedName[]): Placed[] {
  return tables.map((table) => ({ table, certain: true }));
}

/** What the operation is about; the model's rows decide whether that is locked. */
function targetsOf(operation: OperationNode): QualifiedName[] {
  if ("table" in operation) return [operation.table];
  if (operation.type === "CreateView" || operation.type === "DropView") return [operation.name];
  if (operation.type !== "Other") return [];
  const { raw, altered } = operation;
  if (altered) return relation(altered.relation);
  if ("AlterTableStmt" in raw) return relation(raw.AlterTableStmt.relation);
  if ("ClusterStmt" in raw) return relation(raw.ClusterStmt.relation);
  if ("ReindexStmt" in raw) return relation(raw.ReindexStmt.relation);
  if ("RefreshMatViewStmt" in raw) return relation(raw.RefreshMatViewStmt.relation);
  if ("VacuumStmt" in raw)
    return (raw.VacuumStmt.rels ?? []).flatMap((node) =>
      "VacuumRelation" in node ? relation(node.VacuumRelation.relation) : [],
    );
  if ("CreateTrigStmt" in raw) return relation(raw.CreateTrigStmt.relation);
  if ("CreatePolicyStmt" in raw) return relation(raw.CreatePolicyStmt.table);
  if ("AlterPolicyStmt" in raw) return relation(raw.AlterPolicyStmt.table);
  if ("RuleStmt" in raw) return relation(raw.RuleStmt.relation);
  if ("RenameStmt" in raw) return relation(raw.RenameStmt.relation);
  if ("AlterObjectSchemaStmt" in raw) return relation(raw.AlterObjectSchemaStmt.relation);
  if ("CreateStatsStmt" in raw) return relations(raw.CreateStatsStmt.relations);
  if ("LockStmt" in raw) return relations(raw.LockStmt.relations);
  if ("CreatePublicationStmt" in raw) return published(raw.CreatePublicationStmt.pubobjects);
  if ("AlterPublicationStmt" in raw) return published(raw.AlterPublicationStmt.pubobjects);
  if ("CreateFunctionStmt" in raw) return writtenBySql(raw.CreateFunctionStmt);
  if ("CommentStmt" in raw) return commented(raw.CommentStmt.objtype, raw.CommentStmt.object);
  if ("SelectStmt" in raw) return relations(raw.SelectStmt.fromClause);
  return [];
}

function relation(range: RangeVar | undefined): QualifiedName[] {
  return range?.relname === undefined ? [] : [nameOf(range)];
}

function relations(nodes: readonly Node[] | undefined): QualifiedName[] {
  return (nodes ?? []).flatMap((node) => ("RangeVar" in node ? relation(node.RangeVar) : []));
}

function published(nodes: readonly Node[] | undefined): QualifiedName[] {
  return (nodes ?? []).flatMap((node) =>
    "PublicationObjSpec" in node ? relation(node.PublicationObjSpec.pubtable?.relation) : [],
  );
}

/** The relation of COMMENT ON TABLE, VIEW, MATERIALIZED VIEW, FOREIGN TABLE and COLUMN. */
function commented(kind: string | undefined, object: Node | undefined): QualifiedName[] {
  if (!object || !("List" in object)) return [];
  if (kind !== "OBJECT_COLUMN") return [nameFromList(object)];
  const [name, schema] = strings(object.List.items).slice(0, -1).reverse();
  return name === undefined ? [] : [schema === undefined ? { name } : { schema, name }];
}

/** The table that an operation itself makes or drops: never its own default partition or referenced table. */
function ownName(operation: OperationNode): QualifiedName {
  return "table" in operation ? operation.table : { name: "" };
}

function referenced(operation: OperationNode, catalog: Catalog): Placed[] {
  const own = ownName(operation);
  const direct = referencedBy(operation, catalog).filter((table) => !isSame(catalog, table, own));
  // The key is checked against each partition of a partitioned table.
  return surely(direct.flatMap((table) => [table, ...partitionsBelow(catalog, table)]));
}

function referencedBy(operation: OperationNode, catalog: Catalog): QualifiedName[] {
  const target = (constraints: readonly ConstraintDefinition[]): QualifiedName[] =>
    constraints.flatMap(({ references }) => (references ? [references.table] : []));
  switch (operation.type) {
    case "AddColumn":
      return operation.column.references ? [operation.column.references.table] : [];
    case "AddConstraint":
      return target([operation.constraint]);
    case "CreateTable":
      return [...operation.columns, ...operation.constraints].flatMap(({ references }) =>
        references ? [references.table] : [],
      );
    case "ValidateConstraint":
    case "DropConstraint": {
      const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
      return constraint ? target([constraint]) : [];
    }
    case "DropColumn":
    case "AlterColumnType":
      return target(constraintsOver(tableIn(catalog, operation.table), operation.column));
    case "DropTable":
    case "WriteData":
      return target(tableIn(catalog, operation.table)?.constraints ?? []);
    case "Other": {
      const name = alteredConstraint(operation);
      if (name === undefined) return [];
      const [table] = targetsOf(operation);
      const constraint = table && constraintNamed(tableIn(catalog, table), name);
      return constraint ? target([constraint]) : [];
    }
    default:
      return [];
  }
}

/** The name in ALTER TABLE … ALTER CONSTRAINT. */
function alteredConstraint(operation: OperationNode): string | undefined {
  const { raw } = operation;
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  if (def && "ATAlterConstraint" in def) return def.ATAlterConstraint.conname;
  return def && "Constraint" in def ? def.Constraint.conname : undefined;
}

function referencing(operation: OperationNode, catalog: Catalog, onlyValid = false): Placed[] {
  if (!("table" in operation)) return [];
  const keys = catalog.foreignKeysTo(operation.table).filter(({ validated }) => validated || !onlyValid);
  const columns = keyColumns(operation, catalog);
  const touched = keys.filter(
    ({ references }) =>
      columns === undefined ||
      pointsTo(catalog, operation.table, references.columns).some((name) => columns.includes(name)),
  );
  return surely(
    touched.map(({ table }) => table).filter((table) => !isSame(catalog, table, operation.table)),
  );
}

/** The columns that a foreign key has to point to, to be touched; undefined for all of the table. */
function keyColumns(operation: OperationNode, catalog: Catalog): readonly string[] | undefined {
  if (operation.type === "DropColumn" || operation.type === "AlterColumnType") return [operation.column];
  if (operation.type !== "DropConstraint") return undefined;
  const constraint = constraintNamed(tableIn(catalog, operation.table), operation.constraint);
  return constraint && ["primaryKey", "unique"].includes(constraint.type) ? constraint.columns : [];
}

/** The columns that a foreign key points to; without a list these are the primary key's. */
function pointsTo(catalog: Catalog, name: QualifiedName, columns: readonly string[]): readonly string[] {
  if (columns.length > 0) return columns;
  return tableIn(catalog, name)?.constraints.find(({ type }) => type === "primaryKey")?.columns ?? [];
}

function parentsOf(operation: OperationNode, catalog: Catalog): QualifiedName[] {
  if (operation.type === "CreateTable") {
    if (operation.partitionOf) return [operation.partitionOf];
    return "CreateStmt" in operation.raw ? relations(operation.raw.CreateStmt.inhRelations) : [];
  }
  if (operation.type === "DropTable") {
    const parent = catalog.parentOf(operation.table);
    return parent ? [parent] : [];
  }
  const def = "AlterTableCmd" in operation.raw ? operation.raw.AlterTableCmd.def : undefined;
  return def && "RangeVar" in def ? relation(def.RangeVar) : [];
}

/** The partitioned table whose partitions an operation changes. */
function partitionedTables(operation: OperationNode, catalog: Catalog): QualifiedName[] {
  return operation.type === "Other" ? targetsOf(operation) : parentsOf(operation, catalog);
}

function partitionNamed({ raw }: OperationNode): QualifiedName[] {
  const def = "AlterTableCmd" in raw ? raw.AlterTableCmd.def : undefined;
  return def && "PartitionCmd" in def ? relation(def.PartitionCmd.name) : [];
}

function partitionsBelow(catalog: Catalog, table: QualifiedName): QualifiedName[] {
  return catalog
    .partitionsOf(table)
    .flatMap((partition) => [partition.table, ...partitionsBelow(catalog, partition.table)]);
}

/** Partitions and heirs, at every depth; of a view, what it reads. */
function descendants(catalog: Catalog, table: QualifiedName): QualifiedName[] {
  const below = [
    ...catalog.partitionsOf(table).map((partition) => partition.table),
    ...catalog.childrenOf(table),
    ...(catalog.view(table)?.uses.map(({ relation: name }) => name) ?? []),
  ];
  return below.flatMap((name) => [name, ...descendants(catalog, name)]);
}

/** The tables that have a column of a type, or a trigger that calls a function, which DROP or ALTER DOMAIN names. */
function usersOf({ raw }: OperationNode, catalog: Catalog): Placed[] {
  if ("AlterDomainStmt" in raw) {
    return surely(tablesWithType(catalog, strings(raw.AlterDomainStmt.typeName)));
  }
  if (!("DropStmt" in raw)) return [];
  return surely(
    (raw.DropStmt.objects ?? []).flatMap((object) => {
      if ("TypeName" in object) return tablesWithType(catalog, strings(object.TypeName.names));
      if (!("ObjectWithArgs" in object)) return [];
      const [name = "", schema] = strings(object.ObjectWithArgs.objname).reverse();
      const triggers = catalog.triggersCalling(schema === undefined ? { name } : { schema, name });
      return triggers.map(({ table }) => table);
    }),
  );
}

function tablesWithType(catalog: Catalog, parts: readonly string[]): QualifiedName[] {
  const type = parts.at(-1) ?? "";
  return catalog.schemas().flatMap((schema) =>
    catalog.objectsIn(schema).flatMap(({ space, name }) => {
      const table = space === "relation" ? tableIn(catalog, { schema, name }) : undefined;
      const isUsed = [...(table?.columns.values() ?? [])].some((column) => isOfType(column.type, type));
      return isUsed ? [{ schema, name }] : [];
    }),
  );
}

/** Whether a canonical type is that one, or an array of it, in whatever schema. */
function isOfType(type: string | undefined, name: string): boolean {
  return (
    type
      ?.replace(/(?:\[\])+$/, "")
      .split(".")
      .at(-1) === name
  );
}

function ownersOf(operation: OperationNode, catalog: Catalog): QualifiedName[] {
  if (operation.type === "DropIndex") return ownerOfIndex(catalog, operation.name);
  if (operation.type !== "Other") return [];
  const { raw } = operation;
  if ("ReindexStmt" in raw)
    return relation(raw.ReindexStmt.relation).flatMap((name) => ownerOfIndex(catalog, name));
  if (!("DropStmt" in raw)) return [];
  // DROP TRIGGER, POLICY and RULE: the last part is its own name, what is before is the table's.
  return (raw.DropStmt.objects ?? []).flatMap((object) => {
    const parts = "List" in object ? strings(object.List.items) : [];
    const [name, schema] = parts.slice(0, -1).reverse();
    return name === undefined ? [] : [schema === undefined ? { name } : { schema, name }];
  });
}

function ownerOfIndex(catalog: Catalog, name: QualifiedName): QualifiedName[] {
  const owner = catalog.tableOfIndex(name);
  return owner ? [owner, ...partitionsBelow(catalog, owner)] : [];
}

/** Views that go along with what is dropped, and views over these. */
function viewsOver(operation: OperationNode, catalog: Catalog): Placed[] {
  const column = operation.type === "DropColumn" ? operation.column : undefined;
  const found = new Map<string, Placed>();
  const add = (table: QualifiedName, ofColumn: string | undefined): void => {
    for (const { kind, name, certain } of catalog.dependentsOf(table, ofColumn)) {
      if ((kind !== "view" && kind !== "materializedView") || found.has(displayName(name))) continue;
      found.set(displayName(name), { table: name, certain });
      add(name, undefined);
    }
  };
  for (const table of targetsOf(operation)) add(table, column);
  return [...found.values()];
}

/** The tables that the body of a function in SQL writes to: it is analysed when it is made (check_function_bodies). */
function writtenBySql({ options = [] }: CreateFunctionStmt): QualifiedName[] {
  const option = (name: string): Node | undefined =>
    options.flatMap((node) =>
      "DefElem" in node && node.DefElem.defname === name ? [node.DefElem.arg] : [],
    )[0];
  const language = option("language");
  const body = option("as");
  if (!language || !("String" in language) || language.String.sval?.toLowerCase() !== "sql") return [];
  const [text = ""] = body && "List" in body ? strings(body.List.items) : [];
  return (effectOf(text.trim().replace(/;$/, "")) ?? []).flatMap((operation) =>
    operation.kind === "WriteData" ? [operation.table] : [],
  );
}
