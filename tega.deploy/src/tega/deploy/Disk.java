package tega.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A flat folder, so that tests can put one that fills up or dies in its place. What a method has done when it returns is
 * durable; what it did not get done leaves the folder as it was.
 */
interface Disk {
    /** Makes or replaces a file as a whole. */
    void put(String name, InputStream content) throws IOException;

    /** Adds to the end of a file, made if it is not there. Durable only with {@link #put} or {@link #rename} later. */
    void append(String name, byte[] content) throws IOException;

    void rename(String from, String to) throws IOException;

    /** Does nothing when it is not there. */
    void delete(String name) throws IOException;

    List<String> list() throws IOException;

    /** Where a file is, or would be. */
    Path path(String name);
}
