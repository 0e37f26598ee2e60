// The fixture that a file's tests share on an embedded server: starting a server and a browser takes seconds, opening
// an event does not.
import { after, afterEach, before } from 'node:test';
import { Fixture } from './fixture.js';

/** @type {Fixture} */
export let fixture;

before(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.endVisits());
after(() => fixture.close());
