/** The language of OpenWrt's configuration files: read, written, and as a tree. */
@NullMarked
package tega.plugins.openwrt.uci;

import org.jspecify.annotations.NullMarked;
