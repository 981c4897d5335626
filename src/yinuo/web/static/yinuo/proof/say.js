// What the check says, in the language of the page. The Chinese sentence is the key, as in gettext.

import { ENGLISH } from "./english.js";

const WORDS = { en: ENGLISH }[document.documentElement.lang];

/**
 * A sentence with its {names} filled in. Where a language has two forms, {n} chooses between them.
 * A sentence without a translation stays Chinese.
 */
export function say(sentence, values = {}) {
  const found = WORDS?.[sentence] ?? sentence;
  const form = typeof found === "string" ? found : found[values.n === 1 ? 0 : 1];
  return form.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? value.toLocaleString("en-US") : String(value);
  });
}

/** Names in a row, and faults in a row. */
export const list = (parts) => parts.join(say("、"));
export const series = (parts) => parts.join(say("；"));
