// The operator's console on an embedded server. The test of the event list comes first, while it is short.
import './console/accessibility.js';
import './console/operating.js';
import './console/rehearsing.js';
import './console/auditing.js';
import './console/failures.js';
import './console/logging-in.js';
