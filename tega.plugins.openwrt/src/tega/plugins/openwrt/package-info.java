/** The configuration of OpenWrt routers. */
@NullMarked
package tega.plugins.openwrt;

import org.jspecify.annotations.NullMarked;
