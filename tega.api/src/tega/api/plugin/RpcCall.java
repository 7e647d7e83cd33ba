package tega.api.plugin;

import java.time.Duration;
import java.util.List;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;

/**
 * One call.
 *
 * @param path the RPC that is called
 * @param by who calls
 * @param args arguments by position
 * @param kwargs arguments by name
 * @param remaining how long the caller still waits
 */
public record RpcCall(Path path, Identity by, List<Value> args, ObjectValue kwargs, Duration remaining) {
    /** The list is copied. */
    public RpcCall {
        args = List.copyOf(args);
    }

    /** The {@code tega_id} of the caller. */
    public String caller() {
        return by.tegaId();
    }
}
