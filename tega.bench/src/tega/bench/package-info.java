/** What tega costs, measured from outside and beside what it is built on. */
@NullMarked
package tega.bench;

import org.jspecify.annotations.NullMarked;
