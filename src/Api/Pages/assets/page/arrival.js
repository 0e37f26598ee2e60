let isExpected = false;

/** The view is about to change: its heading gets the focus, so that reading and tabbing begin there. */
export function expectArrival() { isExpected = true; }

/**
 * A view shows its content.
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
