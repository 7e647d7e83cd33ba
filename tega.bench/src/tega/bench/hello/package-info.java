/** The yardstick: Jetty with one handler, in one jar. */
@NullMarked
package tega.bench.hello;

import org.jspecify.annotations.NullMarked;
