import vm from "node:vm";

/** How long a file may take, in milliseconds: many times what the largest takes on a slow and busy machine. */
export const FILE_LIMIT = 30_000;

const SLOT = "@yantra-lint/workspace/time-limit";
/**
 * V8 ends whatever JavaScript, regular expression or WebAssembly runs below a script with `timeout`, in the main thread
 * too. The script calls what stands in the slot.
 */
const script = new vm.Script(`globalThis[Symbol.for("${SLOT}")]()`);

/**
 * Does `work` for each item, in their order. One that takes longer than `limit` is ended, given to `late`, and the
 * next one begun. One watch serves many items, as starting one starts a thread: an item that it ends in the midst
 * of others is begun again with all the time for itself. So `work` must be able to begin anew after it was ended
 * anywhere; no `finally` of it runs then.
 *
 * @param limit in milliseconds
 */
export function eachWithin<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => void,
  late: (item: T) => void,
): void {
  let next = 0;
  const rest = (): void => {
    for (let item = items[next]; next < items.length && item !== undefined; item = items[next]) {
      work(item);
      next += 1;
    }
  };
  while (next < items.length) {
    const first = next;
    if (endsWithin(limit, rest)) return;
    const item = items[next];
    if (next > first || item === undefined) continue;
    late(item);
    next += 1;
  }
}

/** Whether the work came to its end in time. Its errors pass through. */
function endsWithin(limit: number, work: () => void): boolean {
  const slot = Symbol.for(SLOT);
  Reflect.set(globalThis, slot, work);
  try {
    script.runInThisContext({ timeout: limit });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return false;
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, slot);
  }
}
