/**
 * The shell: commands, the console that reads them, completion, and the command line {@code ./tega cli}. Every command is
 * written once, against {@link tega.api.spi.Server}, which is this process or another one.
 */
@NullMarked
package tega.shell;

import org.jspecify.annotations.NullMarked;
