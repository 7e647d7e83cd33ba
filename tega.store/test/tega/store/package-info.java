@NullMarked
package tega.store;

import org.jspecify.annotations.NullMarked;
