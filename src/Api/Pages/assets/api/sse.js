// Reads server-sent events from a response, by the HTML standard.

/**
 * retryMs: the wait that the server asks for before a reconnection; 0 when it asks for none
 * @typedef {{id: string, event: string, data: string, retryMs: number}} ServerSent
 */

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {(sent: ServerSent) => void} received
 * @param {() => void} heard  called for everything that comes, comments too
 */
export async function readEvents(body, received, heard) {
  const parser = new Parser(received);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    parser.add(decoder.decode(value, { stream: true }));
  }
}

/** Parses lines into events. */
export class Parser {
  #rest = '';
  #received;
  #id = '';
  #event = '';
  #retryMs = 0;
  /** @type {string[]} */
  #data = [];

  /** @param {(sent: ServerSent) => void} received */
  constructor(received) {
    this.#received = received;
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
      const data = this.#data.join('\n');
      this.#received({ id: this.#id, event: this.#event || 'message', data, retryMs: this.#retryMs });
    }
    this.#event = '';
    this.#data = [];
  }
}
