/**
 * Where the bundles of a server meet: the commit log, the codecs, sessions, and the outside world (time, storage,
 * scheduling) as injected interfaces. Plugins do not need it.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.1.0")
@NullMarked
package tega.api.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
