import {
  commentFacts,
  type Dialect,
  type Fact,
  type MigrationFact,
  type SourceFile,
} from "@yantra-lint/core";
import { digestOf } from "./edits/statements.ts";
import type { SectionNode } from "./language/ast.ts";
import type { SqlSourceCode } from "./language/source-code.ts";
import { checksumTextOf } from "./runners/index.ts";

/** What a migration declares: a fact for each section, those of its comments, and notices of what was not read. */
export function factsOf(code: SqlSourceCode, { kind, path }: SourceFile): Fact[] {
  return [
    ...code.ast.sections.map((section) => migrationFact(code, section, kind.stream ?? path)),
    ...commentFacts(code.comments, code.positions),
    ...code.ast.sections.flatMap(notices),
    ...unsupported(code),
  ];

  function notices(section: SectionNode): Fact[] {
    return section.statements.flatMap((statement): Fact[] => {
      if (statement.type !== "UnreadStatement") return [];
      const message = `A statement was not checked. ${statement.why}`;
      return [
        { type: "notice", path: "", ...code.positions.region(statement.range), id: "sql-unread", message },
      ];
    });
  }
}

/** A migration of another database gives no finding, which must not be taken for a good sign. */
function unsupported({ migration }: SqlSourceCode): Fact[] {
  if (!migration || migration.dialect === "postgresql") return [];
  const whose = migration.dialect === "unknown" ? "of another database" : `for ${NAMES[migration.dialect]}`;
  const message = `Migrations ${whose} are not checked: yantra-lint reads PostgreSQL so far.`;
  return [
    {
      type: "notice",
      path: "",
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 1,
      id: "sql-dialect",
      message,
      unread: true,
    },
  ];
}

const NAMES: Readonly<Record<Exclude<Dialect, "unknown">, string>> = {
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
  clickhouse: "ClickHouse",
};

function migrationFact(code: SqlSourceCode, section: SectionNode, stream: string): MigrationFact {
  const [first] = section.statements;
  const [start, end] = section.range;
  const checked = checksumTextOf(code.migration?.runner ?? "plain", code.text.slice(start, end));
  const said = code.comments.filter(({ range }) => !first && range[0] >= start && range[1] <= end);
  return {
    type: "migration",
    path: "",
    ...code.positions.region(first?.range ?? [start, start]),
    runner: code.migration?.runner ?? "plain",
    stream,
    version: code.migration?.version ?? "",
    direction: section.direction,
    ...(section.repeatable ? {} : { digest: digestOf(section.words) }),
    ...(section.repeatable || checked === undefined ? {} : { checksum: digestOf([checked]) }),
    operations: code.steps.filter((step) => step.section === section).map((step) => step.operation()),
    ...(said.length > 0 ? { comment: said.map(({ text }) => text.trim()).join(" ") } : {}),
  };
}
