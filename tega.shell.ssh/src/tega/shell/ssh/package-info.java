/** The shell by SSH. */
@NullMarked
package tega.shell.ssh;

import org.jspecify.annotations.NullMarked;
