package tega.api.spi;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Requests of REST that a bundle answers: register it as a service and they are served and described, withdraw it and they are
 * gone. One of the same method and path as another, or as one of the server's own, stands in for it as long as it is there; of
 * several the latest does.
 */
@ConsumerType
@FunctionalInterface
public interface Routes {
    /** Asked once, when the service comes. */
    List<Route> routes();
}
