import { element, setText } from '../page/element.js';
import { loginForm } from './login-form.js';
import { words } from './words.js';

/** @type {Promise<boolean> | null} */
let asking = null;

/**
 * Asks for a login without leaving what the member is doing.
 * @returns {Promise<boolean>} whether somebody logged in
 */
export function askToLogIn() {
  asking ??= ask().finally(() => { asking = null; });
  return asking;
}

function ask() {
  const say = words();
  const life = new AbortController();
  return new Promise((/** @type {(isLoggedIn: boolean) => void} */ resolve) => {
    let isLoggedIn = false;
    const title = element('h2', { id: 'login-dialog-title' }, say.logInTitle);
    const { form, first } = loginForm(
      (isIn) => { isLoggedIn = isIn; dialog.close(); },
      life.signal,
      (isNew) => setText(title, isNew ? say.signUpTitle : say.logInTitle));
    const close = element('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, say.close);
    const dialog = element('dialog', { class: 'card', 'aria-labelledby': title.id },
      element('div', { class: 'dialog-head' }, title, close), form);
    dialog.addEventListener('close', () => {
      life.abort();
      dialog.remove();
      resolve(isLoggedIn);
    });
    document.body.append(dialog);
    dialog.showModal(); // which keeps the focus inside, and gives it back
    first.focus();
  });
}
