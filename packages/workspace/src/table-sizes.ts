import type { TableSize, TableSizes } from "@yantra-lint/core";

/** A file of table sizes that is not what `explain stats` has exported. The message says what is wrong. */
export class TableSizesError extends Error {
  override name = "TableSizesError";
}

/**
 * Reads what the query of `yantra-lint explain stats` gives (`schemas/stats.schema.json`). A table without a count of
 * rows was never analysed.
 *
 * @throws TableSizesError
 */
export function parseTableSizes(text: string): TableSizes {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new TableSizesError(`it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const tables = isRecord(data) ? data["tables"] : undefined;
  if (!Array.isArray(tables)) throw new TableSizesError('it has no list "tables"');
  const sizes = Object.create(null) as Record<string, TableSize>;
  for (const [index, table] of tables.entries()) {
    if (!isRecord(table)) throw new TableSizesError(`tables[${index}] is no object`);
    const { schema, name, rows, bytes } = table;
    if (typeof schema !== "string" || typeof name !== "string" || !isCount(bytes))
      throw new TableSizesError(`tables[${index}] lacks schema, name or bytes`);
    if (rows !== undefined && rows !== null && !isCount(rows))
      throw new TableSizesError(`tables[${index}].rows is no number of rows`);
    sizes[`${schema}.${name}`] = isCount(rows) ? { rows, bytes } : { bytes };
  }
  return sizes;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
