/**
 * The Java driver: {@link tega.api.Tega} over the REST interface of another server, with nothing but the JDK's HTTP client. On
 * a class path {@link tega.api.spi.Connector} is found by {@link java.util.ServiceLoader}; {@link tega.client.HttpConnector} can
 * be made directly too.
 */
@NullMarked
package tega.client;

import org.jspecify.annotations.NullMarked;
