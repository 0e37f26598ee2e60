// The view to create an event.
import { call } from './api.js';
import { el } from './dom.js';
import { tell } from './notice.js';
import { problem } from './problems.js';
import { termsForm } from './terms-form.js';
import { t } from './words.js';

/** @param {HTMLElement} main */
export function openView(main) {
  const submitButton = el('button', { class: 'primary', t: 'open.submit' });
  const form = termsForm(null, submit, el('a', { class: 'button', href: '#/', t: 'cancel' }), submitButton);
  main.replaceChildren(el('div', { class: 'view narrow' },
    el('h1', { tabindex: '-1', t: 'open.title' }), el('div', { class: 'card' }, form.element)));
  return () => {};

  async function submit() {
    const terms = form.read();
    if (!terms) return;
    submitButton.disabled = true;
    const answer = await call('POST', '/admin/events', terms);
    submitButton.disabled = false;
    if (answer.isDone) {
      tell(t('open.done', { name: answer.data.name }));
      location.hash = `#/events/${answer.data.id}`;
      return;
    }
    form.showErrors(answer.code === 'EVENT_EXISTS' ? { id: [problem(answer)] } : answer.errors, problem(answer));
  }
}
