import { element, fill, setText } from '../page/element.js';
import { exampleOf } from './schemas.js';

const charactersMax = 50_000; // of an answer that is shown; a stream has no end

/** @typedef {import('./schemas.js').Schema} Schema */
/** @typedef {{name: string, in: string, required?: boolean, description?: string, schema: Schema}} Parameter */

/**
 * Sends one call with what is filled in, and shows the answer as it comes.
 * @param {string} verb
 * @param {string} path
 * @param {Parameter[]} parameters
 * @param {Schema | null} body
 * @param {import('./account.js').Account} account
 */
export function trial(verb, path, parameters, body, account) {
  const inputs = parameters.map((parameter) => ({
    parameter,
    input: element('input', {
      id: idOf(verb, path, parameter.name), required: parameter.required, value: valueOf(parameter),
    }),
  }));
  const text = body && element('textarea', { id: idOf(verb, path, 'body'), spellcheck: 'false' });
  if (text && body) text.value = exampleOf(body);
  const send = element('button', { type: 'submit', class: 'primary' }, 'Send');
  const state = element('p', { role: 'status' });
  const answer = element('pre', { class: 'answer', tabindex: 0, 'aria-label': 'Answer', hidden: true });
  /** @type {AbortController | null} */
  let running = null;

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (running) {
      running.abort();
      return;
    }
    running = new AbortController();
    setText(send, 'Stop');
    fill(answer);
    answer.hidden = false;
    try {
      const request = requestOf(path, inputs.map(({ parameter, input }) => ({ parameter, value: input.value })));
      const response = await fetch(request.url, {
        method: verb,
        credentials: 'omit',
        signal: running.signal,
        headers: {
          ...request.headers,
          ...(text?.value ? { 'Content-Type': 'application/json' } : {}),
          ...(account.token ? { 'x-access-token': account.token } : {}),
        },
        ...(text?.value ? { body: text.value } : {}),
      });
      setText(state, `${response.status} ${response.statusText}`);
      await show(response, answer);
    } catch (error) {
      setText(state, running.signal.aborted ? `${state.textContent} Stopped.` : `No answer: ${error}`);
    } finally {
      running = null;
      setText(send, 'Send');
    }
  };

  return element('form', { class: 'trial', 'aria-label': `Try ${verb} ${path}`, onsubmit: submit },
    element('h4', {}, 'Try it'),
    inputs.map(({ parameter, input }) =>
      element('div', { class: 'field' }, element('label', { for: input.id }, parameter.name), input)),
    text && element('div', { class: 'field' }, element('label', { for: text.id }, 'Body'), text),
    element('div', { class: 'actions' }, send), state, answer);
}

/**
 * @param {string} path
 * @param {{parameter: Parameter, value: string}[]} values
 */
function requestOf(path, values) {
  const query = new URLSearchParams();
  /** @type {Record<string, string>} */
  const headers = {};
  let url = path;
  for (const { parameter, value } of values.filter((given) => given.value !== '')) {
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (parameter.in === 'query') query.set(parameter.name, value);
    else headers[parameter.name] = value;
  }
  return { url: query.size === 0 ? url : `${url}?${query}`, headers };
}

/**
 * @param {Response} response
 * @param {HTMLElement} answer
 */
async function show(response, answer) {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += part.value;
    setText(answer, `${headers}\n\n${readable(text)}`);
    if (text.length < charactersMax) continue;
    await reader?.cancel();
    break;
  }
  setText(answer, `${headers}\n\n${readable(text)}`);
}

/** @param {string} text */
function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text.slice(0, charactersMax); // a part, a stream, or no JSON
  }
}

/** @param {Parameter} parameter */
function valueOf({ name, required, schema }) {
  if (schema.default !== undefined) return String(schema.default);
  return required && name === 'eventId' ? '1' : '';
}

/**
 * @param {string} verb
 * @param {string} path
 * @param {string} name
 */
function idOf(verb, path, name) { return `${verb}${path}-${name}`.replace(/[^A-Za-z0-9-]/g, '-'); }
