import { REVERSIBLE } from "./golang-migrate.ts";
import {
  downBeside,
  isMigrationsDirectory,
  nameOrder,
  versionOrder,
  type FilePlace,
  type Placement,
  type Runner,
  type Section,
} from "./runner.ts";

/** `001_x.sql`, `V2__x.sql`, `2024-01-31-x.sql`, `1.2.3.sql`: numbers, each further one followed by a separator. */
const NUMBERED = /^[Vv]?(\d+(?:[-._]\d+(?=[-._]))*)/;
const DOWN = /\.(?:down|undo|rollback|revert)\./i;
const PAIRED = /\.(?:up|down)\.sql$/i;
const DIRECTION_FOLDER = /^(?:up|down|rollbacks?|undo|revert)$/i;

/** `<number>_<name>/up.sql`, as Hasura has it, and `<number>_<name>/migration.sql` of Prisma and Drizzle without what tells them apart. */
function isFolder(file: FilePlace): boolean {
  return /^(?:up|down|migration)\.sql$/i.test(file.name) && /^\d/.test(file.folder);
}

function isDown(file: FilePlace): boolean {
  if (DOWN.test(file.name) || file.name.toLowerCase() === "down.sql") return true;
  if (DIRECTION_FOLDER.test(file.folder)) return file.folder.toLowerCase() !== "up";
  const pair = /^(.*[-_])down\.sql$/i.exec(file.name);
  return pair !== null && file.sibling(`${pair[1]}up.sql`) !== undefined;
}

/**
 * Lines that part the directions in files of runners we do not model, so that what runs down is not read as up: tern
 * (`---- create above / drop below ----`: jackc/tern, `migrate/migrate.go`, `LoadMigrations`), MyBatis Migrations
 * (`-- //@UNDO`: mybatis/migrations, `MigrationReader.java`), Play evolutions (`-- !Ups`: playframework,
 * `EvolutionsApi.scala`, `upsMarker`).
 */
const DIRECTIONS =
  /^(?:----[ \t]*create above \/ (drop) below[ \t]*----|--[ \t]*\/\/[ \t]*@(undo)|(?:#|--)[ \t]*(?:---[ \t]*)?!(ups|downs))[^\r\n]*/gim;

function sections(text: string): Section[] {
  const marks = [...text.matchAll(DIRECTIONS)].map((match) => ({
    direction: (match.slice(1) as (string | undefined)[]).some((word) => /^ups?$/i.test(word ?? ""))
      ? ("up" as const)
      : ("down" as const),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const [first] = marks;
  if (!first) return [];
  // Some only mark where the way down begins.
  if (first.direction === "down") marks.unshift({ direction: "up", start: 0, end: 0 });
  return marks.map(({ direction, end }, index) => ({
    direction,
    range: [end, marks[index + 1]?.start ?? text.length],
    transactional: "unknown",
  }));
}

function directionOf(file: FilePlace): Placement["direction"] {
  if (isDown(file)) return "down";
  return sections(file.text).some(({ direction }) => direction === "down") ? "both" : "up";
}

function place(file: FilePlace): Placement {
  const folder = isFolder(file);
  const name = folder ? file.folder : file.name;
  const digits = NUMBERED.exec(name)?.[1];
  const direction = directionOf(file);
  const inner =
    folder || (DIRECTION_FOLDER.test(file.folder) && isMigrationsDirectory(file.directories.at(-2) ?? ""));
  return {
    stream: inner ? file.parent : file.directory,
    // Numbers stand before names, as a sorted directory has them.
    order:
      digits === undefined
        ? nameOrder(name, direction)
        : versionOrder(digits.split(/[-._]/), name, direction),
    version: digits ?? name.replace(/(?:\.(?:up|down))?\.sql$/i, ""),
    direction,
  };
}

/**
 * Migrations whose runner is not to be seen: numbered files in a directory of migrations, pairs `x.up.sql` and
 * `x.down.sql` (golang-migrate, sqlx, node-pg-migrate, bun … share them), and numbered directories of `up.sql` and
 * `down.sql`. Ordered by number, then by name. Whether they run in a transaction is not known.
 */
export const plain: Runner = {
  name: "plain",
  detect(file) {
    if (!/\.sql$/i.test(file.name)) return false;
    if (REVERSIBLE.test(file.name)) return true;
    return file.inMigrations && (NUMBERED.test(file.name) || PAIRED.test(file.name) || isFolder(file));
  },
  place,
  transactional: () => "unknown",
  sections,
  wayDown: (path) => (/(?:^|\/)up\.sql$/i.test(path) ? "in a down.sql beside this file" : downBeside(path)),
};
