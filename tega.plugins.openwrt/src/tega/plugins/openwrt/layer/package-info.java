/** What several layers, templates and the router's own, say of one configuration together. Plain Java, no threads of its own. */
@NullMarked
package tega.plugins.openwrt.layer;

import org.jspecify.annotations.NullMarked;
