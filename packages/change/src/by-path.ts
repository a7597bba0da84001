/** Facts by the file they stand in. */
export function byPath<F extends { path: string }>(facts: readonly F[]): Map<string, F[]> {
  const result = new Map<string, F[]>();
  for (const fact of facts) {
    const list = result.get(fact.path);
    if (list) list.push(fact);
    else result.set(fact.path, [fact]);
  }
  return result;
}
