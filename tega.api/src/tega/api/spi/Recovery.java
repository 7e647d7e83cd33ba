package tega.api.spi;

/**
 * How a log was brought up.
 *
 * @param picture the revision of the picture it began with, or 0
 * @param commits how many commits were applied after it
 * @param cutBytes how many bytes of a torn tail were cut off, or 0
 * @param last the revision of the last commit
 */
public record Recovery(long picture, long commits, long cutBytes, long last) {}
