import type { Resource } from "../language/nodes.ts";
import { dryAnalyses, templateProblems } from "../progressive/argo-metrics.ts";
import { flaggerProblems } from "../progressive/flagger-metrics.ts";
import { isFlaggerCanary } from "../progressive/flagger.ts";
import type { Problem } from "../progressive/problem.ts";
import { defineRule } from "../rule.ts";

/** An analysis that cannot fail looks like a safety net and lets every version through. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Require the analysis of a canary to be able to fail, and to pass",
      recommended: "error",
    },
    messages: {
      noCondition:
        'Metric "{{metric}}" of {{kind}} "{{name}}" has neither successCondition nor failureCondition, so every measurement counts as a success and a broken version is promoted. Add a condition, such as successCondition: result[0] <= 0.01.',
      neverReached:
        'Metric "{{metric}}" of {{kind}} "{{name}}" measures {{times}} and fails only when more than {{limit}} measurements have failed, so it can never fail and a broken version is promoted. Set failureLimit below the number of measurements; 0 fails at the first.',
      refused:
        'Metric "{{metric}}" of {{kind}} "{{name}}" has a failureLimit of {{limit}} and a count of {{count}}, which Argo Rollouts refuses: the analysis ends in an error, and no rollout that uses it goes through. Set failureLimit below count.',
      foregone:
        'The condition "{{condition}}" of metric "{{metric}}" in {{kind}} "{{name}}" comes out the same whatever is measured, so the analysis can never fail and a broken version is promoted. Compare the result with the limit that a healthy version keeps.',
      allDry:
        '{{kind}} "{{name}}" runs all of its metrics dry: they are measured and ignored, so the analysis always succeeds and a broken version is promoted. Take at least one metric out of dryRun.',
      dryAnalysis:
        '{{kind}} "{{name}}" runs every metric of this analysis dry: they are measured and ignored, so a broken version is promoted. Name only the metrics that are still on trial in dryRun.',
      skipped:
        '{{kind}} "{{name}}" has skipAnalysis on, so a new version gets all requests as soon as its pods are ready and no metric can roll it back. Remove skipAnalysis.',
      noAnalysis:
        '{{kind}} "{{name}}" has no analysis, which Flagger takes for skipAnalysis: a new version gets all requests as soon as its pods are ready, and no metric can roll it back. Add an analysis with metrics.',
      noChecks:
        'The analysis of {{kind}} "{{name}}" asks no metric and no webhook, so it passes as long as the pods are ready and a version that answers with errors is promoted. Add request-success-rate, or a metric of your own.',
      noMinimum:
        'Metric "{{metric}}" of {{kind}} "{{name}}" has no minimum, so no error rate is too high for it and a broken version is promoted. Add thresholdRange: { min: 99 }.',
      percent:
        'Metric "{{metric}}" of {{kind}} "{{name}}" is a percentage from 0 to 100, so a minimum of {{min}} lets a version through that fails 98 of 100 requests. Write the minimum in percent, such as 99.',
      noMaximum:
        'Metric "{{metric}}" of {{kind}} "{{name}}" has no thresholdRange, and then any duration above 0 counts as failed: every version is rolled back. Add thresholdRange with a max in milliseconds.',
      seconds:
        'Metric "{{metric}}" of {{kind}} "{{name}}" is measured in milliseconds and a maximum of {{max}} is cut to 0, so every version is rolled back. Write the maximum in milliseconds, such as 500.',
      unknownMetric:
        'Flagger has no metric "{{metric}}" of its own, and {{kind}} "{{name}}" gives no templateRef for it: the check fails every time and no version is ever promoted. Add a templateRef, or use request-success-rate or request-duration.',
      noBounds:
        'Metric "{{metric}}" of {{kind}} "{{name}}" has an empty thresholdRange, so no value is too high or too low and a broken version is promoted. Add a min or a max.',
    },
    schema: [],
  },
  create(context) {
    const tell = ({ kind, name }: Resource, problems: readonly Problem[]): void => {
      for (const { at, key, messageId, data } of problems) {
        const loc = context.sourceCode.positions.loc(key ? at.keyRange : at.innerRange);
        context.report({ loc, messageId, data: { kind, name, ...data } });
      }
    };
    return {
      AnalysisTemplate(template) {
        tell(template.resource, templateProblems(template));
      },
      Rollout(rollout) {
        tell(rollout.resource, dryAnalyses(rollout));
      },
      Resource(resource) {
        if (isFlaggerCanary(resource)) tell(resource, flaggerProblems(resource));
      },
    };
  },
});
