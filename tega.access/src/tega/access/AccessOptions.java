package tega.access;

/**
 * What was decided where the server is started.
 *
 * @param loopback whether those who connect from this machine and show nothing are let in, as {@code local}
 * @param insecure whether those who connect from elsewhere and show nothing are let in, as {@code anonymous}
 */
public record AccessOptions(boolean loopback, boolean insecure) {
    /** This machine alone. */
    public static final AccessOptions DEFAULT = new AccessOptions(true, false);
}
