/** The append-only commit log on this machine's disk: what is acknowledged is durable, whatever happens. */
@NullMarked
package tega.log;

import org.jspecify.annotations.NullMarked;
