// The mark above every view that load tests may make members and tokens.
import { byId } from '../page/element.js';
import { el } from './dom.js';

const mark = el('aside', { class: 'notice', 'data-tone': 'wait', id: 'load-test', hidden: true, t: 'loadTest' });
byId('content').before(mark);

/** @param {boolean} isOn */
export const markLoadTest = (isOn) => { mark.hidden = !isOn; };
