import type { ObjectChange, Operation } from "@yantra-lint/core";
import type { Catalog } from "./catalog/catalog.ts";

/** What a way up drops, as far as messages about its way down tell things apart. */
type Kind =
  "table" | "view" | "column" | "constraint" | "index" | "trigger" | "function" | "type" | "sequence";

/**
 * What a way up drops and leaves without another of its name. It may have been there, or must have been, even where no
 * migration has made it: IF EXISTS is written for what an older tool or somebody's own hand has made. A way down that
 * makes it leads back. Names are without schemas.
 */
export class Dropped {
  readonly #keys: ReadonlySet<string>;

  constructor(up: readonly Operation[], after: Catalog) {
    this.#keys = new Set(up.flatMap((operation) => droppedBy(operation, after)));
  }

  /** `table`: of a column, constraint or trigger. */
  has(kind: Kind, name: string, table = ""): boolean {
    return this.#keys.has(keyOf(kind, name, table));
  }
}

/** A function by its name and the types of its arguments, without their modifiers, which do not count. */
export function signature(name: string, types: readonly string[]): string {
  const plain = types.map((type) => type.replace(/^public\./, "").replace(/\([^)]*\)/, ""));
  return `${name}(${plain.join(", ")})`;
}

function keyOf(kind: Kind, name: string, table = ""): string {
  return [kind, table, name].join("\0");
}

function droppedBy(operation: Operation, after: Catalog): string[] {
  switch (operation.kind) {
    case "DropTable":
      return after.table(operation.table).state === "known" ? [] : [keyOf("table", operation.table.name)];
    case "DropView":
      return after.view(operation.name) ? [] : [keyOf("view", operation.name.name)];
    case "DropIndex":
      return after.hasIndex(operation.name) ? [] : [keyOf("index", operation.name.name)];
    case "DropColumn": {
      const { table, column } = operation;
      const now = after.table(table);
      const isThere = now.state === "known" && now.table.columns.has(column);
      return isThere ? [] : [keyOf("column", column, table.name)];
    }
    case "DropConstraint": {
      const { table, constraint } = operation;
      const now = after.table(table);
      const isThere = now.state === "known" && now.table.constraints.some(({ name }) => name === constraint);
      return isThere ? [] : [keyOf("constraint", constraint, table.name)];
    }
    case "Other":
      return (operation.changes ?? []).flatMap((change) => droppedByChange(change, after));
    default:
      return [];
  }
}

function droppedByChange(change: ObjectChange, after: Catalog): string[] {
  if (change.action !== "drop") return [];
  const { object, name, table } = change;
  switch (object) {
    case "type":
      return after.typeOf(name) ? [] : [keyOf("type", name.name)];
    case "sequence":
      return after.sequenceOf(name) ? [] : [keyOf("sequence", name.name)];
    case "function": {
      const left = after.functionsNamed(name.name);
      if (left.length === 0) return [keyOf("function", name.name)];
      const own = change.arguments && signature(name.name, change.arguments);
      const isThere = left.some((each) => signature(each.name, each.arguments) === own);
      return own === undefined || isThere ? [] : [keyOf("function", own)];
    }
    case "trigger": {
      const now = table && after.table(table);
      const isThere =
        now?.state === "known" && now.table.triggers.some((trigger) => trigger.name === name.name);
      return isThere ? [] : [keyOf("trigger", name.name, table?.name)];
    }
    default:
      return [];
  }
}
