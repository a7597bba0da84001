import type {
  ColumnDefinition,
  ConstraintDefinition,
  OperationDetails,
  Reference,
  ReferentialAction,
} from "@yantra-lint/core";
import type { ColumnDef, Constraint, CreateStmt, Node } from "libpg-query";
import { columnsIn, provenNotNull } from "./expressions.ts";
import { figuredName } from "./column-name.ts";
import { partitionBound } from "./lower-partitions.ts";
import { lowered, type Lowered, nameOf, strings } from "./lowered.ts";
import { Kind } from "./scanner.ts";
import type { StatementSource } from "./statement-text.ts";
import { canonicalType, isSerial } from "./types.ts";

/** CREATE TABLE. */
export function lowerCreateTable(create: CreateStmt, source: StatementSource, raw: Node): Lowered[] {
  const columns: ColumnDefinition[] = [];
  const constraints: ConstraintDefinition[] = [];
  const like: NonNullable<OperationDetails["CreateTable"]["like"]> = [];
  for (const element of create.tableElts ?? []) {
    if ("ColumnDef" in element) columns.push(columnDefinition(element.ColumnDef, source));
    else if ("Constraint" in element) {
      const constraint = constraintDefinition(element.Constraint, source);
      // A new table has no rows that could break a constraint: NOT VALID is ignored there (`tablecmds.c`).
      if (constraint)
        constraints.push({
          ...constraint,
          validated: constraint.validated || element.Constraint.is_enforced === true,
        });
    } else if ("TableLikeClause" in element) {
      const { relation, options = 0 } = element.TableLikeClause;
      like.push({ table: nameOf(relation), including: includedIn(options), after: columns.length });
    }
  }
  const parents =
    create.inhRelations?.flatMap((parent) => ("RangeVar" in parent ? [parent.RangeVar] : [])) ?? [];
  const partitionOf = create.partbound ? parents[0] : undefined;
  const isChild = parents.length > 0 && !partitionOf;
  return [
    lowered(
      "CreateTable",
      {
        table: nameOf(create.relation),
        columns,
        constraints,
        ifNotExists: create.if_not_exists ?? false,
        temporary: create.relation?.relpersistence === "t" || create.relation?.schemaname === "pg_temp",
        partitioned: create.partspec !== undefined,
        columnsIncomplete: like.length > 0 || parents.length > 0 || create.ofTypename !== undefined,
        ...(partitionOf
          ? { partitionOf: nameOf(partitionOf), bound: partitionBound(create.partbound, source) }
          : {}),
        ...(isChild ? { inherits: parents.map(nameOf) } : {}),
        ...(like.length > 0 ? { like } : {}),
        ...(create.ofTypename ? { ofType: canonicalType(create.ofTypename) } : {}),
        ...(create.oncommit === "ONCOMMIT_DROP" ? { onCommitDrop: true } : {}),
      },
      source.range,
      raw,
    ),
  ];
}

/** Bits of LIKE's options (PostgreSQL 18, parsenodes.h, CREATE_TABLE_LIKE_…). */
const LIKE_OPTIONS = [
  [4, "constraints"],
  [8, "defaults"],
  [16, "generated"],
  [32, "identity"],
  [64, "indexes"],
] as const;

function includedIn(options: number): string[] {
  return LIKE_OPTIONS.flatMap(([bit, name]) => (options & bit ? [name] : []));
}

/** A column of CREATE TABLE or ADD COLUMN. */
export function columnDefinition(column: ColumnDef, source: StatementSource): ColumnDefinition {
  const type = canonicalType(column.typeName);
  const result: ColumnDefinition = {
    name: column.colname ?? "",
    type,
    notNull: isSerial(type),
    primaryKey: false,
    unique: false,
    checks: [],
  };
  const parts = withAttributes(
    (column.constraints ?? []).flatMap((node) => ("Constraint" in node ? [node.Constraint] : [])),
  );
  const stops = [...parts.map((part) => part.location), column.collClause?.location].map((at) =>
    source.at(at),
  );
  for (const part of parts) {
    switch (part.contype) {
      case "CONSTR_NOTNULL":
        result.notNull = true;
        break;
      case "CONSTR_PRIMARY":
        result.primaryKey = true;
        result.notNull = true;
        break;
      case "CONSTR_UNIQUE":
        result.unique = true;
        break;
      case "CONSTR_DEFAULT":
        result.default = defaultText(part, stops, source);
        break;
      case "CONSTR_GENERATED":
        result.generated = part.generated_kind === "v" ? "virtual" : "stored";
        break;
      case "CONSTR_IDENTITY":
        result.generated = "identity";
        result.notNull = true;
        break;
      case "CONSTR_CHECK":
        result.checks.push(checkText(part, source));
        break;
      case "CONSTR_FOREIGN":
        result.references = referenceOf(part);
        break;
      default:
        break;
    }
    const constraint = inlineConstraint(part, result.name, source);
    if (constraint) (result.constraints ??= []).push(constraint);
  }
  return result;
}

/**
 * Constraints written at a column, with NOT ENFORCED: there it is a node of its own behind the constraint, with other
 * attributes in between (`transformConstraintAttrs`, PostgreSQL 18, parse_utilcmd.c).
 */
function withAttributes(parts: readonly Constraint[]): readonly Constraint[] {
  if (!parts.some(({ contype }) => contype === "CONSTR_ATTR_NOT_ENFORCED")) return parts;
  return parts.map((part, index) => {
    const behind = parts.slice(index + 1);
    const end = behind.findIndex(({ contype }) => contype?.startsWith("CONSTR_ATTR_") !== true);
    const attributes = end === -1 ? behind : behind.slice(0, end);
    return attributes.some(({ contype }) => contype === "CONSTR_ATTR_NOT_ENFORCED")
      ? { ...part, is_enforced: false }
      : part;
  });
}

/** A constraint written at a column, as if it were the table's; NOT NULL is the column's own. */
function inlineConstraint(
  part: Constraint,
  column: string,
  source: StatementSource,
): ConstraintDefinition | undefined {
  if (part.contype === "CONSTR_NOTNULL") return undefined;
  const constraint = constraintDefinition(part, source);
  if (!constraint) return undefined;
  return constraint.type === "check" ? constraint : { ...constraint, columns: [column] };
}

const TYPES: Partial<Record<NonNullable<Constraint["contype"]>, ConstraintDefinition["type"]>> = {
  CONSTR_CHECK: "check",
  CONSTR_FOREIGN: "foreignKey",
  CONSTR_UNIQUE: "unique",
  CONSTR_PRIMARY: "primaryKey",
  CONSTR_EXCLUSION: "exclude",
  CONSTR_NOTNULL: "notNull",
};

/** `FKCONSTR_ACTION_…` (PostgreSQL 18, nodes/parsenodes.h); "a" is NO ACTION. */
const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  r: "RESTRICT",
  c: "CASCADE",
  n: "SET NULL",
  d: "SET DEFAULT",
};

function referenceOf({ pktable, pk_attrs, fk_del_action = "", fk_upd_action = "" }: Constraint): Reference {
  const [onDelete, onUpdate] = [ACTIONS[fk_del_action], ACTIONS[fk_upd_action]];
  return {
    table: nameOf(pktable),
    columns: strings(pk_attrs),
    ...(onDelete ? { onDelete } : {}),
    ...(onUpdate ? { onUpdate } : {}),
  };
}

/** A table constraint; undefined for what only modifies one. */
export function constraintDefinition(
  node: Constraint,
  source: StatementSource,
): ConstraintDefinition | undefined {
  const type = node.contype && TYPES[node.contype];
  if (!type) return undefined;
  const name = node.conname === undefined ? {} : { name: node.conname };
  const plain = { ...name, type, provesNotNull: [] };
  switch (type) {
    case "check":
      return {
        ...plain,
        columns: columnsIn(node.raw_expr),
        expression: checkText(node, source),
        provesNotNull: provenNotNull(node.raw_expr),
        validated: node.initially_valid === true && node.is_enforced === true,
        ...(node.is_enforced === true ? {} : { enforced: false as const }),
      };
    case "foreignKey":
      return {
        ...plain,
        columns: strings(node.fk_attrs),
        references: referenceOf(node),
        validated: node.initially_valid === true && node.is_enforced === true,
        ...(node.is_enforced === true ? {} : { enforced: false as const }),
      };
    case "notNull":
      return { ...plain, columns: strings(node.keys), validated: node.skip_validation !== true };
    case "exclude":
      return {
        ...plain,
        columns: exclusionColumns(node),
        nameParts: exclusionParts(node),
        validated: true,
      };
    default:
      return {
        ...plain,
        columns: strings(node.keys),
        ...(node.indexname === undefined ? {} : { usingIndex: node.indexname }),
        validated: true,
      };
  }
}

function exclusionColumns(node: Constraint): string[] {
  return (node.exclusions ?? []).flatMap((pair) => {
    const element = "List" in pair ? pair.List.items?.[0] : undefined;
    return element && "IndexElem" in element && element.IndexElem.name !== undefined
      ? [element.IndexElem.name]
      : [];
  });
}

function exclusionParts(node: Constraint): string[] {
  return (node.exclusions ?? []).flatMap((pair) => {
    const element = "List" in pair ? pair.List.items?.[0] : undefined;
    if (!element || !("IndexElem" in element)) return [];
    return [element.IndexElem.name ?? figuredName(element.IndexElem.expr) ?? "expr"];
  });
}

/** Index of a constraint's first token after `CONSTRAINT name`. */
function firstToken(node: Constraint, source: StatementSource): number {
  const index = source.indexFrom(source.at(node.location));
  return source.word(index) === "CONSTRAINT" ? index + 2 : index;
}

/** The text between the parentheses of CHECK (…). */
function checkText(node: Constraint, source: StatementSource): string {
  const open = firstToken(node, source) + 1;
  return source.slice(open + 1, source.closing(open));
}

/** The text after DEFAULT, up to the column's next constraint or its end. */
function defaultText(node: Constraint, stops: readonly number[], source: StatementSource): string {
  const from = firstToken(node, source) + 1;
  const begin = source.tokens[from]?.start ?? 0;
  const next = Math.min(...stops.filter((stop) => stop > begin));
  return source.slice(from, Math.min(elementEnd(source, from), source.indexFrom(next)));
}

/** The index of the token that ends the list element at `from`: a comma or closing parenthesis of the list. */
function elementEnd(source: StatementSource, from: number): number {
  let i = from;
  while (i < source.tokens.length) {
    const kind = source.kind(i);
    if (kind === Kind.Comma || kind === Kind.CloseParen) return i;
    if (kind === Kind.OpenParen || source.word(i) === "[") i = source.closing(i);
    i += 1;
  }
  return i;
}
