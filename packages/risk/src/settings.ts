import type { RiskSettings, SignalId } from "./model.ts";

/**
 * The least scores of a class, as the product promises them: high from 70, medium from 30.
 */
export const DEFAULT_THRESHOLDS: RiskSettings["thresholds"] = { medium: 30, high: 70 };

/**
 * The most that all signals of an id add together. They are made so that one small change of logic in a leaf comes to
 * 20 to 35, one in a module that half of the repository depends on to 50 to 65, an added migration to about 40, and
 * a contract migration beside a change of authentication to more than 90.
 */
export const DEFAULT_WEIGHTS: Readonly<Record<SignalId, number>> = {
  path: 20,
  edit: 26,
  size: 10,
  spread: 6,
  dependents: 22,
  exports: 6,
  deployables: 6,
  annotation: 25,
  dependency: 30,
  migration: 60,
  infrastructure: 35,
  finding: 40,
  trigger: 12,
  settings: 40,
  suppression: 30,
  history: 6,
};

/** The settings when no configuration says otherwise. */
export const DEFAULT_RISK_SETTINGS: RiskSettings = {
  thresholds: DEFAULT_THRESHOLDS,
  floors: [],
  weights: DEFAULT_WEIGHTS,
};

/** What `risk` in yantra.config may say: parts of the settings. */
export interface RiskOverrides {
  thresholds?: Partial<RiskSettings["thresholds"]>;
  floors?: RiskSettings["floors"];
  weights?: Partial<RiskSettings["weights"]>;
}

/**
 * The defaults with a configuration's own words over them.
 * @throws RangeError when a class would begin above the next one.
 */
export function riskSettings(overrides: RiskOverrides = {}): RiskSettings {
  const settings: RiskSettings = {
    thresholds: { ...DEFAULT_THRESHOLDS, ...overrides.thresholds },
    floors: overrides.floors ?? [],
    weights: { ...DEFAULT_WEIGHTS, ...overrides.weights },
  };
  const { medium, high } = settings.thresholds;
  if (medium > high) {
    throw new RangeError(`Class medium begins at ${medium}, above class high, which begins at ${high}.`);
  }
  return settings;
}
