import { arrive } from '../page/arrival.js';
import { element, fill, setText } from '../page/element.js';
import { loginForm } from './login-form.js';
import { words } from './words.js';

/**
 * The view for login and signup.
 * @param {HTMLElement} place
 * @param {string} before  the address to go back to
 * @param {AbortSignal} signal
 */
export function loginView(place, before, signal) {
  const say = words();
  const heading = element('h1', {}, say.logInTitle);
  const { form } = loginForm(() => { location.hash = before; }, signal, (isNew) => {
    setText(heading, isNew ? say.signUpTitle : say.logInTitle);
  });
  fill(place, element('div', { class: 'card narrow' }, heading, form));
  arrive(heading, `${say.logInTitle} · ${say.site}`);
}
