// Reads server-sent events from a response. EventSource would not show heartbeats, so that a server that stands still could
// not be told from one that has nothing to say.

/**
 * @typedef {{id: string, event: string, data: string}} ServerSent
 */

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {(sent: ServerSent) => void} told
 * @param {() => void} heard  called for every sign of life, comments too
 */
export async function readEvents(body, told, heard) {
  const parser = new Parser(told);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    parser.add(decoder.decode(value, { stream: true }));
  }
}

/** Lines become events, as the HTML standard says. */
export class Parser {
  #rest = '';
  #told;
  #id = '';
  #event = '';
  /** @type {string[]} */
  #data = [];

  /** @param {(sent: ServerSent) => void} told */
  constructor(told) {
    this.#told = told;
  }

  /** @param {string} text */
  add(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  /** @param {string} line */
  #read(line) {
    if (line === '') return this.#dispatch();
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'id') this.#id = value;
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
  }

  #dispatch() {
    if (this.#data.length > 0) this.#told({ id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') });
    this.#event = '';
    this.#data = [];
  }
}
