package tega.api;

/** What a watch does when its reader is slower than the commits. */
public enum WatchMode {
    /** Every commit, whole; when its queue overflows the watch ends with {@link WatchEvent.Slow}. */
    LOG,
    /** The newest state: waiting changes are combined path by path, and how many commits were combined is told. */
    STATE
}
