import type { Tree } from "./normalise.ts";
import type { Step } from "./positions.ts";
import { chainOf, childOf, childrenOf, nameOf, stringOf } from "./tree.ts";

const CLASS_ATTRIBUTE = /^(?:class|className|\w+ClassName)$/;
const CLASS_FUNCTIONS = new Set(["cn", "clsx", "classNames", "classnames", "twMerge", "twJoin", "cx", "tw"]);
const VARIANT_FUNCTIONS = new Set(["cva", "tv"]);
const CSS_TAG = /^(?:css|keyframes|createGlobalStyle|injectGlobal|styled)$/;
/** Looks that decide whether something can be seen, or clicked, at all. */
const VANISHING =
  /^(?:[\w[\]=&>-]+:)*!?(?:hidden|invisible|collapse|sr-only|pointer-events-none|opacity-0|scale-0|[wh]-0|max-[wh]-0|d-none|visually-hidden)!?$/;
/**
 * Class names that scripts go by: hooks, and marks that keep session recorders (PostHog, Sentry, FullStory, Datadog,
 * rrweb, Hotjar, LogRocket, Clarity) and translators away from what is private. Gestures count as well.
 */
const ACTING_CLASS =
  /^(?:[\w[\]=&>-]+:)*!?(?:(?:js|ph|qa|test|e2e|cy|fs|dd|rr|hj|lr|sentry|clarity|heap|mp|amp|ga|gtm|track|analytics|private|mask|touch|pointer-events|select|draggable|swiper|grecaptcha|h-captcha|cf)-[\w-]+|\w*no-?capture|notranslate|inert)!?$/i;
const VANISHING_PROPERTY =
  /^(?:display|visibility|opacity|pointerEvents|pointer-events|zIndex|z-index|clip|clipPath|content|width|height|maxHeight|max-height|transform|left|top)$/;

/** Whether an attribute holds nothing but looks, written out. */
export function isPlainStyle(attribute: Tree): boolean {
  const name = nameOf(attribute) ?? "";
  const value = childOf(attribute, "value");
  if (!value) return false;
  if (name === "style") return isPlainStyleValue(value);
  return CLASS_ATTRIBUTE.test(name) && plainClasses(value) !== undefined;
}

function isPlainStyleValue(value: Tree): boolean {
  if (value.type === "Literal") return stringOf(value) !== undefined;
  const object = childOf(value, "expression");
  if (object?.type !== "ObjectExpression") return false;
  return childrenOf(object, "properties").every((property) => {
    const inner = property.type === "Property" ? childOf(property, "value") : undefined;
    const number = inner?.type === "UnaryExpression" ? childOf(inner, "argument") : inner;
    return nameOf(property) !== undefined && number?.type === "Literal" && number.fields.value !== null;
  });
}

/** The classes of a text or of `cn("a", "b")`; undefined when anything is computed. */
function plainClasses(value: Tree): string | undefined {
  const inner = value.type === "JSXExpressionContainer" ? childOf(value, "expression") : value;
  const text = stringOf(inner);
  if (text !== undefined) return text;
  if (inner?.type !== "CallExpression" || !CLASS_FUNCTIONS.has(chainOf(inner).join("."))) return undefined;
  const parts = childrenOf(inner, "arguments").map(stringOf);
  return parts.includes(undefined) ? undefined : parts.join(" ");
}

/** Class names, and property names of inline styles, that two plain attributes do not share. */
export function changedLooks(before: Tree | undefined, after: Tree | undefined): string[] {
  const [old, now] = [looksOf(before), looksOf(after)];
  return [...[...old].filter((look) => !now.has(look)), ...[...now].filter((look) => !old.has(look))];
}

function looksOf(attribute: Tree | undefined): Set<string> {
  const value = childOf(attribute, "value");
  if (!value) return new Set();
  const classes = nameOf(attribute) === "style" ? undefined : plainClasses(value);
  if (classes !== undefined) return new Set(classes.split(/\s+/));
  const text = stringOf(value);
  if (text !== undefined) return new Set(text.split(";").map((declaration) => declaration.trim()));
  const looks = new Set<string>();
  for (const property of childrenOf(childOf(value, "expression"), "properties"))
    looks.add(`${nameOf(property) ?? "?"}: #${property.id}`);
  return looks;
}

/** Whether looks hide a thing, put it out of reach or tell scripts about it: that is more than how it looks. */
export function isMoreThanLooks(looks: readonly string[]): boolean {
  return looks.some(
    (look) =>
      VANISHING.test(look) ||
      ACTING_CLASS.test(look) ||
      VANISHING_PROPERTY.test(look.split(":")[0]?.trim() ?? ""),
  );
}

/**
 * Whether a text that changed is a class name or CSS in code that stays: an argument of `cn(…)`, an entry of
 * `cva(…)`, the text of a styled template.
 */
export function isStyleText(trail: readonly Step[]): boolean {
  const last = trail.at(-1)?.after;
  const isTemplate = last?.type === "TemplateElement" || trail.at(-1)?.after.type === "TemplateLiteral";
  const tagged = isTemplate
    ? [...trail]
        .reverse()
        .find(({ after }) => after.type !== "TemplateElement" && after.type !== "TemplateLiteral")
    : undefined;
  if (tagged?.after.type === "TaggedTemplateExpression")
    return CSS_TAG.test(chainOf(childOf(tagged.after, "tag"))[0] ?? "");
  let inClasses = false;
  for (let at = trail.length - 1; at >= 0; at -= 1) {
    const step = trail[at];
    if (!step) return false;
    const { after: node, field } = step;
    switch (node.type) {
      case "Literal":
      case "TemplateElement":
        continue;
      case "TemplateLiteral":
        if (childrenOf(node, "expressions").length > 0) return false;
        continue;
      case "ConditionalExpression":
        if (field === "test") return false;
        continue;
      case "LogicalExpression":
        if (field !== "right") return false;
        continue;
      case "ArrayExpression":
      case "JSXExpressionContainer":
        continue;
      case "CallExpression": {
        const callee = chainOf(childOf(node, "callee")).join(".");
        if (field !== "arguments") return false;
        if (VARIANT_FUNCTIONS.has(callee)) return step.index === 0;
        if (!CLASS_FUNCTIONS.has(callee)) return false;
        inClasses = true;
        continue;
      }
      case "JSXAttribute":
        return CLASS_ATTRIBUTE.test(nameOf(node) ?? "");
      case "Property":
        return !inClasses && isVariant(trail, at);
      default:
        return false;
    }
  }
  return false;
}

/** Whether a property's value is the look of a variant: `cva("…", { variants: { size: { small: "…" } } })`. */
function isVariant(trail: readonly Step[], from: number): boolean {
  const names: string[] = [];
  for (let at = from; at >= 0; at -= 1) {
    const node = trail[at]?.after;
    if (node?.type === "Property") {
      if (trail[at]?.field !== "value") return false;
      names.push(nameOf(node) ?? "?");
    } else if (node?.type === "CallExpression") {
      const isCva = VARIANT_FUNCTIONS.has(chainOf(childOf(node, "callee")).join("."));
      return isCva && names.length === 3 && names.at(-1) === "variants";
    } else if (node?.type !== "ObjectExpression") return false;
  }
  return false;
}

/** Whether an opening tag takes in props from elsewhere, which the order of attributes decides about. */
export function hasSpread(opening: Tree): boolean {
  return childrenOf(opening, "attributes").some(({ type }) => type === "JSXSpreadAttribute");
}

/** The words of CSS declarations or class names in a text. */
export function lookWords(text: string): string[] {
  return text.split(/[\s;{}]+/).filter((word) => word !== "");
}
