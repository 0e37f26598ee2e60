import { byId } from './element.js';

/** The link to the content works without the address behind #, which is the view's. */
export function followSkipLink() {
  byId('skip').addEventListener('click', (event) => {
    event.preventDefault();
    byId('content').focus();
  });
}
