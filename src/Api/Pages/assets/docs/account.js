import { element, fill } from '../page/element.js';

/** Who calls: the token of who logged in on this page. It is kept nowhere else, and a reload forgets it. */
export class Account {
  /** @type {string | null} */
  token = null;

  /** The form that logs in, and what came of it. */
  form() {
    const id = element('input', { id: 'login-id', name: 'id', autocomplete: 'username', required: true });
    const password = element('input', {
      id: 'login-password', name: 'password', type: 'password', autocomplete: 'current-password', required: true,
    });
    const state = element('p', { role: 'status' }, 'Calls are made without a token.');
    return element('form', {
      class: 'card fields',
      'aria-label': 'Log in',
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        fill(state, await this.#logIn(id.value, password.value));
        password.value = '';
      },
    },
    element('div', { class: 'field' }, element('label', { for: 'login-id' }, 'Id'), id),
    element('div', { class: 'field' }, element('label', { for: 'login-password' }, 'Password'), password),
    element('div', { class: 'actions' }, element('button', { type: 'submit' }, 'Log in')),
    state);
  }

  /**
   * @param {string} id
   * @param {string} password
   * @returns {Promise<string>}
   */
  async #logIn(id, password) {
    this.token = null;
    try {
      const response = await fetch('/member/login', {
        method: 'POST',
        credentials: 'omit',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ id, password }),
      });
      const { data, title } = await response.json();
      this.token = data?.accessToken ?? null;
      return this.token ? `Calls are made as ${id}.` : `${title} Calls are made without a token.`;
    } catch {
      return 'No answer. Calls are made without a token.';
    }
  }
}
