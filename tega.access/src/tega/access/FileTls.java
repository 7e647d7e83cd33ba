package tega.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.TlsContexts;
import tega.api.spi.TlsFiles;

/** TLS with keys and certificates out of files, exchanged while it is in use. */
public final class FileTls implements TlsContexts {
    /** Keeps nothing by itself. */
    public FileTls() {}

    @Override
    public Tls open(TlsFiles files) {
        return new Watched(files);
    }

    /** A session that is resumed is not checked again, so none is resumed for long. */
    private static final int RESUMED_SECONDS = 600;

    private static final class Watched implements Tls {
        private final TlsFiles files;
        private final FileKeys keys = new FileKeys();
        private final FileTrust trust = new FileTrust();
        private final SSLContext context;
        private List<String> seen;

        Watched(TlsFiles files) {
            this.files = files;
            this.seen = look(files);
            use(TlsMaterial.read(files));
            try {
                context = SSLContext.getInstance("TLS");
                context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
                context.getServerSessionContext().setSessionTimeout(RESUMED_SECONDS);
                context.getClientSessionContext().setSessionTimeout(RESUMED_SECONDS);
            } catch (GeneralSecurityException e) {
                throw new TegaException.Internal("this Java has no TLS", e);
            }
        }

        @Override
        public SSLContext context() {
            return context;
        }

        @Override
        public synchronized boolean refresh() {
            var now = look(files);
            if (now.equals(seen)) {
                return false;
            }
            use(TlsMaterial.read(files));
            seen = now;
            return true;
        }

        private void use(TlsMaterial material) {
            trust.use(material.authorities());
            keys.use(material.own());
        }

        /** What changes when a file does. */
        private static List<String> look(TlsFiles files) {
            var looks = new ArrayList<String>();
            for (var file : new @Nullable Path[] {files.certificates(), files.key(), files.authorities()}) {
                if (file != null) {
                    try {
                        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                        looks.add(attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey());
                    } catch (IOException e) {
                        looks.add("not there");
                    }
                }
            }
            return looks;
        }
    }
}
