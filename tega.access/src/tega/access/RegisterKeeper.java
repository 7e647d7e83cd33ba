package tega.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import tega.api.TegaException;

/** The register in force, and the file that holds it. What is in force is on disk. */
final class RegisterKeeper {
    private final Path file;
    private final AccessOptions options;
    private volatile Policy policy;

    private RegisterKeeper(Path file, AccessOptions options, Register register) {
        this.file = file;
        this.options = options;
        this.policy = new Policy(register, options);
    }

    /** Reads the file, if there is one; {@code DAMAGED} when it makes no sense. */
    static RegisterKeeper open(Path file, AccessOptions options) {
        try {
            var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            PrivateFile.restrict(file);
            return new RegisterKeeper(file, options, RegisterText.read(text, file.toString()));
        } catch (NoSuchFileException e) {
            return new RegisterKeeper(file, options, Register.EMPTY);
        } catch (IOException e) {
            throw new TegaException.Unavailable("the tokens and grants in " + file + " cannot be read: " + e, e);
        }
    }

    Policy policy() {
        return policy;
    }

    /** Makes a change durable, then lets it count; returns what counts then. */
    synchronized Register change(UnaryOperator<Register> change) {
        var before = policy.register();
        var after = change.apply(before);
        if (!after.equals(before)) {
            try {
                PrivateFile.replace(file, RegisterText.write(after).getBytes(StandardCharsets.UTF_8), true);
            } catch (IOException e) {
                throw new TegaException.Unavailable("nothing was changed, " + file + " cannot be written: " + e, e);
            }
            policy = new Policy(after, options);
            try {
                PrivateFile.syncName(file);
            } catch (IOException e) {
                throw new TegaException.UnknownOutcome(
                        "the change counts now, but a power failure may undo it: the folder of " + file
                                + " cannot be synced",
                        e);
            }
        }
        return after;
    }
}
