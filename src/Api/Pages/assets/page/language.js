const place = 'boxoffice.language';

/** @typedef {'en' | 'ko'} Language */

/** @type {Language} */
let chosen = remembered() ?? preferred();
document.documentElement.lang = chosen;

/** The page's language: the one chosen earlier, else the browser's preference. */
export function language() { return chosen; }

/** The same with the reader's region, where the browser names one, for dates and times. */
export function locale() { return navigator.languages.find((tag) => tag.startsWith(chosen)) ?? chosen; }

/** The other of the two languages. @returns {Language} */
export function otherLanguage() { return chosen === 'ko' ? 'en' : 'ko'; }

/** @param {Language} other */
export function speak(other) {
  chosen = other;
  document.documentElement.lang = other;
  try {
    localStorage.setItem(place, other);
  } catch {
    // Storage is full or forbidden: the choice lasts until the page is closed.
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
  const tags = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return tags.find((tag) => tag === 'ko' || tag === 'en') === 'ko' ? 'ko' : 'en';
}
