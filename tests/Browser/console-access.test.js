import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { buy, logIntoConsole } from './console/operator.js';
import { assertAccessible } from './harness/axe.js';
import { desktop, phone, Stage } from './harness/stage.js';
