/** Networks of Linux routers and hosts, declared in the tree. */
@NullMarked
package tega.plugins.nlan;

import org.jspecify.annotations.NullMarked;
