import type { FactBase } from "./fact-base.ts";
import type { QualifiedName } from "./operations.ts";
import type { Region } from "./positions.ts";

/** SQL that a program sends to its database: found in code, or a named query of a query file. Not a migration. */
export interface QueryFact extends FactBase<"query"> {
  /** The text. Values that the program fills in stand as `$1`, `$2` …, in their order. */
  sql: string;
  /** What it was found as: ``sql`…` ``, `client.query("…")`, `-- name: GetUser`, a query of an ORM's raw interface. */
  source: "template" | "call" | "file";
  /** `likely`: a text that looks like SQL in a call whose receiver is not known to be a database's. */
  certainty: "certain" | "likely";
  /** Parts of the text are put together at run time and missing in `sql`, so that it may not parse. */
  complete: boolean;
  /** The name a query file or the code gives it. */
  name?: string;
}

/** A column of an entity: what the program reads and writes whenever it uses the entity. */
export interface EntityColumn extends Region {
  /** The database's name. */
  name: string;
  /** The type as the tool spells it. */
  type?: string;
  /** The program may leave it out of an INSERT: it is nullable there, or has a default, or the database makes it. */
  optional: boolean;
  nullable: boolean;
  /**
   * Who fills it in when the program's code says nothing: the `program` (its tool sends a value with each INSERT) or
   * the `database` (a default, a sequence, a generated column: the INSERT may be without it). Absent: nobody.
   */
  filledBy?: "program" | "database";
}

/** A table as an ORM's or query builder's schema declares it: the program names all its columns. */
export interface EntityFact extends FactBase<"entity"> {
  tool: "prisma" | "drizzle" | "typeorm" | "kysely";
  /** The name in the program. */
  name: string;
  table: QualifiedName;
  columns: EntityColumn[];
}

/** What became of a release, as an outcomes file tells (`schemas/outcomes.schema.json`); located at its line. */
export interface OutcomeFact extends FactBase<"outcome"> {
  /** A release's name (a tag, a version), a commit's SHA, or both. */
  release?: string;
  sha?: string;
  environment: string;
  result: "promoted" | "rolledBack";
  /** RFC 3339. */
  time: string;
}

/** A tag of git that an annotation names: the release was built, which does not say that it runs. */
export interface TagFact extends FactBase<"tag"> {
  name: string;
  /** The SHA of the commit it is on. */
  commit: string;
}
