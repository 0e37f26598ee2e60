// The buyers of a running rehearsal, by outcome.
import { count } from '../page/moments.js';
import { Bar } from './bar.js';
import { Chart, fromTheBeginning } from './chart.js';
import { el, say } from './dom.js';
import { Figures } from './figures.js';
import { History } from './history.js';
import { isUnderWay } from './rehearsal.js';
import { t } from './words.js';

const slotSeconds = 0.5; // it is polled once a second
const shownSecondsMin = 5;
const places = ['accepted', 'refused', 'gaveUp', 'failed', 'waiting'];
const areas = places.map((name) => ({ name, colour: `--${name}` }));

export class Crowd {
  #history = new History(slotSeconds, places);
  #buyers = 0;
  #secondsMin = shownSecondsMin;
  #is = el('p', { class: 'verdict', role: 'status' });
  #figures = new Figures(['arrived', ...places, 'available'].map((name) => [name, name]));
  #bar = new Bar(places, (numbers) => inWords(numbers, this.#buyers));
  #picture = el('div', { class: 'chart', 'aria-hidden': 'true' }); // the figures are above it
  #chart = new Chart(this.#picture, this.#history, {
    scaleMax: () => this.#buyers,
    over: { ...fromTheBeginning, range: (now) => [0, Math.max(now, this.#secondsMin)] },
    isStepped: false,
  });
  #hint = el('p', { class: 'hint', t: 'chart.since' });
  element = el('section', { class: 'card now' },
    this.#is, this.#figures.element, this.#bar.element, this.#picture, this.#hint);

  /** @param {import('./rehearsal.js').Rehearsal} rehearsal */
  show(rehearsal) {
    const { order, progress, state } = rehearsal;
    this.#buyers = order.buyers;
    this.#secondsMin = Math.max(shownSecondsMin, order.rampSeconds);
    say(this.#is, () => t(isUnderWay(rehearsal) ? `rehearsal.is.${state}` : 'rehearsal.over'));
    this.#figures.show(progress);
    this.#bar.show(progress, order.buyers);
    this.#picture.hidden = this.#hint.hidden = !isUnderWay(rehearsal);
    if (!isUnderWay(rehearsal)) return;
    const { seconds, accepted, refused, gaveUp, failed, waiting } = progress;
    this.#history.add(seconds, { accepted, refused, gaveUp, failed, waiting });
    this.#paint();
  }

  /** The connection is lost: what follows is unknown. */
  lose() {
    this.#history.addGap(this.#history.times.at(-1) ?? 0);
    this.#paint();
  }

  end() {
    this.#chart.end();
  }

  #paint() {
    this.#chart.paint(this.#history.times.at(-1) ?? 0, this.#history.times.length > 0 ? areas : []);
  }
}

/**
 * @param {import('./rehearsal.js').Progress} progress
 * @param {number} buyers
 */
const inWords = ({ arrived, accepted, refused, gaveUp, failed, waiting }, buyers) => t('crowd.says', {
  buyers: count(buyers), arrived: count(arrived), accepted: count(accepted), refused: count(refused),
  gaveUp: count(gaveUp), failed: count(failed), waiting: count(waiting),
});
