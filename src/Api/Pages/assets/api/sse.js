// Reads server-sent events from a response, as the HTML standard says.

/**
 * retryMs: what the server asks a listener to wait before it comes back, 0 when it did not say
 * @typedef {{id: string, event: string, data: string, retryMs: number}} ServerSent
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

/** Lines become events. */
export class Parser {
  #rest = '';
  #told;
  #id = '';
  #event = '';
  #retryMs = 0;
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
    if (field === 'retry') this.#retryMs = Number(value) || 0;
    if (field === 'data') this.#data.push(value);
  }

  #dispatch() {
    if (this.#data.length > 0) {
      this.#told({ id: this.#id, event: this.#event || 'message', data: this.#data.join('\n'), retryMs: this.#retryMs });
    }
    this.#event = '';
    this.#data = [];
  }
}
