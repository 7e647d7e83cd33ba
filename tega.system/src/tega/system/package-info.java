/** Time and threads of the machine. */
@NullMarked
package tega.system;

import org.jspecify.annotations.NullMarked;
