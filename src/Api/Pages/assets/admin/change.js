// The dialog to change an event's terms. Only changed fields are sent.
import { openDialog } from '../page/dialog.js';
import { call } from './api.js';
import { el } from './dom.js';
import { tell } from './notice.js';
import { problem } from './problems.js';
import { termsForm } from './terms-form.js';
import { t } from './words.js';

/** @param {import('../api/wire.js').EventNumbers} numbers */
export function change(numbers) {
  const cancel = el('button', { type: 'button', onclick: () => dialog.close() }, t('cancel'));
  const save = el('button', { class: 'primary' }, t('change.submit'));
  const form = termsForm(numbers, submit, cancel, save);
  const dialog = openDialog(t('change.title', { name: numbers.name }), form.element);

  async function submit() {
    const terms = form.read({ isChangedOnly: true });
    if (!terms) return;
    if (Object.keys(terms).length === 0) return done('change.nothing');
    save.disabled = true;
    const answer = await call('PATCH', `/admin/events/${numbers.id}`, terms);
    save.disabled = false;
    if (answer.isDone) return done('change.done');
    const errors = answer.code === 'CAPACITY_BELOW_SOLD' ? { capacity: [problem(answer)] } : answer.errors;
    form.showErrors(errors, problem(answer));
  }

  /** @param {string} key */
  function done(key) {
    dialog.close();
    tell(t(key));
  }
}
