/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. Children that are text become text, never markup. An attribute that is a function is a listener,
 * true is an attribute without a value, and false, null and undefined are none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.replace(/^on/, ''), value);
    else setAttribute(made, name, value);
  }
  fill(made, ...children);
  return made;
}

/**
 * @param {Element} target
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(target, name, value) {
  if (value === false || value === null || value === undefined) target.removeAttribute(name);
  else target.setAttribute(name, value === true ? '' : String(value));
}

/**
 * Replaces what an element contains.
 * @param {Element} target
 * @param {...(Child | Child[])} children
 */
export function fill(target, ...children) {
  target.replaceChildren(...children.flat().filter((child) => child instanceof Node || typeof child === 'string'));
}

/**
 * Changes an element's text if it differs. An equal text must not disturb a screen reader or a selection.
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * An element of the page's HTML.
 * @param {string} id
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}
