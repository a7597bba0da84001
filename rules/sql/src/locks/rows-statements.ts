import * as is from "./conditions/index.ts";
import { not, type Row, rowsOf, rowsOfTags } from "./row.ts";

const OUTSIDE = "runs outside transactions, so none shows its locks";

/** Statements that lock no table that was there, beyond ACCESS SHARE. */
const QUIET = [
  "AlterDatabaseSetStmt",
  "AlterDefaultPrivilegesStmt",
  "AlterEnumStmt",
  "AlterFunctionStmt",
  "AlterOwnerStmt",
  "AlterRoleSetStmt",
  "AlterRoleStmt",
  "AlterSeqStmt",
  "CheckPointStmt",
  "CompositeTypeStmt",
  "ConstraintsSetStmt",
  "CreateCastStmt",
  "CreateDomainStmt",
  "CreateEnumStmt",
  "CreateExtensionStmt",
  "CreateRangeStmt",
  "CreateRoleStmt",
  "CreateSchemaStmt",
  "CreateSeqStmt",
  "DefineStmt",
  "DiscardStmt",
  "DropRoleStmt",
  "GrantRoleStmt",
  "GrantStmt",
  "ListenStmt",
  "NotifyStmt",
  "VariableSetStmt",
  "VariableShowStmt",
];

const NO_TABLE = {
  none: {},
};

/** Indexes, views, rows, and all other statements. */
export const STATEMENT_ROWS: Row[] = [
  ...rowsOf("CreateIndex", {
    plain: { when: not(is.isConcurrent), locks: { target: "SHARE" } },
    partitions: {
      when: [not(is.isConcurrent), is.isRecursive],
      locks: { partitionBelow: "SHARE" },
    },
    build: { when: [is.isBuilt, is.isPlain], work: { target: "build" } },
    buildPartitions: {
      when: [is.isBuilt, is.isRecursive, not(is.isConcurrent)],
      work: { partitionBelow: "build" },
    },
    concurrently: {
      when: is.isConcurrent,
      locks: { target: "SHARE UPDATE EXCLUSIVE" },
      document: `PostgreSQL 18, "CREATE INDEX", CONCURRENTLY, and "Explicit Locking": it ${OUTSIDE}`,
    },
  }),
  ...rowsOf("DropIndex", {
    plain: { when: not(is.isConcurrent), locks: { owner: "ACCESS EXCLUSIVE" } },
    concurrently: {
      when: is.isConcurrent,
      locks: { owner: "SHARE UPDATE EXCLUSIVE" },
      document: `PostgreSQL 18, "Explicit Locking" and index_drop in index.c: it ${OUTSIDE}`,
    },
  }),
  ...rowsOf("CreateView", {
    always: {},
    replaced: { when: is.replaces, locks: { target: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("DropView", {
    always: { when: is.viewIsThere, locks: { target: "ACCESS EXCLUSIVE" } },
    cascade: { when: [is.viewIsThere, is.isCascading], locks: { view: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOf("WriteData", {
    write: { when: not(is.isVerb("truncate")), locks: { target: "ROW EXCLUSIVE" } },
    partitions: {
      when: [not(is.isVerb("truncate")), is.dependsOnRows],
      locks: { descendant: "ROW EXCLUSIVE" },
    },
    keys: {
      when: [not(is.isVerb("truncate")), is.dependsOnRows],
      locks: { referenced: "ROW SHARE" },
    },
    keysToIt: {
      when: [is.isVerb("update", "delete", "merge"), is.dependsOnRows],
      locks: { referencing: "ROW EXCLUSIVE" },
    },
    triggers: {
      when: [not(is.isVerb("truncate")), is.firesTriggers],
      unknown: "the triggers that it fires, here or in tables that its foreign keys reach",
    },
    truncate: {
      when: is.isVerb("truncate"),
      locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" },
      work: { target: "empty", descendant: "empty" },
    },
    truncateCascade: {
      when: [is.isVerb("truncate"), is.isCascading],
      locks: { referencing: "ACCESS EXCLUSIVE" },
      work: { referencing: "empty" },
    },
  }),
  ...rowsOf("Transaction", { none: {} }),
  ...rowsOf("SetParameter", { none: {} }),
  ...rowsOfTags(QUIET, NO_TABLE),
  ...rowsOfTags(["CreateFunctionStmt"], { sql: { locks: { target: "ROW EXCLUSIVE" } } }),
  ...rowsOfTags(["SelectStmt"], {
    none: {},
    forUpdate: { when: is.locksRows, locks: { target: "ROW SHARE", descendant: "ROW SHARE" } },
    code: { when: is.callsCode, unknown: "a function that it calls" },
  }),
  ...rowsOfTags(["DoStmt", "CallStmt", "ExecuteStmt", "ExplainStmt", "PrepareStmt"], {
    code: { unknown: "the code that it runs" },
  }),
  ...rowsOfTags(["CopyStmt"], { none: {} }),
  ...rowsOfTags(["ClusterStmt"], {
    always: { locks: { target: "ACCESS EXCLUSIVE" }, work: { target: "rewrite" } },
  }),
  ...rowsOfTags(["VacuumStmt"], {
    analyze: {
      when: is.vacuums("analyze"),
      locks: { target: "SHARE UPDATE EXCLUSIVE", descendant: "SHARE UPDATE EXCLUSIVE" },
    },
    plain: {
      when: is.vacuums("plain"),
      locks: { target: "SHARE UPDATE EXCLUSIVE" },
      document: `PostgreSQL 18, "Explicit Locking", SHARE UPDATE EXCLUSIVE: VACUUM ${OUTSIDE}`,
    },
    full: {
      when: is.vacuums("full"),
      locks: { target: "ACCESS EXCLUSIVE" },
      work: { target: "rewrite" },
      document: `PostgreSQL 18, "VACUUM", FULL: it ${OUTSIDE}`,
    },
  }),
  ...rowsOfTags(["ReindexStmt"], {
    table: {
      when: [is.reindexes("table"), not(is.isConcurrent)],
      locks: { target: "SHARE" },
      work: { target: "build" },
    },
    index: {
      when: [is.reindexes("index"), not(is.isConcurrent)],
      locks: { owner: "SHARE" },
      work: { owner: "build" },
    },
    concurrently: {
      when: [is.reindexes("table", "index"), is.isConcurrent],
      since: 12,
      locks: { target: "SHARE UPDATE EXCLUSIVE", owner: "SHARE UPDATE EXCLUSIVE" },
      work: { target: "build", owner: "build" },
      document: `PostgreSQL 12 release notes: REINDEX CONCURRENTLY; it ${OUTSIDE}`,
    },
    more: {
      when: is.reindexes("more"),
      unknown: "all indexes of a schema or database, each in its own transaction",
      document: 'PostgreSQL 18, "REINDEX", SCHEMA, DATABASE and SYSTEM',
    },
  }),
  ...rowsOfTags(["RefreshMatViewStmt"], {
    plain: {
      when: [not(is.isConcurrent), is.keepsRows],
      locks: { target: "ACCESS EXCLUSIVE" },
      work: { target: "rewrite" },
    },
    noData: {
      when: not(is.keepsRows),
      locks: { target: "ACCESS EXCLUSIVE" },
      work: { target: "empty" },
    },
    concurrently: { when: is.isConcurrent, locks: { target: "EXCLUSIVE" } },
  }),
  ...rowsOfTags(["CreateTrigStmt"], {
    always: { locks: { target: "SHARE ROW EXCLUSIVE", partitionBelow: "SHARE ROW EXCLUSIVE" } },
  }),
  ...rowsOfTags(["CreatePolicyStmt", "AlterPolicyStmt", "RuleStmt"], {
    always: { locks: { target: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOfTags(["CreateStatsStmt"], { always: { locks: { target: "SHARE UPDATE EXCLUSIVE" } } }),
  ...rowsOfTags(["AlterStatsStmt"], NO_TABLE),
  ...rowsOfTags(["CreatePublicationStmt", "AlterPublicationStmt"], {
    tables: { locks: { target: "SHARE UPDATE EXCLUSIVE" } },
  }),
  ...rowsOfTags(["LockStmt"], {
    rowShare: { when: is.locksWith(2), locks: { target: "ROW SHARE", descendant: "ROW SHARE" } },
    rowExclusive: { when: is.locksWith(3), locks: { target: "ROW EXCLUSIVE", descendant: "ROW EXCLUSIVE" } },
    shareUpdateExclusive: {
      when: is.locksWith(4),
      locks: { target: "SHARE UPDATE EXCLUSIVE", descendant: "SHARE UPDATE EXCLUSIVE" },
    },
    share: { when: is.locksWith(5), locks: { target: "SHARE", descendant: "SHARE" } },
    shareRowExclusive: {
      when: is.locksWith(6),
      locks: { target: "SHARE ROW EXCLUSIVE", descendant: "SHARE ROW EXCLUSIVE" },
    },
    exclusive: { when: is.locksWith(7), locks: { target: "EXCLUSIVE", descendant: "EXCLUSIVE" } },
    accessExclusive: {
      when: is.locksWith(8),
      locks: { target: "ACCESS EXCLUSIVE", descendant: "ACCESS EXCLUSIVE" },
    },
  }),
  ...rowsOfTags(["CommentStmt"], {
    relation: {
      when: is.comments(
        "OBJECT_TABLE",
        "OBJECT_COLUMN",
        "OBJECT_VIEW",
        "OBJECT_MATVIEW",
        "OBJECT_FOREIGN_TABLE",
      ),
      locks: { target: "SHARE UPDATE EXCLUSIVE" },
    },
  }),
  ...rowsOfTags(["DropStmt"], {
    onTable: {
      when: [is.drops("OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"), is.isNamedSurely],
      locks: { owner: "ACCESS EXCLUSIVE" },
    },
    statistics: {
      when: is.drops("OBJECT_STATISTIC_EXT"),
      unknown: "the table of the statistics, which gets SHARE UPDATE EXCLUSIVE",
    },
    schema: {
      when: [is.drops("OBJECT_SCHEMA", "OBJECT_EXTENSION"), is.isCascading],
      unknown: "everything in it, which goes along",
    },
    usedType: {
      when: [is.drops("OBJECT_TYPE", "OBJECT_DOMAIN"), is.isCascading],
      locks: { user: "ACCESS EXCLUSIVE" },
    },
    usedFunction: {
      when: [is.drops("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"), is.isCascading],
      locks: { user: "ACCESS EXCLUSIVE" },
    },
    usedSequence: {
      when: [is.drops("OBJECT_SEQUENCE"), is.isCascading],
      unknown: "the columns whose default it is",
    },
  }),
  ...rowsOfTags(["RenameStmt"], {
    relation: {
      when: is.renames(
        "OBJECT_VIEW",
        "OBJECT_MATVIEW",
        "OBJECT_COLUMN",
        "OBJECT_TRIGGER",
        "OBJECT_POLICY",
        "OBJECT_RULE",
      ),
      locks: { target: "ACCESS EXCLUSIVE" },
    },
  }),
  ...rowsOfTags(["AlterObjectSchemaStmt", "AlterTableStmt"], {
    view: { when: is.alters("OBJECT_VIEW", "OBJECT_MATVIEW"), locks: { target: "ACCESS EXCLUSIVE" } },
  }),
  ...rowsOfTags(["AlterDomainStmt"], {
    check: { when: is.domainCommand("C"), locks: { user: "SHARE" }, work: { user: "scan" } },
    notNull: { when: is.domainCommand("O"), locks: { user: "SHARE" }, work: { user: "scan" } },
    validate: { when: is.domainCommand("V"), locks: { user: "SHARE" }, work: { user: "scan" } },
  }),
];
