/** What a framework or tool does with a file because of its path or an export because of its name. */

const BASENAME = /([^/]+)\.[cm]?[jt]sx?$/;
/** Files that act on what exists as soon as they are there. */
const ACTING_FILE =
  /(?:^|\/)(?:(?:middleware|proxy|instrumentation(?:-client)?|next-env\.d|sentry\.\w+\.config|[\w.-]+\.config|[\w.-]*rc|setup(?:Tests?|Jest)?|jest\.\w+|vitest\.\w+|globals?|polyfills?|preload|hooks\.(?:server|client))\.[cm]?[jt]sx?$|(?:plugins|middlewares?|initializers|boot|subscribers)\/[^/]+\.[cm]?[jt]sx?$|\.storybook\/)/;
/** Files of Next.js' app directory that wrap or replace existing pages. */
const APP_SPECIAL =
  /(?:^|\/)app\/(?:.*\/)?(?:layout|template|error|global-error|loading|not-found|default|forbidden|unauthorized|robots|sitemap|manifest|icon|apple-icon|opengraph-image|twitter-image|@[^/]*\/.*)\.[jt]sx?$/;
const PAGES_SPECIAL = /(?:^|\/)pages\/(?:.*\/)?(?:_\w+|404|500)\.[jt]sx?$/;
const LAYOUT_SPECIAL = /(?:^|\/)\+(?:layout|error|hooks)[\w.]*\.[jt]s$/;
const ROUTE_FILE =
  /(?:^|\/)(?:app\/(?:.*\/)?(?:route|page)\.[jt]sx?|pages\/(?!.*(?:^|\/)(?:_\w+|404|500)\.)(?:.*\/)?[^/]+\.[jt]sx?|\+(?:page|server)(?:\.server)?\.[jt]s)$/;
const APP_FILE =
  /(?:^|\/)(?:app\/(?:.*\/)?(?:route|page|layout)\.[jt]sx?|pages\/.+\.[jt]sx?|\+[\w.]+\.[jt]s|routes\/.+\.[jt]sx?)$/;
const LOCALE = /(?:^|\/)(?:locales?|i18n|lang(?:uage)?s?|translations?|messages|intl|l10n)\/.+\.[cm]?[jt]s$/i;
const LOCALE_NAME = /^[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?$/;
const HANDLERS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

/** Whether a file takes effect on existing code just by being there: middleware, configuration, layouts. */
export function actsByItself(path: string): boolean {
  return (
    ACTING_FILE.test(path) || APP_SPECIAL.test(path) || PAGES_SPECIAL.test(path) || LAYOUT_SPECIAL.test(path)
  );
}

/** Whether a file is reached by a route because of its path (Next.js, SvelteKit). Catch-all routes may take others'. */
export function isRouteFile(path: string): boolean {
  // `features/x/pages/` is somebody's own order; Next.js has one `pages` for an application.
  const isOwn = /(?:^|\/)(?:features|components|modules|views|shared)\/(?:.*\/)?pages\//.test(path);
  return ROUTE_FILE.test(path) && !isOwn && !isCatchAll(path);
}

export function isCatchAll(path: string): boolean {
  return /\[\[?\.{3}|\(\.+\)/.test(path);
}

/** What a new export means to a framework that looks for names in this file. */
export function exportMeaning(path: string, name: string): "route" | "acts" | "nothing" {
  if (!APP_FILE.test(path) && !ROUTE_FILE.test(path)) return name === "default" ? "acts" : "nothing";
  if (/(?:^|\/)(?:route|\+server)\.[jt]sx?$/.test(path) && HANDLERS.has(name)) return "route";
  return "acts";
}

/** Whether a module holds translations. */
export function isLocaleFile(path: string): boolean {
  if (!LOCALE.test(path)) return false;
  const name = BASENAME.exec(path)?.[1] ?? "";
  return LOCALE_NAME.test(name) || /(?:^|\/)[a-z]{2,3}(?:[-_][A-Z]{2})?\//.test(path);
}
