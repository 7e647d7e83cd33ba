package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;

/** Something that is in force until closed; closing twice does nothing. */
@ProviderType
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
