/**
 * What a plugin writes: small interfaces registered as OSGi services (whiteboard), and the annotations that say which
 * part of the tree each of them is for.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
@NullMarked
package tega.api.plugin;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
