// An operator's actions on one event.
import { confirm } from '../page/dialog.js';
import { call } from './api.js';
import { change } from './change.js';
import { el } from './dom.js';
import { download } from './download.js';
import { tell, warn } from './notice.js';
import { problem } from './problems.js';
import { reconcile } from './reconcile.js';
import { rehearse } from './rehearse.js';
import { t } from './words.js';

export class Actions {
  /** @type {import('../api/wire.js').EventNumbers | null} */
  #numbers = null;
  #change = button('do.change', () => this.#numbers && change(this.#numbers));
  #rehearse = button('do.rehearse', () => this.#numbers && rehearse(this.#numbers));
  #pause = button('do.pause', () => this.#turn('pause'));
  #resume = button('do.resume', () => this.#turn('resume'));
  element;

  /** @param {string} eventId */
  constructor(eventId) {
    this.#change.disabled = true;
    this.#rehearse.disabled = true;
    this.#pause.disabled = true;
    this.#resume.hidden = true;
    const file = `/admin/events/${eventId}/reservations?format=csv`;
    this.element = el('div', { class: 'actions' }, this.#change, this.#pause, this.#resume, this.#rehearse,
      button('do.export', () => download(file, `reservations-${eventId}.csv`)),
      button('do.reconcile', () => reconcile(eventId)));
  }

  /** @param {import('../api/wire.js').EventNumbers} numbers */
  show(numbers) {
    this.#numbers = numbers;
    const isPaused = numbers.state === 'PAUSED';
    const hadFocus = document.activeElement === (isPaused ? this.#pause : this.#resume);
    this.#change.disabled = false;
    this.#rehearse.disabled = false;
    this.#pause.disabled = false;
    this.#pause.hidden = isPaused;
    this.#resume.hidden = !isPaused;
    if (hadFocus) (isPaused ? this.#resume : this.#pause).focus(); // a hidden button loses it
  }

  /** @param {'pause' | 'resume'} verb */
  async #turn(verb) {
    if (!this.#numbers) return;
    const { id, name } = this.#numbers;
    const isMeant = await confirm({
      title: t(`${verb}.title`, { name }), text: t(`${verb}.text`), submit: t(`${verb}.submit`), cancel: t('cancel'),
    });
    if (!isMeant) return;
    const answer = await call('POST', `/admin/events/${id}/${verb}`);
    if (!answer.isDone) return warn(problem(answer));
    tell(t(`${verb}.done`));
  }
}

/**
 * @param {string} key
 * @param {() => void} click
 */
const button = (key, click) => el('button', { type: 'button', t: key, onclick: click });
