/** Keeps the roots of several servers equal: streams of commits up and down one connection, writes at replicas, merging. */
@NullMarked
package tega.sync;

import org.jspecify.annotations.NullMarked;
