/** What `--help` prints. */
export const HELP = `yantra-lint: does this change roll back by itself, and may it ship without a human?

Usage
  yantra-lint [check] [paths…] [options]   check migrations, manifests and code
  yantra-lint risk [options]               the change's risk class, score and reasons
  yantra-lint gate SARIF… --environment E  may it ship? from SARIF files and approvals alone
  yantra-lint approve SARIF --environment E --approver NAME   write an approval
  yantra-lint rules [--format json]        list all rules
  yantra-lint explain RULE                 print a rule's page; of "stats", how to export table sizes
  yantra-lint init                         write a configuration, an ESLint entry and a CI workflow

Options of check
  -f, --format NAME[:FILE]   pretty, json, sarif, sarif-audit, github (workflow commands), gitlab (Code
                             Quality), junit, markdown (a comment with the change's risk); repeatable; to
                             FILE or to standard output. SARIF carries the risk, too
      --base REV             what the change is judged against: only findings that are new since it fail
                             (default: the target branch in CI, else the default branch)
      --no-base              everything is new
      --outcomes FILE        what became of releases, as JSON lines (default: .yantra/outcomes.jsonl of the base)
      --all                  show findings that the base has too
      --fix                  apply the fixes that are certain
      --quiet                report errors only
      --max-warnings N       exit with 1 above N warnings
  -c, --config FILE          use this configuration instead of the nearest yantra.config.*
      --stdin-filename F     check the text on standard input as if it stood in F
  -j, --jobs N               threads (default: one for each processor, at most 8)
      --no-cache             neither read nor write the cache
      --cache-location DIR   where the cache lies
      --date YYYY-MM-DD      the day that dates are compared with (default: today)
  -h, --help   -v, --version

Options of risk: --base, --no-base, --outcomes, --config, --jobs, --no-cache, --cache-location, --date, and
  -f, --format NAME[:FILE]   pretty, json, markdown

Options of gate and approve
      --environment E        where the change is to go, such as staging or production
      --approvals FILE       an approval of \`approve\`, or GitHub's reviews or GitLab's approvals as their API
                             gives them (--github-reviews and --gitlab-approvals say the same); repeatable
      --policy FILE          decide by the policy of this configuration instead of the report's
      --approver NAME        who approves
      --output FILE          where the approval goes (default: standard output)
  -f, --format NAME[:FILE]   of gate: pretty, json, markdown

Exit codes
  0 nothing new   1 new findings   2 wrong use or an error of our own
  of gate: 0 deploy   1 blocked by findings   3 approval required   2 cannot be decided, so no
`;
