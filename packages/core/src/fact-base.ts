import type { Location } from "./positions.ts";

/**
 * Facts: what a file declares or uses, as small serialisable records. Packs meet only here. A fact is a
 * location (the engine fills in `path`; `map` leaves it empty, so that facts can be cached by content) and data.
 */
export interface FactBase<Type extends string> extends Location {
  type: Type;
}
