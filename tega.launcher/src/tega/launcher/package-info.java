/** {@code main} of the server: options in, framework up, one line when ready, clean end. */
@NullMarked
package tega.launcher;

import org.jspecify.annotations.NullMarked;
