/** Messages to channels, never stored. */
@NullMarked
package tega.messaging;

import org.jspecify.annotations.NullMarked;
