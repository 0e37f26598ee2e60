// The dialog to start a rehearsal: buyers, ramp, patience, and tickets for each.
import { openDialog } from '../page/dialog.js';
import { count } from '../page/moments.js';
import { call } from './api.js';
import { el } from './dom.js';
import { wholeField } from './field.js';
import { Form } from './form.js';
import { problem } from './problems.js';
import { buyersFor } from './rehearsal.js';
import { t } from './words.js';

/** @param {import('../api/wire.js').EventNumbers} numbers */
export function rehearse({ id, name, capacity, maxPerMember }) {
  const cancel = el('button', { type: 'button', onclick: () => dialog.close() }, t('cancel'));
  const running = el('a', { class: 'button', hidden: true }, t('rehearse.running'));
  const start = el('button', { class: 'primary' }, t('rehearse.submit'));
  const form = new Form([
    field('buyers', buyersFor(capacity)),
    field('rampSeconds', 10),
    field('patienceSeconds', 30),
    field('quantity', 1, { max: count(maxPerMember) }),
  ], submit, cancel, running, start);
  const dialog = openDialog(t('rehearse.title', { name }),
    el('p', {}, t('rehearse.text')),
    el('p', { class: 'notice', 'data-tone': 'wait' }, t('rehearse.warning')),
    form.element);

  async function submit() {
    const order = form.read();
    if (!order) return;
    start.disabled = true;
    const answer = await call('POST', `/admin/events/${id}/rehearse`, order);
    start.disabled = false;
    if (answer.isDone) {
      location.hash = `#/rehearsals/${answer.data.id}`; // which closes the dialog
      return;
    }
    form.showErrors(answer.errors, problem(answer));
    running.hidden = answer.code !== 'REHEARSAL_RUNNING';
    running.href = `#/rehearsals/${answer.rehearsalId}`;
    if (!running.hidden) running.focus();
  }
}

/**
 * @param {string} name
 * @param {number} value
 * @param {Record<string, string>} [bounds]
 */
const field = (name, value, bounds) =>
  wholeField(name, { label: `rehearse.${name}`, hint: () => t(`rehearse.${name}.hint`, bounds), value });
