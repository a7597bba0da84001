import type { Tree } from "./normalise.ts";
import {
  attributeOf,
  elementOf,
  isIntrinsic,
  type Position,
  positionOf,
  type Step,
  surroundings,
} from "./positions.ts";
import { isProse, isWording, placeholders } from "./prose.ts";
import type { TextUses } from "./text-uses.ts";

/** Attributes that browsers show or read out. */
const SHOWN = new Set([
  "title",
  "alt",
  "placeholder",
  "label",
  "aria-label",
  "aria-description",
  "aria-placeholder",
  "aria-roledescription",
  "aria-valuetext",
]);
/** Names of props and properties that hold words for people. */
const WORDS =
  /^(?:(?:sub)?title|(?:sub)?heading|label|description|message|text|placeholder|caption|tooltip|hint|helperText|helpText|summary|headline|tagline|subtitle|defaultMessage|defaultValue|ariaLabel|emptyMessage|errorMessage|successMessage|confirmText|cancelText|buttonText|loadingText)$/;
/** Elements whose text is code, a value, or the key of a translation. */
const ACTING_ELEMENTS =
  /^(?:script|style|textarea|noscript|template|code|pre|math|Trans|T|Translate|Translation|FormattedMessage|Plural|Select|Script|Style|Global|Code\w*|Query|Sql|SQL|GraphQL|Markdown|Prompt|System|User|Assistant|Formula|Latex|Math)$/i;
const ERROR = /(?:Error|Exception)$/;
const LOG_METHODS = new Set([
  "log",
  "info",
  "warn",
  "error",
  "debug",
  "trace",
  "fatal",
  "verbose",
  "silly",
  "notice",
]);
const LOGGERS = /^(?:console|log|logger|\w*[lL]ogger|_log|fastify\.log)$/;
const TOASTS = /^(?:toast|message|notification|notify|snackbar|alerts?)$/;
const TOAST_METHODS = new Set(["success", "error", "info", "warning", "warn", "message", "loading"]);
const TRANSLATE = new Set(["t", "$t", "translate", "gettext", "i18n"]);
/** Zod, Yup and Valibot: the message is the last argument, behind the limit. */
const LIMITS = new Set([
  "min",
  "max",
  "length",
  "regex",
  "refine",
  "gt",
  "gte",
  "lt",
  "lte",
  "matches",
  "test",
]);
/** Functions whose arguments are data to store, send, find or compare, whatever a property in them is called. */
const ACTING_CALL =
  /^(?:find\w*|query\w*|where|filter|having|insert\w*|update\w*|upsert\w*|create|createMany\w*|save\w*|store|persist|emit|publish|produce|dispatch|enqueue|post|put|patch|delete\w*|remove|fetch\w*|request|axios|send\w*|exec\w*|raw|count|aggregate|match\w*|equals?|eq|neq|includes|indexOf|has|get|startsWith|endsWith|replace\w*|split|test|assert\w*|expect|to[A-Z]\w*|track|capture\w*|identify|parse|safeParse|stringify|sign|verify|hash|generate\w*|stream\w*|chat|complete\w*|invoke|prompt\w*|tool|registerTool|defineTool|sql|gql|graphql|setItem|cookie|navigate|push|redirect|describe|step|on|addEventListener|trigger|use[A-Z]\w*Query|mutate\w*)$/;
const ACTING_KEY =
  /^(?:where|data|filters?|query|select|match|body|params|headers|create|update|set|having|input|variables|payload|orderBy|cursor|json|form|messages|tools?|functions?|prompts?|system|systemPrompt|\w*[pP]rompts?|\w*PROMPTS?|schema|parameters|inputSchema|properties|metadata\w+|labels|annotations|attributes|tags)$/;
/** What a description for a language model, a query or a schema has beside it. */
const ACTING_SIBLING =
  /^(?:role|model|inputSchema|input_schema|parameters|execute|handler|values|rowMode|method|url|uri|href|path|pattern|\$ref|jsonSchema|prompt)$/;

/** A text that was replaced by another at the same place. */
export interface TextChange {
  /** The whole text: of a template, with a mark for each expression in it. */
  before: string;
  after: string;
  leaf: { before: Tree; after: Tree };
  trail: readonly Step[];
}

/** Whether only people read a text, so that its change changes no program. Unsure is no. */
export function isCopy(change: TextChange, uses: TextUses, changes: readonly TextChange[]): boolean {
  const { before, after, trail, leaf } = change;
  if (placeholders(before) !== placeholders(after)) return false;
  const position = positionOf(trail);
  const fits = wordingFor(position, trail, leaf.after);
  if (!fits?.(before) || !fits(after)) return false;
  const places = new Set(changes.flatMap((other) => [other.leaf.before, other.leaf.after]));
  return !uses.isActedUpon(before, places) && !uses.isActedUpon(after, places);
}

/** What the words at a position have to look like; undefined where code may read them. */
function wordingFor(
  position: Position,
  trail: readonly Step[],
  leaf: Tree,
): ((text: string) => boolean) | undefined {
  switch (position.kind) {
    case "jsx-text":
      return jsxText(position, trail, leaf);
    case "attribute": {
      const { element, name } = position;
      // What a form without `value` on its options sends is their label.
      if (element === "option") return undefined;
      if (isIntrinsic(element)) return SHOWN.has(name) ? isWording : undefined;
      if (ACTING_ELEMENTS.test(element)) return undefined;
      if (name.startsWith("aria-") && SHOWN.has(name)) return isWording;
      return WORDS.test(name) && name !== "defaultValue" ? isProse : undefined;
    }
    case "property": {
      const around = surroundings(trail, position.step);
      if (!WORDS.test(position.name)) return undefined;
      if (around.calls.some((callee) => ACTING_CALL.test(callee.at(-1) ?? "?"))) return undefined;
      if (around.keys.some((key) => ACTING_KEY.test(key))) return undefined;
      if ([...around.siblings].some((name) => ACTING_SIBLING.test(name))) return undefined;
      if (position.name === "text" && around.siblings.has("type")) return undefined;
      if (position.name === "defaultValue")
        return around.calls.some((callee) => TRANSLATE.has(callee.at(-1) ?? "?")) ? isProse : undefined;
      return isProse;
    }
    case "argument":
      return argument(position);
    default:
      return undefined;
  }
}

function jsxText(
  position: Extract<Position, { kind: "jsx-text" }>,
  trail: readonly Step[],
  leaf: Tree,
): ((text: string) => boolean) | undefined {
  for (let at = position.step; at >= 0; at -= 1) {
    const node = trail[at]?.after;
    if (node?.type !== "JSXElement" && node?.type !== "JSXFragment") continue;
    const element = elementOf(node);
    if (ACTING_ELEMENTS.test(element)) return undefined;
    // Without `value` an option's text is what the form sends.
    if (element === "option" && !attributeOf(node, "value")) return undefined;
  }
  const name = position.element;
  if (leaf.type === "JSXText") return isIntrinsic(name) || name === "" ? isShown : isWording;
  return isWording;
}

/** Anything but what looks like code; figures and signs too, as `Pay $10`. */
function isShown(text: string): boolean {
  return text.trim() !== "" && (isWording(text) || !/[{}<>;=\\_/]/.test(text));
}

function argument({
  callee,
  index,
}: Extract<Position, { kind: "argument" }>): ((text: string) => boolean) | undefined {
  const name = callee.at(-1) ?? "?";
  const owner = callee.at(-2);
  if (ERROR.test(name) && /^[A-Z]/.test(name)) return index <= 1 ? isProse : undefined;
  if (owner !== undefined && LOG_METHODS.has(name) && LOGGERS.test(owner)) return isProse;
  if (owner !== undefined && TOAST_METHODS.has(name) && TOASTS.test(owner))
    return index === 0 ? isProse : undefined;
  if (name === "toast" || ((name === "alert" || name === "confirm") && (!owner || owner === "window")))
    return index === 0 ? isProse : undefined;
  // The first argument is the key: another key is another text, or none.
  if (TRANSLATE.has(name)) return index === 1 ? isProse : undefined;
  if (LIMITS.has(name) && owner !== undefined) return index >= 1 ? isProse : undefined;
  return undefined;
}
