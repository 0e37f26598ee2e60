// The form of an event's terms, to create or change it.
import { Field, momentField, wholeField } from './field.js';
import { Form } from './form.js';
import { t } from './words.js';

/** @typedef {import('../api/wire.js').EventNumbers} EventNumbers */
/**
 * @typedef {Pick<EventNumbers,
 *   'name' | 'capacity' | 'maxPerMember' | 'holdSeconds' | 'opensAt' | 'closesAt'>} Terms
 */

/**
 * @param {Terms | null} terms  null for a new event
 * @param {() => void} submitted
 * @param {...HTMLElement} buttons
 */
export function termsForm(terms, submitted, ...buttons) {
  return new Form([
    ...(terms ? [] : [idField()]),
    new Field('name', { label: 'terms.name', autocomplete: 'off', value: terms?.name }),
    wholeField('capacity', { value: terms?.capacity ?? '' }),
    wholeField('maxPerMember', { value: terms?.maxPerMember ?? 1 }),
    wholeField('holdSeconds', { value: terms?.holdSeconds ?? 0, hint: () => t('terms.holdSeconds.hint') }),
    momentField('opensAt', terms?.opensAt ?? null),
    momentField('closesAt', terms?.closesAt ?? null),
  ], submitted, ...buttons);
}

/** Empty: null, and the server gives one. */
const idField = () => new Field('id', {
  label: 'terms.id', hint: () => t('terms.id.hint'), read: (input) => input.value.trim() || null, autocomplete: 'off',
});
