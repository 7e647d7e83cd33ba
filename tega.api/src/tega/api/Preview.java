package tega.api;

import java.util.List;

/**
 * What a commit would do.
 *
 * @param edits what would change
 * @param notes what guards remark
 * @param refusals why it would be refused, one line each; empty when it would be accepted
 */
public record Preview(List<Edit> edits, List<String> notes, List<String> refusals) {
    /** The lists are copied. */
    public Preview {
        edits = List.copyOf(edits);
        notes = List.copyOf(notes);
        refusals = List.copyOf(refusals);
    }

    /** Whether the commit would be accepted. */
    public boolean accepted() {
        return refusals.isEmpty();
    }
}
