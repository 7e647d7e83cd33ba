package tega.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** What can be asked of the deployment, the same for the shell, REST and calls. Whoever asks was permitted to. */
final class Desk {
    private static final String LOCAL = "local";

    private final Deployer deployer;
    private final DropFolders folders;
    private final Uploads uploads;
    private final Executor trials;

    Desk(Deployer deployer, DropFolders folders, Uploads uploads, Executor trials) {
        this.deployer = deployer;
        this.folders = folders;
        this.uploads = uploads;
        this.trials = trials;
    }

    /** What a delivery must be, beside the bytes. */
    record Terms(@Nullable String digest, @Nullable String signature, boolean force) {}

    /** A table of what was installed, and of files that lie in a folder and do not run. */
    Value table() {
        var rows = new java.util.ArrayList<Value>();
        deployer.releases().stream()
                .filter(release -> release.stage() != Stage.REMOVED)
                .forEach(release -> rows.add(ReleaseText.row(release)));
        folders.faults()
                .forEach((file, fault) -> rows.add(ObjectValue.builder()
                        .put("bundle", Value.of(file))
                        .put("version", Value.of(""))
                        .put("state", Value.of("not taken"))
                        .put("reason", Value.of(fault))
                        .build()));
        return Value.array(rows);
    }

    /** All that is known of a bundle; {@code NOT_FOUND} when that is nothing. */
    ObjectValue one(String name) {
        return ReleaseText.value(release(name));
    }

    private Release release(String name) {
        return deployer.release(name)
                .orElseThrow(() -> new TegaException.NotFound(
                        "no bundle '" + name + "' was installed here; 'plugins' lists those there are"));
    }

    /** How it is with a bundle, or with a file in a folder, in lines. */
    String why(String name) {
        var fault = folders.faults().get(name);
        if (fault != null) {
            return name + "\n  reason  " + fault;
        }
        var release = release(name);
        return ReleaseText.why(release, release.active() == null ? java.util.List.of() : deployer.troubles(name));
    }

    /** Installs from a file of this machine or from a URL, and waits for the end of the trial. */
    Value install(String place, Terms terms, Identity by) {
        if (!place.matches("[a-z]+://?.*")) {
            return apart(delivery(Path.of(place), "file " + place, terms, by));
        }
        var name = sha256(place.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        try {
            return apart(delivery(uploads.fetch(URI.create(place), name), place, terms, by));
        } catch (IllegalArgumentException e) {
            throw new TegaException.Invalid("'" + place + "' is no URL");
        } finally {
            uploads.forget(name);
        }
    }

    /** Installs what was sent, and waits for the end of the trial. */
    Value install(byte[] jar, Terms terms, Identity by) {
        if (jar.length == 0) {
            throw new TegaException.Invalid("the body is empty; it must be a jar");
        }
        var digest = sha256(jar);
        var file = uploads.keep(digest, new ByteArrayInputStream(jar));
        try {
            return apart(delivery(file, "upload", terms, by));
        } finally {
            uploads.forget(digest);
        }
    }

    /** Keeps a piece of a jar. */
    Value piece(String digest, long offset, byte[] piece) {
        return Value.object("held", Value.of(uploads.add(digest, offset, piece)));
    }

    /** How much of a jar was sent. */
    Value held(String digest) {
        try {
            return Value.object("held", Value.of(uploads.held(digest)));
        } catch (IOException e) {
            throw new TegaException.Unavailable("what was sent cannot be read: " + e.getMessage(), e);
        }
    }

    /** Begins the trial of what was sent in pieces; how it ends is told by {@link #one}. */
    Value begin(String digest, Terms terms, Identity by) {
        var file = uploads.whole(digest);
        var name = Jar.read(file).name();
        var trial = deployer.begin(delivery(file, "upload", terms, by));
        uploads.forget(digest);
        trial.ifPresent(begun -> trials.execute(() -> {
            try {
                deployer.finish(begun);
            } catch (TegaException e) {
                // The release says why.
            }
        }));
        return Value.object(
                "bundle",
                Value.of(name),
                "stage",
                Value.of(release(name).stage().word()));
    }

    Value rollback(String name, Identity by) {
        return done(deployer.rollback(name, by.author()));
    }

    void remove(String name) {
        deployer.remove(name);
    }

    void enable(String name) {
        deployer.enable(name);
    }

    void disable(String name) {
        deployer.disable(name);
    }

    /** By a thread of its own: that of whoever asks may be one of the part that is exchanged, and go with it. */
    private Value apart(Delivery delivery) {
        var end = new CompletableFuture<Release>();
        trials.execute(() -> {
            try {
                end.complete(deployer.deploy(delivery));
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        try {
            return done(end.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TegaException.Unavailable("it goes on, but this answer does not; 'plugins' tells how it ends", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TegaException known
                    ? known
                    : new TegaException.Internal("the deployment failed: " + e.getCause(), e);
        }
    }

    private static Value done(Release release) {
        return ReleaseText.row(release);
    }

    private static Delivery delivery(Path file, String source, Terms terms, Identity by) {
        if (!Files.isRegularFile(file)) {
            throw new TegaException.NotFound("there is no file " + file.toAbsolutePath() + " on the server's machine");
        }
        return new Delivery(file, source, by.author(), isRemote(by), terms.digest(), terms.signature(), terms.force());
    }

    /** Whoever came with no more than being on this machine is on this machine; of all others that is not known. */
    private static boolean isRemote(Identity by) {
        return !by.isConsole() && !by.author().equals(LOCAL);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
