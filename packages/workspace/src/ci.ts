/** Whether a CI system runs us: all of them set `CI`, but for Azure Pipelines. */
export function isCi(env: Readonly<Record<string, string | undefined>>): boolean {
  const { CI, TF_BUILD } = env;
  return (CI !== undefined && CI !== "" && CI !== "false") || TF_BUILD !== undefined;
}
