/**
 * Our entries in SARIF's property bags. Names there are hierarchical, with components in camelCase (SARIF 2.1.0
 * §3.8.1).
 */
export const PROPERTIES = {
  /** Of a run: what the gate decides from. */
  change: "yantra/change",
  /** Of a run: its digest. */
  seal: "yantra/seal",
  /** Of a run: how many results GitHub's limits cut; absent when none. */
  resultsLeftOut: "yantra/resultsLeftOut",
  /** Of a result: true when its location is a changed line, and its own place the first related location. */
  anchored: "yantra/anchored",
} as const;
