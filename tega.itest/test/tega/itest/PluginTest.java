package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugins of a packed server: what is put into a folder runs, what does not work is taken back and says why, and nobody else notices. */
@Timeout(180)
class PluginTest {
    private static final String[] QUICK = {"-Dtega.deploy.window=300", "-Dtega.deploy.patience=1500"};

    @TempDir
    private Path folder;

    private Rig boot(String... more) {
        var options = Arrays.copyOf(QUICK, QUICK.length + more.length + 2);
        System.arraycopy(more, 0, options, QUICK.length, more.length);
        options[options.length - 2] = "-e";
        options[options.length - 1] = plugins().toString();
        return Rig.boot(folder.resolve("data"), options);
    }

    private Path plugins() {
        return folder.resolve("plugins");
    }

    private static String version(Rig rig) {
        return rig.post("/_rpc?path=visitor.version", "{\"args\":[],\"kwargs\":{}}")
                .body();
    }

    private interface Condition {
        boolean holds();
    }

    private static long await(String what, Condition condition) throws InterruptedException {
        var began = System.nanoTime();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - began).as(what).isLessThan(Rig.DEADLINE.toNanos());
            Thread.sleep(20);
        }
        return (System.nanoTime() - began) / 1_000_000;
    }

    private static String why(Rig rig, String name) {
        return rig.get("/_bundles/" + name + "/why").body();
    }

    private static String stage(Rig rig) {
        return rig.get("/_bundles/" + Visitor.NAME).body().replaceAll(".*\"stage\":\"([a-z-]+)\".*", "$1");
    }

    private void drop(Path jar) throws Exception {
        Files.move(jar, plugins().resolve("visitor.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void whatLiesInTheFolderIsWhatRuns() throws Exception {
        Files.createDirectories(plugins());
        try (var rig = boot()) {
            drop(Visitor.build(folder.resolve("new.jar"), "1.0.0"));
            System.out.println("plugin: dropped, answers after "
                    + await("it answers", () -> version(rig).contains("1.0.0")) + " ms");
            await("it is committed", () -> stage(rig).equals("committed"));

            // half a copy: what runs goes on running, until the copy is whole
            var whole = Files.readAllBytes(Visitor.build(folder.resolve("new.jar"), "1.1.0"));
            Files.write(plugins().resolve("visitor.jar"), Arrays.copyOf(whole, whole.length - 30));
            await("it is told", () -> rig.get("/_bundles").body().contains("no whole jar"));
            assertThat(version(rig)).contains("1.0.0");
            assertThat(why(rig, "visitor.jar")).contains("no whole jar");
            Files.write(plugins().resolve("visitor.jar"), whole);
            System.out.println("plugin: replaced, answers after "
                    + await("it is exchanged", () -> version(rig).contains("1.1.0")) + " ms");
            await("it is committed", () -> stage(rig).equals("committed"));
            rig.stop();
        }
        try (var rig = boot()) {
            assertThat(version(rig)).as("at once after a restart").contains("1.1.0");
            rig.kill();
        }
        var rm = new ProcessBuilder("rm", "-rf", folder.resolve("data/cache").toString()).start();
        assertThat(rm.waitFor()).isZero();
        try (var rig = boot()) {
            assertThat(version(rig)).as("without the cache").contains("1.1.0");
            Files.delete(plugins().resolve("visitor.jar"));
            System.out.println("plugin: removed, gone after "
                    + await("it is gone", () -> !version(rig).contains("1.1.0")) + " ms");
            await("the tree says so", () -> rig.get("/_roots").body().contains("system-"));
        }
    }

    @Test
    void whatDoesNotWorkIsTakenBackAndSaysWhy() throws Exception {
        Visitor.build(plugins().resolve("visitor.jar"), "1.0.0");
        try (var rig = boot()) {
            await("it is committed", () -> stage(rig).equals("committed"));
            refused(rig, "2.0.0", 503, "out of paper", "Behaviour", "throws");
            refused(rig, "2.0.1", 503, "the visitor has a cold", "Behaviour", "sick");
            refused(
                    rig,
                    "2.0.2",
                    409,
                    "the package tega.api from 9.0",
                    "Import-Package",
                    "tega.api;version=\"[9,10)\"");
            refused(rig, "2.0.3", 409, "the package no.such.thing", "Import-Package", "no.such.thing");
            refused(rig, "0.9.0", 409, "is older than");
            refused(rig, "1.0.0", 409, "is a part of the base", "Bundle-SymbolicName", "tega.api");
            refused(rig, "2.0.4", 503, "does not start", "Bundle-Activator", "no.such.Activator");

            // what was taken back is not tried again
            var again = Files.readAllBytes(Visitor.build(folder.resolve("again.jar"), "2.1.0", "Behaviour", "throws"));
            assertThat(post(rig, "/_bundles", again)).startsWith("503").contains("out of paper");
            assertThat(post(rig, "/_bundles", again)).startsWith("409").contains("was tried before: ");

            // a signature must be good where one is given
            var jar = Files.readAllBytes(Visitor.build(folder.resolve("signed.jar"), "2.0.5"));
            assertThat(post(rig, "/_bundles?signature=AAAA", jar))
                    .contains("403")
                    .contains("by none of the 0 keys");
            assertThat(post(rig, "/_bundles", Arrays.copyOf(jar, jar.length / 2)))
                    .contains("400");
            assertThat(version(rig)).contains("1.0.0");

            // the same version with other bytes is another build
            assertThat(post(
                            rig,
                            "/_bundles",
                            Files.readAllBytes(
                                    Visitor.build(folder.resolve("same.jar"), "1.0.0", "Built-By", "somebody"))))
                    .startsWith("200");
            assertThat(rig.get("/_health").body()).contains("\"status\":\"ok\"");
        }
    }

    private void refused(Rig rig, String version, int status, String reason, String... headers) throws Exception {
        var jar = Visitor.build(folder.resolve("next.jar"), version, headers);
        assertThat(post(rig, "/_bundles", Files.readAllBytes(jar)))
                .startsWith(Integer.toString(status))
                .contains(reason);
        assertThat(version(rig)).as(reason).contains("1.0.0");
    }

    private static String post(Rig rig, String path, byte[] jar) {
        var answer = rig.send(HttpRequest.newBuilder(rig.address().resolve(path))
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(jar)));
        return answer.statusCode() + " " + answer.body();
    }

    /** A part of the server that is bad is taken back, too, and the server that was killed during a trial starts with the good one. */
    @Test
    void aPartOfTheServerComesBack() throws Exception {
        var bad = Visitor.rebuild(
                "tega.store", folder.resolve("bad.jar"), "0.1.9", "Service-Component", "OSGI-INF/no.xml");
        var slow = Visitor.rebuild("tega.store", folder.resolve("slow.jar"), "0.1.2");
        try (var rig = boot()) {
            rig.put("/a/b", "1");
            assertThat(post(rig, "/_bundles", Files.readAllBytes(bad)))
                    .startsWith("503")
                    .contains("worked before and does not now");
            assertThat(rig.get("/a/b").body()).isEqualTo("1");
            assertThat(rig.put("/a/b", "2").statusCode()).isEqualTo(200);
        }
        try (var rig = Rig.boot(folder.resolve("data"), "-Dtega.deploy.window=60000")) {
            assertThat(rig.get("/a/b").body()).isEqualTo("2");
            var digest = java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(slow)));
            var bytes = Files.readAllBytes(slow);
            var half = bytes.length / 2;
            assertThat(piece(rig, digest, 0, Arrays.copyOf(bytes, half))).contains("\"held\":" + half);
            assertThat(piece(rig, digest, 0, Arrays.copyOf(bytes, half))).contains("go on there");
            assertThat(piece(rig, digest, half, Arrays.copyOfRange(bytes, half, bytes.length)))
                    .contains("\"held\":" + bytes.length);
            assertThat(post(rig, "/_bundles/uploads/" + digest, new byte[0]))
                    .startsWith("202")
                    .contains("started");
            await("it is healthy", () -> rig.get("/_bundles/tega.store").body().contains("\"stage\":\"healthy\""));
            rig.put("/a/b", "3");
            rig.kill();
        }
        try (var rig = boot()) {
            assertThat(rig.get("/a/b").body()).isEqualTo("3");
            assertThat(why(rig, "tega.store")).contains("the server ended while it was healthy");
            assertThat(post(rig, "/_bundles", Files.readAllBytes(slow))).startsWith("200");
            assertThat(rig.post("/_bundles/tega.store/rollback", "").statusCode())
                    .isEqualTo(200);
            assertThat(rig.get("/a/b").body()).isEqualTo("3");
        }
    }

    private static String piece(Rig rig, String digest, long offset, byte[] piece) {
        var uri = rig.address().resolve("/_bundles/uploads/" + digest + "?offset=" + offset);
        return rig.send(HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/octet-stream")
                        .PUT(BodyPublishers.ofByteArray(piece)))
                .body();
    }

    /** Its listener and its calls never come back, or end their threads: others go on, and it is named. */
    @Test
    void aPluginThatBlocksHindersNobody() throws Exception {
        Visitor.build(plugins().resolve("visitor.jar"), "1.0.0", "Behaviour", "blocks");
        try (var rig = boot()) {
            rig.put("/blocked/a", "1");
            assertThat(rig.post("/_rpc?path=visitor.exit", "{\"args\":[],\"kwargs\":{}}")
                            .statusCode())
                    .isEqualTo(502);
            assertThat(rig.post("/_rpc?path=visitor.block&deadline=500", "{\"args\":[],\"kwargs\":{}}")
                            .statusCode())
                    .isEqualTo(504);
            assertThat(rig.put("/blocked/b", "2").statusCode()).isEqualTo(200);
            assertThat(version(rig)).contains("1.0.0");
            await("it is named", () -> rig.get("/_health").body().contains("tega.itest.Visitor"));
            assertThat(rig.post("/_bundles/" + Visitor.NAME + "/disable", "").statusCode())
                    .isEqualTo(200);
            await("it is well again", () -> rig.get("/_health").body().contains("\"status\":\"ok\""));
            assertThat(version(rig)).doesNotContain("1.0.0");
        }
    }
}
