package tega.access;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tega.api.spi.TlsContexts;
import tega.api.spi.TlsFiles;

/** Makes {@link FileTls} a service. */
@Component
public final class TlsComponent implements TlsContexts {
    private final FileTls tls = new FileTls();

    /** Needs nothing. */
    @Activate
    public TlsComponent() {}

    @Override
    public Tls open(TlsFiles files) {
        return tls.open(files);
    }
}
