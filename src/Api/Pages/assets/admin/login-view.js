// The login. Only operators may enter; the server decides.
import { call } from '../api/call.js';
import { logIn } from '../api/logging-in.js';
import { el } from './dom.js';
import { Field } from './field.js';
import { problem } from './problems.js';
import { session } from './session.js';
import { t } from './words.js';

/**
 * @param {HTMLElement} main
 * @returns {() => void} ends it
 */
export function loginView(main) {
  const life = new AbortController();
  const why = session.lapsedStatus === 403 ? t('login.operatorsOnly') : session.lapsedStatus ? t('login.ended') : '';
  const id = new Field('id', {
    label: 'login.id', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false',
    value: session.lapsedId || 'operator',
  });
  const password = new Field('password', { label: 'password', type: 'password', autocomplete: 'current-password' });
  const submit = el('button', { class: 'primary', t: 'login.submit' });
  const wrong = el('p', { class: 'error', role: 'alert' }, why);
  const form = el('form', { class: 'login card', novalidate: true, onsubmit: enter },
    el('h1', { tabindex: '-1', t: 'login.title' }), id.element, password.element, wrong, submit);
  main.replaceChildren(form);
  return () => life.abort();

  /** @param {Event} event */
  async function enter(event) {
    event.preventDefault();
    submit.disabled = true;
    wrong.textContent = '';
    const why = await refusal().catch(() => ''); // the form is gone
    if (life.signal.aborted) return;
    wrong.textContent = why;
    submit.disabled = false;
    password.input.focus();
    password.input.select();
  }

  /** @returns {Promise<string>} empty after a login, when this view is gone */
  async function refusal() {
    const { signal } = life;
    const inWords = (/** @type {import('../api/call.js').Answer} */ answer) =>
      problem({ code: answer.code, title: answer.problem.title ?? '' });
    const login = await logIn({
      id: id.read(),
      password: password.input.value,
      putOff: (answer) => { wrong.textContent = inWords(answer); },
      signal,
    });
    if (login.code) return inWords(login);
    const token = login.data.accessToken;
    const cluster = await call('GET', '/admin/cluster', { token, signal });
    if (cluster.code === 'FORBIDDEN') return t('login.operatorsOnly');
    session.begin(id.read(), token);
    return '';
  }
}
