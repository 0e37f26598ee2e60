const place = 'boxoffice.language';

/** @typedef {'en' | 'ko'} Language */

/** @type {Language} */
let chosen = remembered() ?? preferred();
document.documentElement.lang = chosen;

/** The language that the page speaks: what was chosen here before, else what the browser prefers. */
export function language() { return chosen; }

/** The same with the reader's region, where the browser names one: it says how dates and times are written. */
export function locale() { return navigator.languages.find((tag) => tag.startsWith(chosen)) ?? chosen; }

/** The language that the page does not speak now. @returns {Language} */
export function otherLanguage() { return chosen === 'ko' ? 'en' : 'ko'; }

/** @param {Language} other */
export function speak(other) {
  chosen = other;
  document.documentElement.lang = other;
  try {
    localStorage.setItem(place, other);
  } catch {
    // Not remembered, then.
  }
}

/** @returns {Language | null} */
function remembered() {
  try {
    const kept = localStorage.getItem(place);
    return kept === 'en' || kept === 'ko' ? kept : null;
  } catch {
    return null;
  }
}

/**
 * The first of the browser's languages that the page knows.
 * @returns {Language}
 */
function preferred() {
  const known = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'ko' || tag === 'en');
  return known === 'ko' ? 'ko' : 'en';
}
