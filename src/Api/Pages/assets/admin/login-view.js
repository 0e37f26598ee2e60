// The door: for operators only, which the server decides.
import { call } from '../api/call.js';
import { el } from './dom.js';
import { Field } from './field.js';
import { problem } from './problems.js';
import { begin } from './session.js';
import { t } from './words.js';

/**
 * @param {HTMLElement} main
 * @param {() => void} entered
 * @param {string} [why]  why one has to log in
 */
export function loginView(main, entered, why = '') {
  const id = new Field('id', {
    label: 'login.id', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', value: 'operator',
  });
  const password = new Field('password', { label: 'login.password', type: 'password', autocomplete: 'current-password' });
  const submit = el('button', { class: 'primary', t: 'login.submit' });
  const wrong = el('p', { class: 'error', role: 'alert' }, why);
  const form = el('form', { class: 'login card', novalidate: true, onsubmit: enter },
    el('h1', { tabindex: '-1', t: 'login.title' }), id.element, password.element, wrong, submit);
  main.replaceChildren(form);
  return () => {};

  /** @param {Event} event */
  async function enter(event) {
    event.preventDefault();
    submit.disabled = true;
    wrong.textContent = '';
    wrong.textContent = await refusal();
    submit.disabled = false;
    if (!wrong.textContent) return entered();
    password.input.focus();
    password.input.select();
  }

  /** @returns {Promise<string>} empty when the person is in */
  async function refusal() {
    const login = await call('POST', '/member/login', { body: { id: id.read(), password: password.input.value } });
    if (login.code) return problem({ code: login.code, title: login.problem.title ?? '' });
    const token = login.data.accessToken;
    const door = await call('GET', '/admin/cluster', { token });
    if (door.code === 'FORBIDDEN') return t('login.operatorsOnly');
    begin(token);
    return '';
  }
}
