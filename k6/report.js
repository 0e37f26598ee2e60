// The report of a run: its answers, the server's timing, sold tickets and broken thresholds.
import http from 'k6/http';
import { baseUrl } from './boxoffice.js';
import { lostReasons, refusalCodes } from './judgement.js';

const listedMax = 10;

/**
 * @typedef {import('./judgement.js').Metric} Metric
 * @typedef {import('./judgement.js').Metrics} Metrics
 * @typedef {import('./judgement.js').Summary} Summary
 * @typedef {import('./judgement.js').Timing} Timing
 */

/**
 * The report for handleSummary(): to the console, and the list of sold tickets to SOLD_FILE.
 * @param {Summary} summary
 * @param {string} title
 * @param {string[]} lines
 * @param {{operatorToken: string, eventId: string} | null} sale  null without access to the list
 */
export function report({ metrics }, title, lines, sale) {
  const csv = sale && exportCsv(sale.operatorToken, sale.eventId);
  const sold = sale ? [...timingLines(metrics, readTiming(sale)), '', ...soldLines(csv), ''] : [];
  const all = ['', title, '', ...reserveLines(metrics), ...lines, '', ...sold, ...verdictLines(metrics), ''];
  const file = __ENV.SOLD_FILE;
  return { stdout: `${all.join('\n')}\n`, ...(file && csv ? { [file]: csv } : {}) };
}

/** @param {Metric | undefined} metric */
export function percentiles(metric) {
  if (!metric) return 'no answers';
  const { med = 0, 'p(95)': p95 = 0, 'p(99)': p99 = 0, max = 0 } = metric.values;
  return `med ${time(med)}  p95 ${time(p95)}  p99 ${time(p99)}  max ${time(max)}`;
}

/** @param {number} ms */
export function time(ms) {
  if (ms > 0 && ms < 10) return `${ms.toFixed(2)} ms`;
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/**
 * @param {Metrics} metrics
 * @param {string} name
 */
export function countOf(metrics, name) {
  return metrics[name]?.values.count ?? 0;
}

/** @param {Metrics} metrics */
function reserveLines(metrics) {
  const { tickets_capacity: capacity, tickets_sold: sold, tickets_remaining: remaining } = metrics;
  const refused = byTag(metrics, 'refused', 'code:', refusalCodes, 'other codes');
  const lost = byTag(metrics, 'connections_lost', 'name:reserve,reason:', lostReasons, 'before reserving');
  return [
    capacity && sold && remaining
      ? `  tickets      ${sold.values.value} of ${capacity.values.value} sold, ${remaining.values.value} remaining`
      : '  tickets      unknown: the event could not be read',
    `  refused      ${refused || 'none'}`,
    `  connections  ${lost ? `lost: ${lost} (all tried again)` : 'none lost'}`,
    `  replayed     ${countOf(metrics, 'replayed')} retries got the answer of an earlier try`,
    `  reserve      ${percentiles(metrics.reserve_took)}, connecting included`,
    `  of which     ${percentiles(metrics.reserve_server_took)} between request and answer`,
  ];
}

/**
 * The server's timing, and whether it counted the same answers as these users.
 * @param {Metrics} metrics
 * @param {Timing | null} timing
 */
function timingLines(metrics, timing) {
  if (timing === null) return ['  server       does not say where the time went'];
  const stages = timing.stages.map(({ stage, p50Ms, p99Ms, maxMs }) =>
    `  ${stage.padEnd(12)} p50 ${time(p50Ms)}  p99 ${time(p99Ms)}  max ${time(maxMs)}`
    + (stage === timing.dominant ? '  <- most of the time' : ''));
  const seen = [
    { code: 'RESERVED', here: countOf(metrics, 'reserved') },
    { code: 'REPLAYED', here: countOf(metrics, 'replayed') },
    ...refusalCodes.map((code) => ({ code, here: countOf(metrics, `refused{code:${code}}`) })),
  ];
  const different = seen.map(({ code, here }) => ({ code, here, there: timing.codes[code] ?? 0 }))
    .filter(({ here, there }) => here !== there)
    .map(({ code, here, there }) => `${there} ${code} there and ${here} here`);
  return [
    '  The server measured, for each call of this event:',
    ...stages,
    `  batches      ${timing.batch.count} of ${timing.batch.mean} calls, the largest of ${timing.batch.max}`,
    `  counted      ${different.length === 0 ? 'the same answers as here' : different.join(', ')}`,
  ];
}

/** @param {string | null} csv */
function soldLines(csv) {
  if (csv === null) return ['  sold         the list cannot be read'];
  const rows = csv.trim().split(/\r?\n/);
  const more = rows.length - 1 - listedMax;
  return [
    ...rows.slice(0, listedMax + 1).map((row) => `  ${row}`),
    ...(more > 0 ? [`  … and ${more} more: set SOLD_FILE=sold.csv to have them all`] : []),
  ];
}

/** @param {Metrics} metrics */
function verdictLines(metrics) {
  const isRead = metrics.tickets_sold !== undefined; // without the event's numbers these thresholds mean nothing
  const judged = Object.entries(metrics).filter(([name]) => isRead || !name.startsWith('tickets_'));
  const broken = judged.flatMap(([name, { thresholds = {}, values }]) => Object.entries(thresholds)
    .filter(([, { ok }]) => !ok)
    .map(([rule]) => `  FAILED       ${name}: ${values.value ?? values.count}, must be ${rule}`));
  return broken.length > 0 ? broken : ['  passed       every threshold'];
}

/**
 * @param {Metrics} metrics
 * @param {string} name
 * @param {string} tag
 * @param {string[]} known
 * @param {string} rest  the name of the rest
 */
function byTag(metrics, name, tag, known, rest) {
  const counts = known.map((value) => ({ value, count: countOf(metrics, `${name}{${tag}${value}}`) }));
  const others = countOf(metrics, name) - counts.reduce((sum, { count }) => sum + count, 0);
  return [...counts, { value: rest, count: others }].filter(({ count }) => count > 0)
    .map(({ value, count }) => `${count} ${value}`).join(', ');
}

/**
 * The server's timing of the event's reserve calls; null when it cannot be read.
 * @param {{operatorToken: string, eventId: string}} sale
 * @returns {Timing | null}
 */
function readTiming({ operatorToken, eventId }) {
  try {
    const headers = { 'x-access-token': operatorToken };
    const { status, body } = http.get(`${baseUrl}/admin/events/${eventId}/timing`, { headers });
    return status === 200 && typeof body === 'string' ? JSON.parse(body).data : null;
  } catch {
    return null;
  }
}

/**
 * The list of sold tickets as CSV; null when it cannot be read.
 * @param {string} operatorToken
 * @param {string} eventId
 */
function exportCsv(operatorToken, eventId) {
  try {
    const { status, body } = http.get(`${baseUrl}/admin/events/${eventId}/reservations?format=csv`, {
      headers: { 'x-access-token': operatorToken },
    });
    return status === 200 && typeof body === 'string' ? body : null;
  } catch {
    return null;
  }
}
