// Turns a response, or the lack of one, into an answer of the client.

/**
 * @param {import('k6/http').RefinedResponse<'text' | undefined>} response
 * @param {number} tookMs
 * @returns {import('./boxoffice.js').Answer}
 */
export function read(response, tookMs) {
  if (response.status === 0) return noAnswer(response.error, tookMs);
  const body = parse(response.body);
  const isSuccess = response.status < 300 && body?.data !== undefined; // an incomplete body proves nothing
  return {
    status: response.status,
    code: isSuccess ? '' : body?.code ?? 'NO_CODE',
    title: isSuccess ? '' : titleOf(body, response.body),
    data: body?.data,
    isFinal: isSuccess || body?.terminal === true,
    isReplay: response.headers['Idempotency-Replayed'] === 'true',
    retryAfterMs: Number(body?.retryAfterMs ?? Number(response.headers['Retry-After'] ?? 0) * 1_000) || 0,
    tookMs,
    serverMs: response.timings.duration,
  };
}

/**
 * @param {string} title
 * @param {number} tookMs
 * @returns {import('./boxoffice.js').Answer}
 */
export function noAnswer(title, tookMs) {
  const nothing = { data: null, isFinal: false, isReplay: false, retryAfterMs: 0, serverMs: 0 };
  return { status: 0, code: 'NO_ANSWER', title, tookMs, ...nothing };
}

/**
 * @param {string | null} body
 * @returns {any}
 */
function parse(body) {
  try {
    return body ? JSON.parse(body) : null;
  } catch {
    return null; // a proxy's page, or an incomplete body
  }
}

/**
 * @param {any} problem
 * @param {string | null} text
 */
function titleOf(problem, text) {
  if (!problem?.title) return (text || 'no body').slice(0, 200);
  return problem.title + (problem.errors ? ` ${JSON.stringify(problem.errors)}` : '');
}

/**
 * The kind of a failure, for metrics.
 * @param {string} failure
 */
export function reasonOf(failure) {
  // The first two are limits of the generator, and not of the server.
  if (failure.includes('too many open files')) return 'out_of_files';
  if (failure.includes('cannot assign requested address')) return 'out_of_ports';
  if (failure.includes('connection refused')) return 'refused';
  if (/reset|EOF|broken pipe|closed/.test(failure)) return 'reset';
  return /timeout|deadline/.test(failure) ? 'timeout' : 'other';
}
