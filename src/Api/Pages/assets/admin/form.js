// A form of fields. The server judges what is typed; its rules are shown at the fields.
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
   * What the fields say.
   * @param {{isChangedOnly?: boolean}} [which]
   * @returns {Record<string, any> | null} null when some cannot be read, which is shown
   */
  read({ isChangedOnly = false } = {}) {
    /** @type {Record<string, any>} */
    const said = {};
    /** @type {Record<string, string[]>} */
    const errors = {};
    for (const [name, field] of this.#fields) {
      const value = field.read();
      if (value === undefined) errors[name] = [t('terms.wholeNumber')];
      else if (!isChangedOnly || value !== this.#before.get(field)) said[name] = value;
    }
    this.showErrors(errors);
    return Object.keys(errors).length > 0 ? null : said;
  }

  /**
   * Rules broken, each at its field, and the first of them is where one goes on typing.
   * @param {Record<string, string[]>} errors
   * @param {string} [otherwise]  what is wrong when it is no field
   */
  showErrors(errors, otherwise = '') {
    for (const [name, field] of this.#fields) field.showError((errors[name] ?? []).map(ruleInWords).join('; '));
    const first = [...this.#fields].find(([name]) => errors[name]);
    this.#wrong.textContent = first ? t('terms.wrong') : otherwise;
    first?.[1].input.focus();
  }
}
