/**
 * What every part of tega agrees on: paths, values, snapshots, transactions, history, watches and errors.
 *
 * <p>Data types are concrete, immutable and safe to share between threads; nothing handed out here keeps the bundle that
 * made it alive. {@link tega.api.Tega} is where to begin.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
@NullMarked
package tega.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
