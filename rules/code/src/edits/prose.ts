/** Whether texts are written for people. Everything here is a refusal of what code might act on. */

const LETTERS_WITH_SPACE = /\p{L}[\p{P}]*\s+[\p{P}]*\p{L}/u;
/** Scripts written without spaces. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}]{2}/u;
const SQL =
  /\bselect\b[\s\S]*\bfrom\b|\binsert\s+into\b|\bupdate\b[\s\S]+\bset\b|\bdelete\s+from\b|\b(?:create|alter|drop|truncate)\s+(?:temp\w*\s+|unique\s+|or\s+replace\s+)*(?:table|index|view|schema|database|type|function|trigger|role|policy)\b|\b(?:order|group|partition)\s+by\b|\bwhere\b[^.]*(?:[=<>]|\bin\s*\(|\bis\s+(?:not\s+)?null\b)|\b(?:inner|left|right|cross|outer)\s+join\b|\bvalues\s*\(/i;
const CODE =
  /=>|===?|!==?|&&|\|\||<\/|\/>|::|\(\)|\$\(|;\s*(?:\n|$)|\b(?:function|const|let|return|import|require)\b\s*[({'"`]|\b(?:query|mutation|subscription|fragment)\b[^{]*\{|^\s*[{[<]|^\s*#!|[\w-]+\s*=\s*["'][^"']*["']/;
const PLACE = /:\/\/|\b(?:mailto|tel|data|urn):\S|^\s*\.{0,2}\/\S*\s*$|^\S*\/\S*\.\w+$|\\|^\s*[#.]\w[\w-]*\s/;
const MEDIA = /\b(?:application|text|image|audio|video|multipart)\/[\w.+*-]+/;
/** Words of date-fns, Luxon, Moment and Java patterns. */
const DATE_WORD =
  /^(?:y{1,4}|Y{2,4}|M{1,5}|d{1,4}|D{1,4}|do|Do|E{1,6}|e{1,6}|H{1,2}|h{1,2}|k{1,2}|m{1,2}|s{1,2}|S{1,4}|a{1,5}|A|z{1,4}|Z{1,5}|x{1,5}|X{1,5}|P{1,4}p{0,4}|p{1,4}|Q{1,4}|q{1,4}|w{1,2}|W{1,2}|L{1,5}|T|at)$/;

function isDateFormat(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  return words.length > 0 && words.every((word) => DATE_WORD.test(word));
}

/** Whether a text looks like something a program reads: SQL, code, an address, a path, a format. */
function looksLikeCode(text: string): boolean {
  return SQL.test(text) || CODE.test(text) || PLACE.test(text) || MEDIA.test(text) || isDateFormat(text);
}

/** A sentence or some words: two words at least, and nothing of code. */
export function isProse(text: string): boolean {
  return (LETTERS_WITH_SPACE.test(text) || SPACELESS.test(text)) && !looksLikeCode(text);
}

/** Prose or a single word, for places where only people look. `Save`, `12 €`, `email`. */
export function isWording(text: string): boolean {
  if (text.trim() === "" || looksLikeCode(text)) return false;
  // `user.name`, `user_id`, `a-b`, `userId` are names, wherever they stand.
  return !/^\s*\S*(?:[\p{L}\d][_.:/@]\p{L}|\p{Ll}\p{Lu})\S*\s*$/u.test(text) || isProse(text);
}

const PLACEHOLDER =
  /\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[^{}\s]*\}|\{\s*\w+\s*,[\s\S]*\}|%(?:\d+\$)?[-+#0]*\d*(?:\.\d+)?[sdifjoOcxXeEgGu]\b|%\(\w+\)s|%\{\w+\}|\$t\([^)]*\)|<\/?\w+[^>]*>|\$\d\b|(?<![\p{L}\d]):[a-z_]\w*\b/gu;

/** What a text has to be filled with, sorted: `{name}`, `%s`, `<0>`. Translations may reorder, not lose it. */
export function placeholders(text: string): string {
  return (text.match(PLACEHOLDER) ?? []).sort().join("\n");
}
