/** Who are you, and may you: names proved by tokens and certificates, grants by path, and a log of who was refused. */
@NullMarked
package tega.access;

import org.jspecify.annotations.NullMarked;
