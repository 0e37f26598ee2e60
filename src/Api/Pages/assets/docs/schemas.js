import { element } from '../page/element.js';
import { paragraphs } from './text.js';

/**
 * A schema as this server's document has them.
 * @typedef {{
 *   $ref?: string, type?: string | string[], format?: string, enum?: string[], items?: Schema, oneOf?: Schema[],
 *   properties?: Record<string, Schema>, required?: string[], description?: string, default?: unknown,
 *   additionalProperties?: boolean | Schema,
 * }} Schema
 */

/**
 * All named schemas, each below its own name.
 * @param {Record<string, Schema>} schemas
 */
export function schemaSection(schemas) {
  return element('section', { 'aria-label': 'Schemas' }, element('h2', {}, 'Schemas'),
    Object.entries(schemas).map(([name, schema]) => element('details', { class: 'schema card', id: `schema-${name}` },
      element('summary', {}, element('h3', {}, name)),
      element('div', {}, paragraphs(schema.description), fieldsOf(schema)))));
}

/** @param {Schema} schema */
export function fieldsOf(schema) {
  if (schema.enum) return element('p', {}, schema.enum.flatMap((word) => [element('code', {}, word), ' ']));
  return element('dl', { class: 'fields' }, Object.entries(schema.properties ?? {}).map(([name, field]) =>
    element('div', {},
      element('dt', {},
        element('code', {}, name), ' ', typeOf(field), schema.required?.includes(name) ? '' : ' · optional'),
      element('dd', {}, paragraphs(field.description)))));
}

/**
 * A schema's type in a word, with a link when it has a name.
 * @param {Schema} schema
 * @returns {Node}
 */
export function typeOf(schema) {
  const name = schema.$ref?.split('/').at(-1);
  if (name) return element('a', { href: `#schema-${name}` }, name);
  if (schema.items) return element('span', {}, typeOf(schema.items), '[]');
  if (schema.oneOf) return element('span', {}, schema.oneOf.flatMap((kind, at) => [at ? ' or ' : '', typeOf(kind)]));
  const kinds = [schema.type ?? 'any'].flat().filter((kind) => kind !== 'null');
  const isNullable = [schema.type].flat().includes('null');
  const text = `${kinds.join(' or ')}${schema.format ? ` (${schema.format})` : ''}${isNullable ? ' or null' : ''}`;
  return element('span', { class: 'muted' }, text);
}

/**
 * A body to begin with: what is required, and nothing else.
 * @param {Schema} schema
 */
export function exampleOf(schema) {
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
  return JSON.stringify(Object.fromEntries(fields.map(([name, field]) => [name, valueOf(name, field)])), null, 2);
}

/**
 * @param {string} name
 * @param {Schema} field
 */
function valueOf(name, field) {
  if (field.default !== undefined) return field.default;
  if ([field.type].flat().includes('integer')) return name === 'capacity' ? 100 : 1;
  return { id: 'ann', name: 'Swan Lake', password: 'see you at the show', prefix: 'load' }[name] ?? '';
}
