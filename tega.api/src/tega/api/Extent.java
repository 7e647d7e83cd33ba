package tega.api;

/** How much of a subtree is meant. */
public enum Extent {
    /** The node and whatever is or could be below it. */
    ALL,
    /** Not the whole of it, but perhaps something below. */
    SOME,
    /** Nothing at or below the node. */
    NONE
}
