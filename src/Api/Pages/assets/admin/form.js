// A form of fields. The server validates; its errors are shown at the fields.
import { el } from './dom.js';
import { ruleInWords } from './problems.js';
import { t } from './words.js';

export class Form {
  /** @type {Map<string, import('./field.js').Field>} */
  #fields;
  #wrong = el('p', { class: 'error', role: 'alert' });
  #before;
  /** @type {HTMLFormElement} */
  element;

  /**
   * @param {import('./field.js').Field[]} fields
   * @param {() => void} submitted
   * @param {...HTMLElement} buttons
   */
  constructor(fields, submitted, ...buttons) {
    this.#fields = new Map(fields.map((field) => [field.input.name, field]));
    this.#before = new Map(fields.map((field) => [field, field.read()]));
    this.element = el('form', { class: 'terms', novalidate: true, onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      submitted();
    } }, ...fields.map((field) => field.element), this.#wrong, el('div', { class: 'actions' }, ...buttons));
  }

  /**
   * The fields' values.
   * @param {{isChangedOnly?: boolean}} [which]
   * @returns {Record<string, any> | null} null when some cannot be read, with the error shown
   */
  read({ isChangedOnly = false } = {}) {
    /** @type {Record<string, any>} */
    const values = {};
    /** @type {Record<string, string[]>} */
    const errors = {};
    for (const [name, field] of this.#fields) {
      const value = field.read();
      if (value === undefined) errors[name] = [t('terms.wholeNumber')];
      else if (!isChangedOnly || value !== this.#before.get(field)) values[name] = value;
    }
    this.showErrors(errors);
    return Object.keys(errors).length > 0 ? null : values;
  }

  /**
   * Shows each error at its field, and focuses the first.
   * @param {Record<string, string[]>} errors
   * @param {string} [otherwise]  the error when no field has one
   */
  showErrors(errors, otherwise = '') {
    for (const [name, field] of this.#fields) field.showError((errors[name] ?? []).map(ruleInWords).join('; '));
    const first = [...this.#fields].find(([name]) => errors[name]);
    this.#wrong.textContent = first ? t('terms.wrong') : otherwise;
    first?.[1].input.focus();
  }
}
