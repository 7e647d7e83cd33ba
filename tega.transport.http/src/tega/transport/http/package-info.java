/** The doors of the server: REST and WebSocket on one port. */
@NullMarked
package tega.transport.http;

import org.jspecify.annotations.NullMarked;
