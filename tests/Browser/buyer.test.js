// The buyer's page on an embedded server. The test of the event list comes first, while it is short.
import './buyer/accessibility.js';
import './buyer/buying.js';
import './buyer/live.js';
import './buyer/failures.js';
import './buyer/logging-in.js';
