package tega.deploy;

import tega.api.TegaException;

/**
 * One build of one bundle. Its digest tells it from every other, also from those of the same version.
 *
 * @param name the symbolic name of the bundle
 * @param version its version
 * @param digest the SHA-256 of the jar, in lower-case hexadecimal digits
 * @param size the jar in bytes
 */
record Artifact(String name, Version version, String digest, long size) {
    /** How much of a digest tells builds apart at a glance. */
    private static final int GLANCE = 12;

    private static final String NAME = "[A-Za-z0-9_.-]+";

    /** {@code INVALID} when the name is none that can be the name of a file. */
    Artifact {
        if (!name.matches(NAME) || name.startsWith(".") || !digest.matches("[0-9a-f]{64}")) {
            throw new TegaException.Invalid("'" + name + "' with the digest '" + digest + "' is no bundle");
        }
    }

    /** What its file is called in the depot. */
    String file() {
        return name + "_" + version + "_" + glance() + ".jar";
    }

    String glance() {
        return digest.substring(0, GLANCE);
    }

    /** What is written down of it. */
    String line() {
        return version + " " + digest + " " + size;
    }

    /** Reads {@link #line()}; {@code INVALID} when it is none. */
    static Artifact parse(String name, String line) {
        var words = line.split(" ", -1);
        if (words.length != 3 || !words[2].matches("\\d{1,18}")) {
            throw new TegaException.Invalid("'" + line + "' does not describe a build of " + name);
        }
        return new Artifact(name, Version.parse(words[0]), words[1], Long.parseLong(words[2]));
    }

    /** As people are told. */
    @Override
    public String toString() {
        return name + " " + version + " (" + glance() + ")";
    }
}
