/** Bundles in the field: installed, tried, exchanged, taken back. */
@NullMarked
package tega.deploy;

import org.jspecify.annotations.NullMarked;
