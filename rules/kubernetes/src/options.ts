/** A number of a rule's options object, which its schema has checked; the default when it is left out. */
export function numberOption(options: readonly unknown[], name: string, byDefault: number): number {
  const [given] = options;
  if (typeof given !== "object" || given === null) return byDefault;
  const value: unknown = Reflect.get(given, name);
  return typeof value === "number" ? value : byDefault;
}

/** A switch of a rule's options object, which its schema has checked; the default when it is left out. */
export function booleanOption(options: readonly unknown[], name: string, byDefault: boolean): boolean {
  const [given] = options;
  if (typeof given !== "object" || given === null) return byDefault;
  const value: unknown = Reflect.get(given, name);
  return typeof value === "boolean" ? value : byDefault;
}
