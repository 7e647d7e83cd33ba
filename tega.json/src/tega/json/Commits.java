package tega.json;

import tega.api.Commit;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.CommitCodec;

/** Commits as lines; times and windows in whole milliseconds. */
public final class Commits implements CommitCodec {
    private final NameTable names = new NameTable();

    /** One that has seen no names yet. */
    public Commits() {}

    @Override
    public byte[] encode(Commit commit) {
        return CommitWriter.bytes(commit);
    }

    @Override
    public Commit decode(byte[] bytes, int offset, int length) {
        try {
            return CommitReader.read(new JsonScanner(bytes, offset, offset + length, JsonScanner.DEEPEST, names));
        } catch (TegaException.Invalid | TegaException.LimitExceeded e) {
            throw new TegaException.Damaged("this is not a commit: " + e.getMessage());
        }
    }

    @Override
    public Value toValue(Commit commit) {
        return CommitValue.of(commit);
    }
}
