let isExpected = false;

/** The reader goes somewhere else: the heading that arrives next gets the focus, so that reading and tabbing begin there. */
export function expectArrival() { isExpected = true; }

/**
 * A view has something to read.
 * @param {HTMLElement} heading
 * @param {string} title
 */
export function arrive(heading, title) {
  document.title = title;
  if (!isExpected) return;
  isExpected = false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}
