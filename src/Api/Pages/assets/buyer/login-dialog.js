import { openDialog } from '../page/dialog.js';
import { element, setText } from '../page/element.js';
import { loginForm } from './login-form.js';
import { words } from './words.js';

/** @type {Promise<boolean> | null} */
let asking = null;

/**
 * Asks for a login in a dialog above the view.
 * @returns {Promise<boolean>} whether the member logged in
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
    const title = element('h2', {}, say.logInTitle);
    const { form, first } = loginForm(
      (isIn) => { isLoggedIn = isIn; dialog.close(); },
      life.signal,
      (isNew) => setText(title, isNew ? say.signUpTitle : say.logInTitle));
    const close = element('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, say.close);
    const dialog = openDialog(title, element('div', { class: 'dialog-head' }, title, close), form);
    dialog.addEventListener('close', () => {
      life.abort();
      resolve(isLoggedIn);
    });
    first.focus();
  });
}
