import { element } from '../page/element.js';
import { fieldsOf, typeOf } from './schemas.js';
import { inline, paragraphs } from './text.js';
import { trial } from './trial.js';

/** @typedef {import('./schemas.js').Schema} Schema */
/** @typedef {{description?: string, content?: Record<string, {schema?: Schema}>}} Response */
/**
 * @typedef {{
 *   tags?: string[], operationId: string, summary?: string, description?: string, security?: object[],
 *   parameters?: import('./trial.js').Parameter[], requestBody?: {content: Record<string, {schema: Schema}>},
 *   responses: Record<string, Response>,
 * }} Operation
 */
/**
 * @typedef {{
 *   info: {description: string}, tags: {name: string, description: string}[],
 *   paths: Record<string, Record<string, Operation>>, components: {schemas: Record<string, Schema>},
 * }} Contract
 */

/**
 * The calls of each tag.
 * @param {Contract} contract
 * @param {import('./account.js').Account} account
 */
export function callSections(contract, account) {
  const calls = Object.entries(contract.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ verb: verb.toUpperCase(), path, operation })));
  return contract.tags.map((tag) => element('section', { 'aria-label': tag.name },
    element('h2', {}, tag.name),
    paragraphs(tag.description),
    calls.filter(({ operation }) => operation.tags?.includes(tag.name))
      .map(({ verb, path, operation }) => callOf(verb, path, operation, contract, account))));
}

/**
 * One call. What it shows is made when it is opened for the first time: there are many.
 * @param {string} verb
 * @param {string} path
 * @param {Operation} operation
 * @param {Contract} contract
 * @param {import('./account.js').Account} account
 */
function callOf(verb, path, operation, contract, account) {
  const inside = element('div');
  const fillOnce = () => {
    if (inside.hasChildNodes()) return;
    const body = operation.requestBody?.content['application/json']?.schema;
    const name = body?.$ref?.split('/').at(-1);
    const schema = (name && contract.components.schemas[name]) || null;
    inside.append(
      ...paragraphs(operation.description),
      element('p', { class: 'hint' }, operation.security?.length ? 'Needs a token.' : 'Needs no token.'),
      ...parametersOf(operation),
      ...(schema ? [element('h4', {}, 'Body'), fieldsOf(schema)] : []),
      element('h4', {}, 'Answers'),
      answersOf(operation.responses),
      trial(verb, path, operation.parameters ?? [], schema, account));
  };
  return element('details', { class: 'call card', id: operation.operationId, ontoggle: fillOnce },
    element('summary', {},
      element('span', { class: 'verb' }, verb),
      element('h3', {}, element('code', {}, path)),
      element('span', { class: 'muted' }, operation.summary)),
    inside);
}

/** @param {Operation} operation */
function parametersOf({ parameters = [] }) {
  if (parameters.length === 0) return [];
  return [
    element('h4', {}, 'Parameters'),
    element('dl', { class: 'fields' }, parameters.map((parameter) => element('div', {},
      element('dt', {}, element('code', {}, parameter.name), ` in ${parameter.in} `, typeOf(parameter.schema)),
      element('dd', {}, inline(parameter.description ?? ''))))),
  ];
}

/** @param {Record<string, Response>} responses */
function answersOf(responses) {
  return element('dl', { class: 'fields' }, Object.entries(responses).map(([status, { description, content }]) => {
    const schema = Object.values(content ?? {})[0]?.schema;
    return element('div', {},
      element('dt', {}, status, ' ', schema && typeOf(schema)), element('dd', {}, paragraphs(description)));
  }));
}
