/** Which parts of a text are Chinese, where the page is not? (WCAG 2.2, 3.1.2) */

export interface Stretch {
  text: string;
  chinese: boolean;
}

/** From one character to the last; between them digits and marks, as in a document's number. */
const CHINESE = /\p{sc=Han}(?:[\p{sc=Han}\u3000-\u303f\uff00-\uffef\d()-]*[\p{sc=Han}\u3000-\u303f\uff00-\uffef])?/gu;

/**
 * Whether a text that can have one language only is Chinese: it has no more words in
 * letters than Chinese characters. A Chinese voice reads letters, an English one no characters.
 */
export function isChinese(text: string): boolean {
  const characters = text.match(/\p{sc=Han}/gu)?.length ?? 0;
  const words = text.match(/\p{sc=Latin}+/gu)?.length ?? 0;
  return characters > 0 && characters >= words;
}

/** Cut a text where its language changes; joined again the stretches are the text. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(CHINESE)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), chinese: false });
    found.push({ text: match[0], chinese: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), chinese: false });
  return found;
}
