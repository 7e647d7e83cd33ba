/** tega from outside: what was packed is unpacked, booted in a process of its own, used over HTTP, killed. */
@NullMarked
package tega.itest;

import org.jspecify.annotations.NullMarked;
