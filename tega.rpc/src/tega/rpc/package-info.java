/** Calls of RPC paths, answered by plugins and by connected clients. */
@NullMarked
package tega.rpc;

import org.jspecify.annotations.NullMarked;
