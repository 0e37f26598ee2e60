import { logIn, signUp } from '../api/logging-in.js';
import { announce } from '../page/announcer.js';
import { element, fill, setAttribute, setText } from '../page/element.js';
import { notice } from './notice.js';
import { session } from './session.js';
import { explain, words } from './words.js';

let forms = 0;

/**
 * The form to log in or sign up.
 * @param {(isLoggedIn: true) => void} done
 * @param {AbortSignal} signal
 * @param {(isNew: boolean) => void} [turned]  the form changed between login and signup
 */
export function loginForm(done, signal, turned = () => {}) {
  const say = words();
  const number = ++forms;
  let isNew = false;
  let isBusy = false;

  const id = element('input', {
    id: `member-${number}`, name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false',
    maxlength: 64, required: true, 'aria-describedby': `member-hint-${number}`,
  });
  id.value = session.lapsedId;
  const password = element('input', {
    id: `password-${number}`, name: 'password', type: 'password', autocomplete: 'current-password', maxlength: 256,
    required: true, 'aria-describedby': `password-hint-${number}`,
  });
  const idHint = element('p', { class: 'hint', id: `member-hint-${number}` });
  const passwordHint = element('p', { class: 'hint', id: `password-hint-${number}` });
  const show = element('button', {
    type: 'button', class: 'quiet reveal', 'aria-pressed': 'false', onclick: reveal,
  }, say.show);
  const submit = element('button', { type: 'submit', class: 'primary wide' });
  const outcome = element('div', { role: 'alert' });
  const other = element('button', { type: 'button', class: 'quiet link', onclick: turn });
  const form = element('form', { class: 'login', novalidate: true, onsubmit: send },
    outcome,
    element('div', { class: 'field' }, element('label', { for: id.id }, say.memberId), id, idHint),
    element('div', { class: 'field' },
      element('label', { for: password.id }, say.password),
      element('div', { class: 'with-reveal' }, password, show), passwordHint),
    submit,
    element('p', { class: 'other' }, other));
  dress();
  return { form, first: session.lapsedId ? password : id };

  function dress() {
    setText(submit, isBusy ? (isNew ? say.signingUp : say.loggingIn) : isNew ? say.signUpTitle : say.logInTitle);
    setText(other, isNew ? `${say.haveAccount} ${say.logInTitle}` : `${say.noAccount} ${say.signUpTitle}`);
    setText(idHint, isNew ? say.memberIdHint : '');
    setText(passwordHint, isNew ? say.passwordHint : '');
    setAttribute(password, 'autocomplete', isNew ? 'new-password' : 'current-password');
    setAttribute(submit, 'aria-disabled', isBusy && 'true');
  }

  function turn() {
    if (isBusy) return;
    isNew = !isNew;
    fill(outcome);
    dress();
    turned(isNew);
    id.focus();
  }

  function reveal() {
    const isShown = password.type === 'text';
    password.type = isShown ? 'password' : 'text';
    setText(show, isShown ? say.show : say.hide);
    setAttribute(show, 'aria-pressed', String(!isShown));
  }

  /** @param {SubmitEvent} event */
  async function send(event) {
    event.preventDefault();
    if (isBusy) return; // a second press has no further effect
    if (!id.value || !password.value) return refuse(notice('bad', say.fillIn), id.value ? password : id);
    isBusy = true;
    fill(outcome);
    dress();
    try {
      const enter = isNew ? signUp : logIn;
      const member = id.value.trim();
      const putOff = (/** @type {import('../api/call.js').Answer} */ wait) =>
        fill(outcome, notice('wait', explain(wait)));
      const answer = await enter({ id: member, password: password.value, putOff, signal });
      isBusy = false;
      dress();
      if (answer.code) return refuse(notice('bad', explain(answer)), answer.code.includes('PASSWORD') ? password : id);
      session.begin(member, answer.data.accessToken);
      announce(words().loggedIn(member));
      done(true);
    } catch {
      // The form is gone.
    }
  }

  /**
   * @param {HTMLElement} why
   * @param {HTMLElement} where
   */
  function refuse(why, where) {
    fill(outcome, why);
    for (const field of [id, password]) setAttribute(field, 'aria-invalid', field === where && 'true');
    where.focus();
  }
}
