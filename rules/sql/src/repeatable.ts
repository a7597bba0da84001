import { displayName, quotedName } from "@yantra-lint/core";
import type { Node } from "libpg-query";
import { nameOf } from "./language/lowered.ts";

/** Why a statement cannot be run a second time after it has succeeded. */
export interface Once {
  messageId: "refused" | "doubled";
  /** `refused`: what PostgreSQL refuses; `doubled`: what happens. */
  what: string;
  /** What makes it repeatable, as the beginning of a sentence. */
  how: string;
}

/**
 * Which statements of a script cannot be run twice, as the script itself guards them: IF [NOT] EXISTS, OR REPLACE,
 * ON CONFLICT, or a DROP … IF EXISTS of the same name before. What it does not know is taken for repeatable. Measured
 * on PostgreSQL 18 in `repeatable.test.ts`.
 */
export class Again {
  /** Names that DROP … IF EXISTS has freed, those of constraints among them. */
  readonly #dropped = new Set<string>();

  /** Remembers what a statement frees. */
  after(raw: Node): void {
    if ("DropStmt" in raw && raw.DropStmt.missing_ok) {
      for (const object of raw.DropStmt.objects ?? []) this.#dropped.add(lastName(object));
    }
    if ("AlterTableStmt" in raw) {
      for (const { subtype, name, missing_ok: guarded } of commandsOf(raw)) {
        if (subtype === "AT_DropConstraint" && guarded && name) this.#dropped.add(name);
      }
    }
  }

  /** Undefined when the statement may be run again. */
  once(raw: Node): Once | undefined {
    if ("IndexStmt" in raw) {
      const { idxname = "", relation, concurrent, if_not_exists: guarded } = raw.IndexStmt;
      if (idxname === "" || guarded || this.#dropped.has(idxname)) return undefined;
      const index = displayName({ ...nameOf(relation), name: idxname });
      const drop = `DROP INDEX ${concurrent ? "CONCURRENTLY " : ""}IF EXISTS ${index};`;
      return refused(`CREATE INDEX ${quotedName(idxname)}`, `Put \`${drop}\` before it`);
    }
    if ("InsertStmt" in raw) return onceInsert(raw.InsertStmt);
    if ("AlterTableStmt" in raw) return this.#onceAlter(raw);
    const made = madeBy(raw);
    if (!made || made.guarded || this.#dropped.has(made.name)) return undefined;
    return refused(`${made.verb} ${made.shown}`, made.how);
  }

  /** The index, as SQL names it, whose INVALID remains a second try would take for what it wants. */
  passedOver(raw: Node): string | undefined {
    if (!("IndexStmt" in raw)) return undefined;
    const { idxname = "", relation, concurrent, if_not_exists: guarded } = raw.IndexStmt;
    const isPassedOver = concurrent && guarded && !this.#dropped.has(idxname);
    return isPassedOver ? displayName({ ...nameOf(relation), name: idxname }) : undefined;
  }

  #onceAlter(raw: AlterTable): Once | undefined {
    for (const { subtype, name = "", missing_ok: guarded, def } of commandsOf(raw)) {
      if (guarded) continue;
      if (subtype === "AT_AddColumn") {
        const column = def && "ColumnDef" in def ? (def.ColumnDef.colname ?? "") : "";
        return refused(`ADD COLUMN ${quotedName(column)}`, "Write ADD COLUMN IF NOT EXISTS");
      }
      if (subtype === "AT_DropColumn")
        return refused(`DROP COLUMN ${quotedName(name)}`, "Write DROP COLUMN IF EXISTS");
      if (subtype === "AT_DropConstraint")
        return refused(`DROP CONSTRAINT ${quotedName(name)}`, "Write DROP CONSTRAINT IF EXISTS");
      if (subtype === "AT_AddConstraint") {
        const constraint = def && "Constraint" in def ? (def.Constraint.conname ?? "") : "";
        if (constraint === "" || this.#dropped.has(constraint)) continue;
        const shown = quotedName(constraint);
        const drop = `ALTER TABLE ${displayName(nameOf(raw.AlterTableStmt.relation))} DROP CONSTRAINT IF EXISTS ${shown};`;
        return refused(`ADD CONSTRAINT ${shown}`, `Put \`${drop}\` before it`);
      }
    }
    return undefined;
  }
}

type AlterTable = Extract<Node, { AlterTableStmt: unknown }>;
type Command = Extract<Node, { AlterTableCmd: unknown }>["AlterTableCmd"];

function commandsOf(raw: Node): Command[] {
  if (!("AlterTableStmt" in raw)) return [];
  return (raw.AlterTableStmt.cmds ?? []).flatMap((cmd) =>
    "AlterTableCmd" in cmd ? [cmd.AlterTableCmd] : [],
  );
}

function refused(what: string, how: string): Once {
  return { messageId: "refused", what, how };
}

/** A SELECT with a condition may look for what is there. */
function onceInsert(insert: Extract<Node, { InsertStmt: unknown }>["InsertStmt"]): Once | undefined {
  if (insert.onConflictClause) return undefined;
  const select =
    insert.selectStmt && "SelectStmt" in insert.selectStmt ? insert.selectStmt.SelectStmt : undefined;
  if (!select?.valuesLists || select.valuesLists.length === 0) return undefined;
  const table = insert.relation?.relname ?? "";
  return {
    messageId: "doubled",
    what: `${quotedName(table)} has the rows twice, or a unique index refuses them`,
    how: "Write ON CONFLICT DO NOTHING",
  };
}

interface Made {
  verb: string;
  name: string;
  /** The name as the message writes it. */
  shown: string;
  guarded: boolean;
  how: string;
}

function made(verb: string, name: string | undefined, guarded: boolean | undefined, how?: string): Made {
  return {
    verb,
    name: name ?? "",
    shown: quotedName(name ?? ""),
    guarded: guarded ?? false,
    how: how ?? `Write ${verb} IF NOT EXISTS`,
  };
}

function madeBy(raw: Node): Made | undefined {
  if ("CreateStmt" in raw) {
    const { relation, if_not_exists: guarded } = raw.CreateStmt;
    return made("CREATE TABLE", relation?.relname, guarded === true || relation?.relpersistence === "t");
  }
  if ("CreateTableAsStmt" in raw) {
    const { into, objtype, if_not_exists: guarded } = raw.CreateTableAsStmt;
    const verb = objtype === "OBJECT_MATVIEW" ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE";
    return made(verb, into?.rel?.relname, guarded === true || into?.rel?.relpersistence === "t");
  }
  if ("CreateSeqStmt" in raw)
    return made("CREATE SEQUENCE", raw.CreateSeqStmt.sequence?.relname, raw.CreateSeqStmt.if_not_exists);
  if ("CreateSchemaStmt" in raw)
    return made("CREATE SCHEMA", raw.CreateSchemaStmt.schemaname, raw.CreateSchemaStmt.if_not_exists);
  if ("CreateExtensionStmt" in raw)
    return made("CREATE EXTENSION", raw.CreateExtensionStmt.extname, raw.CreateExtensionStmt.if_not_exists);
  if ("ViewStmt" in raw) {
    const { view, replace } = raw.ViewStmt;
    return made("CREATE VIEW", view?.relname, replace, "Write CREATE OR REPLACE VIEW");
  }
  if ("CreateFunctionStmt" in raw) {
    const { funcname = [], replace } = raw.CreateFunctionStmt;
    return made("CREATE FUNCTION", lastOf(funcname), replace, "Write CREATE OR REPLACE FUNCTION");
  }
  if ("CreateTrigStmt" in raw) {
    const { trigname, replace, isconstraint } = raw.CreateTrigStmt;
    if (isconstraint) return undefined;
    return made("CREATE TRIGGER", trigname, replace, "Write CREATE OR REPLACE TRIGGER");
  }
  if ("CreatePolicyStmt" in raw) {
    const { policy_name: name = "", table } = raw.CreatePolicyStmt;
    const drop = `DROP POLICY IF EXISTS ${quotedName(name)} ON ${displayName(nameOf(table))};`;
    return made("CREATE POLICY", name, false, `Put \`${drop}\` before it`);
  }
  if ("CreateEnumStmt" in raw) {
    const name = lastOf(raw.CreateEnumStmt.typeName ?? []);
    return made("CREATE TYPE", name, false, "Look into pg_type in a DO block first");
  }
  if ("AlterEnumStmt" in raw) {
    const { newVal, oldVal, skipIfNewValExists: guarded } = raw.AlterEnumStmt;
    if (oldVal !== undefined || newVal === undefined) return undefined;
    return { ...made("ADD VALUE", newVal, guarded), shown: `'${newVal}'` };
  }
  if ("DropStmt" in raw) {
    const { objects = [], missing_ok: guarded } = raw.DropStmt;
    const names = objects.map(lastName);
    const shown = names.map(quotedName).join(", ");
    return { ...made("DROP", names.join(", "), guarded, "Write IF EXISTS"), shown };
  }
  return undefined;
}

/** The last part of a qualified name. */
function lastName(object: Node): string {
  if ("List" in object) return lastOf(object.List.items ?? []);
  if ("TypeName" in object) return lastOf(object.TypeName.names ?? []);
  if ("ObjectWithArgs" in object) return lastOf(object.ObjectWithArgs.objname ?? []);
  return "String" in object ? (object.String.sval ?? "") : "";
}

function lastOf(parts: readonly Node[]): string {
  const last = parts.at(-1);
  return last && "String" in last ? (last.String.sval ?? "") : "";
}
