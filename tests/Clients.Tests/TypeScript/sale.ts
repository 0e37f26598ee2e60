// What a box office in another program does, with nothing but the types of the document.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

type Code = components['schemas']['ProblemCode'];

const [baseUrl = '', operatorPassword = ''] = process.argv.slice(2);
const nobody = createClient<paths>({ baseUrl });
const boss = await logIn('operator', operatorPassword);

// An operator opens an event, changes it, and removes the beginning of its sale.
const opensAt = new Date(Date.now() + 86_400_000).toISOString();
const terms = { name: 'Swan Lake', capacity: 1, holdSeconds: 300, opensAt };
const opened = await boss.POST('/admin/events', { body: terms });
assert.ok(opened.data);
assert.equal(opened.response.headers.get('Location'), `/ticket/events/${opened.data.data.id}`);
assert.equal(opened.data.data.state, 'UPCOMING');
const path = { eventId: opened.data.data.id };
const more = await boss.PATCH('/admin/events/{eventId}', { params: { path }, body: { capacity: 2, maxPerMember: 2 } });
assert.equal(more.data?.data.capacity, 2);
assert.notEqual(more.data?.data.opensAt, null); // what is not named stays

const ann = await signUp('ann-of-typescript');
const bob = await signUp('bob-of-typescript');
const early = await ann.POST('/ticket/reserve/{eventId}', { params: { path } });
assert.ok(early.error);
isRefused(early.error, 'NOT_OPEN');
assert.ok(early.error.opensAt && early.error.retryAfterMs);

const removed = await boss.PATCH('/admin/events/{eventId}', { params: { path }, body: { opensAt: null } });
assert.equal(removed.data?.data.opensAt, null);
assert.equal(removed.data?.data.state, 'OPEN');
const set = await boss.PATCH('/admin/events/{eventId}', { params: { path }, body: { closesAt: opensAt } });
assert.equal(Date.parse(set.data?.data.closesAt ?? ''), Date.parse(opensAt));

// A member reserves, repeats the call with the same key, and confirms.
const order = { params: { path, header: { 'Idempotency-Key': 'once' } }, body: { quantity: 2 } };
const held = await ann.POST('/ticket/reserve/{eventId}', order);
assert.equal(held.data?.data.status, 'HELD');
assert.equal(held.response.headers.get('Idempotency-Replayed'), null);
const again = await ann.POST('/ticket/reserve/{eventId}', order);
assert.equal(again.response.headers.get('Idempotency-Replayed'), 'true');
assert.equal(again.data?.data.reservationId, held.data?.data.reservationId);
const reservation = { params: { path: { reservationId: held.data?.data.reservationId ?? '' } } };
const confirmed = await ann.POST('/ticket/reservations/{reservationId}/confirm', reservation);
assert.equal(confirmed.data?.data.status, 'CONFIRMED');

const refused = await bob.POST('/ticket/reserve/{eventId}', { params: { path } });
assert.ok(refused.error);
isRefused(refused.error, 'SOLD_OUT');
assert.equal(refused.error.terminal, true);
assert.equal(refused.error.outcome, 'NOT_APPLIED');

// Lists read as lists.
const mine = await ann.GET('/ticket/reservations');
assert.deepEqual(mine.data?.data.map((reservation) => reservation.reservationId), [held.data?.data.reservationId]);
const events = await nobody.GET('/ticket/events', { params: { query: { limit: 100 } } });
assert.equal(events.data?.data.find((event) => event.id === path.eventId)?.state, 'SOLD_OUT');
const exported = await boss.GET('/admin/events/{eventId}/reservations', { params: { path } });
assert.ok(typeof exported.data === 'object'); // and not CSV
assert.equal(exported.data.data[0]?.memberId, 'ann-of-typescript');

// The tickets come back, and the other member gets one.
const cancelled = await ann.POST('/ticket/reservations/{reservationId}/cancel', reservation);
assert.equal(cancelled.data?.data.status, 'CANCELLED');
const second = await bob.POST('/ticket/reserve/{eventId}', { params: { path } });
assert.equal(second.data?.data.quantity, 1);

const stranger = await ann.POST('/admin/events/{eventId}/pause', { params: { path } });
assert.ok(stranger.error);
isRefused(stranger.error, 'FORBIDDEN');
const invalid = await boss.POST('/admin/events', { body: { name: 'Nothing', capacity: 0 } });
assert.ok(invalid.error?.errors?.['capacity']);

async function signUp(id: string) {
  const { data } = await nobody.POST('/member/signup', { body: { id, password: 'see you at the show' } });
  assert.equal(data?.data.id, id);
  return logIn(id, 'see you at the show');
}

async function logIn(id: string, password: string) {
  const { data } = await nobody.POST('/member/login', { body: { id, password } });
  return createClient<paths>({ baseUrl, headers: { 'x-access-token': data?.data.accessToken } });
}

function isRefused(problem: components['schemas']['Problem'], code: Code) { assert.equal(problem.code, code); }
