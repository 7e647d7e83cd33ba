/**
 * Networks of one Linux machine: {@link tega.plugins.net.Network} is what is wanted or what is there, {@link
 * tega.plugins.net.Plan} the way from one to the other, {@link tega.plugins.net.Applier} goes it, or goes back.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
@NullMarked
package tega.plugins.net;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
