// The terms of an event, to open one or to change it. The server judges them; its rules are shown at the fields.
import { el } from './dom.js';
import { Field, momentField, wholeField } from './field.js';
import { ruleInWords } from './problems.js';
import { t } from './words.js';

const wholeNumbers = ['capacity', 'maxPerMember', 'holdSeconds'];
const moments = ['opensAt', 'closesAt'];

/** @typedef {import('../api/wire.js').EventNumbers} EventNumbers */
/** @typedef {Pick<EventNumbers, 'name' | 'capacity' | 'maxPerMember' | 'holdSeconds' | 'opensAt' | 'closesAt'>} Terms */

export class TermsForm {
  /** @type {Map<string, Field>} */
  #fields = new Map();
  #wrong = el('p', { class: 'error', role: 'alert' });
  #before;
  /** @type {HTMLFormElement} */
  element;

  /**
   * @param {Terms | null} terms  null for a new event
   * @param {() => void} submitted
   * @param {...HTMLElement} buttons
   */
  constructor(terms, submitted, ...buttons) {
    if (!terms) this.#add('id', new Field('id', { label: 'terms.id', hint: () => t('terms.id.hint'), autocomplete: 'off' }));
    this.#add('name', new Field('name', { label: 'terms.name', autocomplete: 'off', value: terms?.name }));
    this.#add('capacity', wholeField('capacity', { value: terms?.capacity ?? '' }));
    this.#add('maxPerMember', wholeField('maxPerMember', { value: terms?.maxPerMember ?? 1 }));
    this.#add('holdSeconds', wholeField('holdSeconds', {
      value: terms?.holdSeconds ?? 0, hint: () => t('terms.holdSeconds.hint'),
    }));
    for (const name of moments) this.#add(name, momentField(name, terms?.[/** @type {'opensAt'} */ (name)] ?? null));
    this.#before = new Map([...this.#fields].map(([name, field]) => [name, field.value]));
    this.element = el('form', { class: 'terms', novalidate: true, onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      submitted();
    } }, ...[...this.#fields.values()].map((field) => field.element), this.#wrong, el('div', { class: 'actions' }, ...buttons));
  }

  /**
   * What the fields say.
   * @param {{isChangedOnly?: boolean}} [which]
   * @returns {Record<string, any> | null} null when some cannot be read, which is shown
   */
  read({ isChangedOnly = false } = {}) {
    /** @type {Record<string, any>} */
    const terms = {};
    /** @type {Record<string, string[]>} */
    const errors = {};
    for (const [name, field] of this.#fields) {
      if (isChangedOnly && field.value === this.#before.get(name) && !field.input.validity.badInput) continue;
      if (name === 'id' && !field.value) continue; // then one is given
      const value = this.#valueOf(name, field);
      if (value === undefined) errors[name] = [t('terms.wholeNumber')];
      terms[name] = value;
    }
    this.showErrors(errors);
    return Object.keys(errors).length > 0 ? null : terms;
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

  /**
   * @param {string} name
   * @param {Field} field
   */
  #valueOf(name, field) {
    if (moments.includes(name)) return field.readMoment();
    return wholeNumbers.includes(name) ? field.readWhole() ?? undefined : field.value;
  }

  /**
   * @param {string} name
   * @param {Field} field
   */
  #add(name, field) {
    this.#fields.set(name, field);
  }
}
