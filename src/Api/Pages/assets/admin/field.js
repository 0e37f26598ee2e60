// One field of a form: its label, a hint, and its error.
import { el, newId, say } from './dom.js';
import { t } from './words.js';

export class Field {
  /** @type {HTMLInputElement} */
  input;
  #error;
  #read;
  element;

  /**
   * @param {string} name
   * @param {{label: string, hint?: () => string, read?: (input: HTMLInputElement) => any,
   *   [attribute: string]: any}} given
   *   read: the typed value, undefined when it cannot be read; the rest are the input's attributes
   */
  constructor(name, { label, hint, read = textOf, ...attributes }) {
    this.#read = read;
    const [id, hintId, errorId] = [newId(name), newId('hint'), newId('error')];
    this.#error = el('p', { class: 'error', id: errorId });
    this.input = el('input', { id, name, 'aria-describedby': `${hint ? `${hintId} ` : ''}${errorId}`, ...attributes });
    this.element = el('div', { class: 'field' }, el('label', { for: id, t: label }), this.input);
    if (hint) {
      const text = el('p', { class: 'hint', id: hintId });
      say(text, hint);
      this.element.append(text);
    }
    this.element.append(this.#error);
  }

  /** @returns {any} undefined when it cannot be read */
  read() {
    return this.#read(this.input);
  }

  /** @param {string} text  empty when nothing is wrong */
  showError(text) {
    this.#error.textContent = text;
    if (text) this.input.setAttribute('aria-invalid', 'true');
    else this.input.removeAttribute('aria-invalid');
  }
}

/** @param {HTMLInputElement} input */
const textOf = (input) => input.value.trim();

/** @param {HTMLInputElement} input */
function wholeOf(input) {
  const text = textOf(input);
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

/** Null for none. @param {HTMLInputElement} input */
function momentOf(input) {
  if (input.validity.badInput) return undefined;
  if (!textOf(input)) return null;
  const moment = new Date(textOf(input));
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** A whole number's field. @param {string} name @param {Record<string, any>} given */
export const wholeField = (name, given) => new Field(name, {
  label: `terms.${name}`, read: wholeOf, type: 'text', inputmode: 'numeric', autocomplete: 'off', ...given,
});

/** A moment's field, in the reader's own time. @param {string} name @param {string | null} moment */
export const momentField = (name, moment) => new Field(name, {
  label: `terms.${name}`,
  hint: () => t('terms.moment.hint', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
  read: momentOf,
  type: 'datetime-local',
  step: '1',
  max: '9999-12-31T23:59:59',
  value: moment ? localTime(new Date(moment)) : null,
});

/** In the form of a datetime-local input. @param {Date} date */
function localTime(date) {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
