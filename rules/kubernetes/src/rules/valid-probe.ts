import type { Place } from "@yantra-lint/yaml";
import type { Container, Probe } from "../language/nodes.ts";
import { commandOf, declaredPorts, handlersOf } from "../probes.ts";
import { defineRule } from "../rule.ts";
import { isRolledOut } from "../serving.ts";

/**
 * What becomes of a probe whose port the kubelet cannot find: it throws the result away, so that the state stays
 * what it was when the container started (kubernetes 1.33, pkg/probe/util.go, ResolveContainerPort;
 * pkg/kubelet/prober/worker.go, doProbe).
 */
const UNANSWERED: Readonly<Record<Probe["kind"], string>> = {
  readiness: "so the pod never becomes ready and the rollout hangs",
  startup: "so the container never counts as started, its pod never becomes ready and the rollout hangs",
  liveness: "so the probe never fails and a container that hangs is not restarted",
};

/** What a probe that always succeeds hides. */
const UNTESTED: Readonly<Record<Probe["kind"], string>> = {
  readiness: "a broken version counts as available and replaces the one that works",
  startup: "the container counts as started before it is, and the liveness probe kills it",
  liveness: "a process that hangs is never restarted",
};

/** Mistakes in probes that are certain: the API server refuses them, or the probe can have one outcome only. */
export default defineRule({
  meta: {
    type: "problem",
    languages: ["yantra/kubernetes"],
    docs: {
      description: "Disallow probes that the API server refuses or that can have one outcome only",
      recommended: "error",
    },
    messages: {
      unknownPort:
        'The {{kind}} probe asks the port "{{port}}", and container "{{container}}" declares no port of that name. The kubelet cannot find it, {{consequence}}. Declare the port under `ports` of this container, or give the number{{declared}}.',
      quotedPort:
        'The {{kind}} probe\'s port "{{port}}" is a text, which must be the name of a port. The API server refuses the manifest and the release stops here; write the number without quotes.',
      noHandler:
        "The {{kind}} probe asks nothing: it has none of httpGet, tcpSocket, grpc and exec. The API server refuses the manifest and the release stops here; say what the probe asks.",
      manyHandlers:
        "The {{kind}} probe has {{handlers}}. The API server accepts one handler only and refuses the manifest, so the release stops here; remove all but one.",
      successThreshold:
        "The {{kind}} probe has a successThreshold other than 1. The API server allows that for readiness probes only and refuses the manifest, so the release stops here; remove it.",
      gracePeriod:
        "A readiness probe has terminationGracePeriodSeconds, but it never ends a container. The API server refuses the manifest and the release stops here; remove it, or set it on the liveness probe.",
      initContainer:
        'Init container "{{container}}" has a {{kind}} probe, but it ends before the pod runs. The API server refuses the manifest and the release stops here; remove the probe, or make it a sidecar with `restartPolicy: Always`.',
      vacuous:
        "The {{kind}} probe runs `{{command}}`, which always succeeds: {{consequence}}. Ask the application something that it can only answer when it works.",
    },
    schema: [],
  },
  create(context) {
    return {
      Probe(probe) {
        const { container, kind, place } = probe;
        const whole = isWhole(container);
        if (!whole && !container.podTemplate.workload.resource.patch) return;
        const report = (messageId: string, at: Place, data: Record<string, string> = {}): void =>
          context.report({ loc: at.loc, messageId, data: { kind, container: container.name, ...data } });
        const keyLoc = context.sourceCode.positions.loc(place.keyRange);

        if (container.init) {
          const data = { kind, container: container.name };
          context.report({ loc: keyLoc, messageId: "initContainer", data });
          return;
        }
        const handlers = handlersOf(probe);
        // Of a patch only what it says itself is judged: the handler and the ports may stand in what it changes.
        if (handlers.length === 0 && whole)
          context.report({ loc: keyLoc, messageId: "noHandler", data: { kind } });
        if (handlers.length > 1) {
          const data = { kind, handlers: handlers.join(" and ") };
          context.report({ loc: keyLoc, messageId: "manyHandlers", data });
        }
        const successes = place.find("successThreshold");
        if (successes && kind !== "readiness" && isOtherThanOne(successes))
          report("successThreshold", successes);
        const gracePeriod = place.find("terminationGracePeriodSeconds");
        if (gracePeriod && kind === "readiness") report("gracePeriod", gracePeriod);
        for (const handler of handlers) {
          const port = place.find([handler, "port"]);
          if (port) judgePort(port);
        }
        const command = place.find("exec.command");
        if (command && alwaysSucceeds(commandOf(probe))) {
          report("vacuous", command, { command: commandOf(probe).join(" "), consequence: UNTESTED[kind] });
        }

        function judgePort(port: Place): void {
          const name = port.text;
          if (name === undefined || port.open) return;
          const declared = declaredPorts(container);
          if (/^\d+$/.test(name)) report("quotedPort", port, { port: name });
          else if (whole && !declared.some((one) => one.name === name)) {
            const names = declared.flatMap((one) => one.name ?? []);
            const list = names.length > 0 ? ` (declared: ${names.join(", ")})` : "";
            report("unknownPort", port, { port: name, consequence: UNANSWERED[kind], declared: list });
          }
        }
      },
    };
  },
});

/** Whether the container is a whole one and no patch: its image is named, and its workload selects its pods. */
function isWhole({ place, podTemplate }: Container): boolean {
  const isImageNamed = place.find("image") !== undefined;
  return isImageNamed && (isRolledOut(podTemplate) || !podTemplate.workload.longRunning);
}

/** Zero is the default, which is one (kubernetes, pkg/apis/core/v1/defaults.go, SetDefaults_Probe). */
function isOtherThanOne({ value }: Place): boolean {
  return typeof value === "number" && value !== 0 && value !== 1;
}

/** `true`, `echo …`, `sh -c "exit 0"`: programs that succeed whatever the application does. */
function alwaysSucceeds(command: readonly string[]): boolean {
  const [program = "", flag, script] = command;
  if (/^(?:\/(?:usr\/)?bin\/)?(?:true|echo)$/.test(program)) return true;
  const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh$/.test(program) && flag === "-c";
  return isShell && /^\s*(?:true|:|exit 0|echo [^;&|<>$`]*)\s*$/.test(script ?? "");
}
