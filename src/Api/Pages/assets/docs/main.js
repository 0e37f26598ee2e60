// The page that shows the API and can try it. It is made from the OpenAPI document that this server serves.
import { byId, element, fill } from '../page/element.js';
import { Account } from './account.js';
import { callSections } from './calls.js';
import { schemaSection } from './schemas.js';
import { paragraphs } from './text.js';

const content = byId('content');

load();

async function load() {
  try {
    const response = await fetch('/openapi/v1.json', { credentials: 'omit' });
    if (!response.ok) throw new Error(String(response.status));
    show(await response.json());
  } catch (error) {
    const text = `The API's description cannot be read: ${error}`;
    fill(content, element('p', { class: 'notice', 'data-tone': 'bad', role: 'alert' }, text));
  }
}

/** @param {import('./calls.js').Contract} contract */
function show(contract) {
  const account = new Account();
  fill(content,
    element('h1', {}, 'API'),
    paragraphs(contract.info.description),
    element('section', { 'aria-label': 'Token' }, element('h2', {}, 'Who calls'), account.form()),
    callSections(contract, account),
    schemaSection(contract.components.schemas));
  openNamed();
  addEventListener('hashchange', openNamed);
}

/** Opens the call or the schema that the address names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(named instanceof HTMLDetailsElement)) return;
  named.open = true;
  named.scrollIntoView();
}
