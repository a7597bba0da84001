import { displayName, type QualifiedName, quotedName } from "@yantra-lint/core";
import { defineRule } from "../define.ts";
import type { OperationNode } from "../language/ast.ts";
import type { SqlSourceCode } from "../language/source-code.ts";
import { isSameName, operationsAfter } from "../later.ts";
import { tableOf } from "../questions.ts";

/** Without an index on the referencing columns each DELETE of a referenced row looks through the whole table. */
export default defineRule({
  meta: {
    type: "suggestion",
    languages: ["yantra/sql"],
    docs: {
      description: "Require an index that begins with the columns of a foreign key",
      recommended: false,
      phase: "expand",
      reversible: true,
    },
    schema: [],
    messages: {
      missing:
        "No index of {{table}} begins with {{columns}}: for each row of {{referenced}} that is deleted or gets another key PostgreSQL looks through all of {{table}}, with the row locked all the while. Add CREATE INDEX CONCURRENTLY ON {{table}} ({{columns}}).",
    },
  },
  create(context) {
    const code = context.sourceCode;
    const check = (operation: OperationNode): void => {
      for (const { table, columns, referenced } of foreignKeysOf(operation)) {
        if (columns.length === 0 || isIndexed(code, operation, table, columns)) continue;
        const data = {
          table: displayName(table),
          columns: columns.map(quotedName).join(", "),
          referenced: displayName(referenced),
        };
        context.report({ node: operation, messageId: "missing", data });
      }
    };
    return { CreateTable: check, AddColumn: check, AddConstraint: check };
  },
});

interface ForeignKey {
  table: QualifiedName;
  columns: readonly string[];
  referenced: QualifiedName;
}

function foreignKeysOf(operation: OperationNode): ForeignKey[] {
  switch (operation.type) {
    case "CreateTable": {
      const { table, columns, constraints, temporary } = operation;
      const inline = columns.flatMap(({ name, references }) =>
        references ? [{ table, columns: [name], referenced: references.table }] : [],
      );
      const named = constraints.flatMap((constraint) =>
        constraint.references
          ? [{ table, columns: constraint.columns, referenced: constraint.references.table }]
          : [],
      );
      return temporary ? [] : [...inline, ...named];
    }
    case "AddColumn": {
      const { table, column } = operation;
      return column.references
        ? [{ table, columns: [column.name], referenced: column.references.table }]
        : [];
    }
    case "AddConstraint": {
      const { table, constraint } = operation;
      const { references, columns } = constraint;
      return references ? [{ table, columns, referenced: references.table }] : [];
    }
    default:
      return [];
  }
}

/** Whether an index begins with the columns, or may: of tables that the history does not tell of nobody knows. */
function isIndexed(
  code: SqlSourceCode,
  operation: OperationNode,
  table: QualifiedName,
  columns: readonly string[],
): boolean {
  const known = tableOf(code.catalogBefore(operation).table(table));
  if (operation.type === "AddConstraint" && known?.complete !== true) return true;
  const before = [
    ...(known?.indexes ?? []).map((index) => index.columns),
    ...(known?.constraints ?? []).filter(({ type }) => isBuilt(type)).map((constraint) => constraint.columns),
  ];
  const made = [operation, ...operationsAfter(code, operation)].flatMap((other) =>
    "table" in other && isSameName(other.table, table) ? indexesMadeBy(other) : [],
  );
  const gone = operationsAfter(code, operation).some(
    (later) => later.type === "DropTable" && isSameName(later.table, table),
  );
  return gone || [...before, ...made].some((index) => beginsWith(index, columns));
}

function isBuilt(type: string): boolean {
  return type === "primaryKey" || type === "unique";
}

/** The columns of each index that an operation makes, also for constraints. */
function indexesMadeBy(operation: OperationNode): (readonly string[])[] {
  switch (operation.type) {
    case "CreateIndex":
      return [operation.columns];
    case "AddConstraint":
      return isBuilt(operation.constraint.type) ? [operation.constraint.columns] : [];
    case "AddColumn": {
      const { name, unique, primaryKey } = operation.column;
      return unique || primaryKey ? [[name]] : [];
    }
    case "CreateTable": {
      const inline = operation.columns.filter(({ unique, primaryKey }) => unique || primaryKey);
      const named = operation.constraints.filter(({ type }) => isBuilt(type));
      return [...inline.map(({ name }) => [name]), ...named.map(({ columns }) => columns)];
    }
    default:
      return [];
  }
}

function beginsWith(index: readonly string[], columns: readonly string[]): boolean {
  const first = index.slice(0, columns.length);
  return columns.every((column) => first.includes(column));
}
