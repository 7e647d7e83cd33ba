package tega.api.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Messages;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Rpc;
import tega.api.Scope;
import tega.api.Tega;
import tega.api.Value;
import tega.api.plugin.RpcHandler;

/**
 * A server as the person who tends it sees it: the database, and what is asked of the server itself. In the server's own
 * process it is put together from services; elsewhere a {@link Connector} reaches it over the network. What {@link Tega} can
 * tell by itself, but only by fetching far more than is wanted, is asked here. For any number of threads.
 */
@ProviderType
public interface Server extends AutoCloseable {
    /** The database, on behalf of whoever opened this. */
    Tega tega();

    /** Calls in the name of whoever opened this; {@code UNAVAILABLE} when the server takes none. */
    Rpc rpc();

    /**
     * Has {@code handler} answer the calls of {@code path} until closed. An ephemeral node at the path names who answers, so
     * writing there must be permitted; {@code CONFLICT} when this object answers for the path already. Over the network the author of a
     * call is not known to the handler, only the caller's {@code tega_id}.
     */
    Registration serve(Path path, RpcHandler handler);

    /** Publishes messages in the name of whoever opened this; {@code UNAVAILABLE} when the server takes none. */
    Messages messages();

    /**
     * Subscribes to messages until closed. What was published through {@link #messages()} of this same object is not heard. Who
     * subscribes is listed by the server under the {@code tega_id} that this was opened with.
     */
    Registration subscribe(PathPattern channels, Scope scope, Subscriber subscriber);

    /** The commands that the bundles of the server add to the shell, in order of their names. */
    List<ShellCommand.Syntax> commands();

    /** Has one of {@link #commands()} done; {@code NOT_FOUND} when there is none of this name. */
    Value command(String name, List<String> words);

    /** Where it is, for messages. */
    String address();

    /** The roots there are now, each with its version, in order of their names. */
    Map<String, Long> roots();

    /** For each root that has any: the kept versions before the current one, oldest first. */
    Map<String, List<Long>> olderVersions();

    /** The value at {@code path} when its root was at {@code version}; negative counts back from the current one. */
    Optional<Value> get(Path path, long version);

    /** The value at {@code path} as it was at {@code revision}; {@code NOT_FOUND} for a revision that never was. */
    Optional<Value> at(Path path, long revision);

    /** The {@link Edge}s of {@code root}, and with {@code older} those of its kept older versions, each once. */
    List<Edge> edges(String root, boolean older);

    /**
     * The value at {@code path} with what is known about each node beside it: objects get {@code _oid}, {@code _parent}, {@code
     * _version} and {@code _ephemeral}, leaves become objects with these and {@code _value} (v1's {@code internal}).
     */
    Optional<Value> annotated(Path path, OptionalLong version);

    /** For each node that {@code pattern} means, keyed by its dotted path: {@code groups} and {@code instance} (v1). */
    ObjectValue matching(PathPattern pattern);

    /** At most {@code limit} names of members of the object at {@code path} that begin with {@code prefix}; for completion. */
    List<String> names(Path path, String prefix, int limit);

    /** Writes a picture of the state beside the log now; returns its revision when it is durable. */
    long writePicture();

    /** The plugins there are, by name, each with where it runs. */
    ObjectValue plugins();

    /** The parts of the server and how they are. */
    List<Inspectable> parts();

    /** Says good-bye: ephemeral nodes made through {@link #tega()} go. */
    @Override
    void close();
}
