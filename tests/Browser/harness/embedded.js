// The stage that all tests of the embedded form share: a server and a browser cost seconds to start, an event costs nothing.
import { after, afterEach, before } from 'node:test';
import { Stage } from './stage.js';

/** @type {Stage} */
export let stage;

before(async () => { stage = await Stage.open(); });
afterEach(() => stage.endVisits());
after(() => stage.close());
