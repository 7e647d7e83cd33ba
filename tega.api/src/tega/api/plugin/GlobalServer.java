package tega.api.plugin;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The server above this one, for a plugin that must know whether what it did has cut this server off. Any thread. */
@ProviderType
public interface GlobalServer {
    /** Whether this server is to have one. */
    boolean isConfigured();

    /**
     * Asks it whether it is there, over the link on which both have shown who they are, and returns at once. The stage ends with how
     * long the answer took, or with {@code UNAVAILABLE}: there is no link, or there was no answer within {@code deadline}.
     */
    CompletionStage<Duration> reach(Duration deadline);
}
