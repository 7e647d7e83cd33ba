package tega.access;

import tega.api.spi.Token;

/** A token with what proves it: the SHA-256 of its text, in hexadecimal. */
record StoredToken(Token token, String hash) {
    /** Does not tell the hash. */
    @Override
    public String toString() {
        return "StoredToken[" + token + "]";
    }
}
