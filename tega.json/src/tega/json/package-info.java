/** Text to value and back: JSON, YAML, and commits as lines. */
@NullMarked
package tega.json;

import org.jspecify.annotations.NullMarked;
