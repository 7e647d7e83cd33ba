package tega.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.deploy.Workshop.digest;
import static tega.deploy.Workshop.glance;
import static tega.deploy.Workshop.sent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.TegaException;

/** What becomes of a build: each case of the matrix, for a leaf of the distribution, which must run whatever comes. */
class DeployerTest {
    private static final String LEAF = "tega.store";

    @TempDir
    private Path folder;

    private Workshop shop;
    private Path shipped;
    private Path newer;
    private Deployer deployer;

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        shipped = shop.leaf(LEAF);
        newer = shop.jar("newer.jar", LEAF, "1.1.0", "better");
        deployer = shop.deployer();
    }

    private void runs(Path jar) {
        assertThat(shop.host.set()).containsExactly(Map.entry(LEAF, glance(jar)));
        shop.restart();
        assertThat(shop.host.set()).as("after a restart").containsExactly(Map.entry(LEAF, glance(jar)));
    }

    private Release release() {
        return deployer.release(LEAF).orElseThrow();
    }

    @Test
    void aGoodOneStays() {
        var release = deployer.deploy(sent(newer));
        assertThat(release.stage()).isEqualTo(Stage.COMMITTED);
        assertThat(release.active().digest()).isEqualTo(digest(newer));
        runs(newer);
    }

    @Test
    void theSameOnceMoreDoesNothing() {
        deployer.deploy(sent(newer));
        shop.host.done.clear();
        assertThat(deployer.deploy(sent(newer)).stage()).isEqualTo(Stage.COMMITTED);
        assertThat(shop.host.done).isEmpty();
    }

    @Test
    void oneThatIsNeverHealthyIsTakenBackAndNotTriedAgain() {
        shop.host.sick.put(digest(newer), "the component tega.store.Store waits for a service X");
        assertThatThrownBy(() -> deployer.deploy(sent(newer)))
                .isInstanceOf(TegaException.Unavailable.class)
                .hasMessageContaining("waits for a service X");
        assertThat(release().stage()).isEqualTo(Stage.ROLLED_BACK);
        runs(shipped);
        shop.host.sick.clear();
        assertThatThrownBy(() -> shop.restart().deploy(sent(newer)))
                .as("its digest has not changed")
                .isInstanceOf(TegaException.Conflict.class)
                .hasMessageContaining("was tried before");
        runs(shipped);
        var other = shop.jar("newer.jar", LEAF, "1.1.0", "mended");
        assertThat(shop.restart().deploy(sent(other)).stage()).isEqualTo(Stage.COMMITTED);
        runs(other);
    }

    @Test
    void forceTriesOnceMore() {
        shop.host.sick.put(digest(newer), "a cold");
        assertThatThrownBy(() -> deployer.deploy(sent(newer))).hasMessageContaining("a cold");
        shop.host.sick.clear();
        assertThat(deployer.deploy(sent(newer, false, null, null, true)).stage())
                .isEqualTo(Stage.COMMITTED);
        runs(newer);
    }

    @Test
    void oneThatThrowsWhenItStartsIsTakenBack() {
        shop.host.deadborn.put(digest(newer), "tega.store does not start: out of paper");
        assertThatThrownBy(() -> deployer.deploy(sent(newer))).hasMessageContaining("out of paper");
        assertThat(release().quarantine()).containsKey(digest(newer));
        runs(shipped);
    }

    @Test
    void oneThatDoesNotFitStopsNothing() {
        shop.host.misfits.put(digest(newer), "it needs the package tega.api from 9.0.0");
        assertThatThrownBy(() -> deployer.deploy(sent(newer))).hasMessageContaining("from 9.0.0");
        assertThat(shop.host.done).isEmpty();
        assertThat(release().stage()).isEqualTo(Stage.REFUSED);
        assertThat(release().quarantine()).as("it may fit another day").isEmpty();
        runs(shipped);
    }

    @Test
    void anOlderOneIsRefusedUnlessForced() {
        deployer.deploy(sent(newer));
        var older = shop.jar("older.jar", LEAF, "1.0.5", "worse");
        shop.host.done.clear();
        assertThatThrownBy(() -> deployer.deploy(sent(older))).hasMessageContaining("is older than");
        assertThat(shop.host.done).isEmpty();
        runs(newer);
        deployer = shop.restart();
        deployer.deploy(sent(older, false, null, null, true));
        runs(older);
    }

    @Test
    void theSameVersionWithOtherBytesIsAnotherBuild() {
        deployer.deploy(sent(newer));
        var rebuilt = shop.jar("rebuilt.jar", LEAF, "1.1.0", "rebuilt");
        deployer.deploy(sent(rebuilt));
        runs(rebuilt);
    }

    @Test
    void halfAJarIsNoJar() throws Exception {
        var bytes = Files.readAllBytes(newer);
        for (var length : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
            Files.write(newer, java.util.Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> deployer.deploy(sent(newer))).isInstanceOf(TegaException.Invalid.class);
        }
        assertThat(shop.host.done).isEmpty();
        runs(shipped);
    }

    @Test
    void whatComesFromElsewhereMustBeSigned() throws Exception {
        assertThatThrownBy(() -> deployer.deploy(sent(newer, true, null, null, false)))
                .isInstanceOf(TegaException.Forbidden.class)
                .hasMessageContaining("is not signed");
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(Trust.statement(digest(newer)));
        var signature = Base64.getEncoder().encodeToString(signer.sign());
        assertThatThrownBy(() -> deployer.deploy(sent(newer, true, null, signature, false)))
                .hasMessageContaining("by none of the 0 keys");
        var keys = Files.createDirectories(folder.resolve("keys"));
        Files.writeString(
                keys.resolve("builder.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        var other = shop.jar("other.jar", LEAF, "1.2.0", "by somebody else");
        assertThatThrownBy(() -> deployer.deploy(sent(other, true, null, signature, false)))
                .as("a signature is for one build")
                .hasMessageContaining("by none of the 1 keys");
        assertThat(shop.host.done).isEmpty();
        deployer.deploy(sent(newer, true, null, signature, false));
        runs(newer);
    }

    @Test
    void whatCameIsWhatWasSent() {
        assertThatThrownBy(() -> deployer.deploy(sent(newer, false, "0".repeat(64), null, false)))
                .hasMessageContaining("send it again");
        runs(shipped);
    }

    @Test
    void rollbackGoesBackAndStaysThere() {
        deployer.deploy(sent(newer));
        var newest = shop.jar("newest.jar", LEAF, "1.2.0", "best");
        deployer.deploy(sent(newest));
        deployer.rollback(LEAF, "console:me");
        runs(newer);
        deployer = shop.restart();
        assertThatThrownBy(() -> deployer.deploy(sent(newest))).hasMessageContaining("taken back by console:me");
    }

    @Test
    void withoutABuildBeforeRollbackGoesToTheDistributions() {
        deployer.deploy(sent(newer));
        deployer.rollback(LEAF, "console:me");
        runs(shipped);
        assertThatThrownBy(() -> deployer.rollback(LEAF, "console:me")).isInstanceOf(TegaException.Conflict.class);
    }

    @Test
    void anotherDistributionGoesBeforeWhatWasPutIntoTheOneBefore() {
        deployer.deploy(sent(newer));
        shop.host.boot(Map.of());
        var after = shop.deployer(shop.disk, "d2");
        assertThat(after.release(LEAF).orElseThrow().active()).isNull();
        assertThat(shop.host.set()).containsExactly(Map.entry(LEAF, glance(shipped)));
    }

    @Test
    void aPluginIsDisabledAndEnabledAcrossRestarts() {
        var plugin = shop.jar("plugin.jar", "hello", "1.0.0", "hello");
        deployer.deploy(sent(plugin));
        deployer.disable("hello");
        assertThat(shop.host.running).doesNotContain("hello");
        deployer = shop.restart();
        assertThat(shop.host.running).doesNotContain("hello");
        deployer.enable("hello");
        assertThat(shop.host.running).contains("hello");
        shop.restart();
        assertThat(shop.host.running).contains("hello");
        assertThatThrownBy(() -> deployer.disable(LEAF)).isInstanceOf(TegaException.NotFound.class);
    }

    @Test
    void whatIsNobodysIsNotKept() throws Exception {
        for (var i = 0; i < 5; i++) {
            deployer.deploy(sent(shop.jar("n.jar", LEAF, "1.1." + i, "build " + i)));
        }
        assertThat(shop.disk.list()).hasSize(3).contains(Ledger.FILE);
    }

    /** Whatever is the last thing that gets onto the disk: after it there is the old set or the new one, and the next try works. */
    @Test
    void aKillAtAnyStepLeavesTheOldOrTheNew() {
        var seen = new HashSet<String>();
        var steps = 0;
        for (var at = 0; ; at++, steps++) {
            var here = new Workshop(folder.resolve("killed" + at));
            var before = here.leaf(LEAF);
            var jar = here.jar("newer.jar", LEAF, "1.1.0", "better");
            try {
                here.deployer(Disks.killed(here.disk, at), Workshop.DISTRIBUTION)
                        .deploy(sent(jar));
                break;
            } catch (Disks.Killed e) {
                var after = here.restart();
                assertThat(here.host.set()).isIn(Map.of(LEAF, glance(before)), Map.of(LEAF, glance(jar)));
                after.release(LEAF).ifPresent(release -> {
                    assertThat(release.stage().onTrial()).isFalse();
                    seen.add(release.reason());
                });
                assertThat(after.deploy(sent(jar)).stage())
                        .as("once is nobody's fault")
                        .isEqualTo(Stage.COMMITTED);
                here.restart();
                assertThat(here.host.set()).isEqualTo(Map.of(LEAF, glance(jar)));
            }
        }
        assertThat(steps).as("the jar, and each stage").isEqualTo(8);
        assertThat(seen)
                .contains(
                        "the server ended while it was staged",
                        "the server ended while it was verified",
                        "the server ended while it was planned",
                        "the server ended while it was installed",
                        "the server ended while it was started",
                        "the server ended while it was healthy");
    }

    @Test
    void aBuildThatTwiceEndsTheServerIsNotTriedAThirdTime() {
        for (var i = 0; i < Deployer.MOST_CUTS; i++) {
            deployer = shop.restart();
            assertThat(deployer.begin(sent(newer))).isPresent(); // and then the machine goes down
        }
        deployer = shop.restart();
        assertThatThrownBy(() -> deployer.begin(sent(newer))).hasMessageContaining("2 times");
        runs(shipped);
    }

    /** A disk that is full at any step, for that step or from then on: the old set runs, here and after a restart. */
    @Test
    void aFullDiskAtAnyStepLeavesTheOld() {
        for (var until : Set.of(1, Integer.MAX_VALUE)) {
            for (var at = 0; at < 8; at++) {
                var here = new Workshop(folder.resolve("full" + at + "-" + until));
                var before = here.leaf(LEAF);
                var jar = here.jar("newer.jar", LEAF, "1.1.0", "better");
                var to = until == 1 ? at + 1 : until;
                var attempt = here.deployer(Disks.full(here.disk, at, to), Workshop.DISTRIBUTION);
                if (at == 6 && until == 1) {
                    // what was not written of the first sign of health is written with the commit
                    assertThat(attempt.deploy(sent(jar)).stage()).isEqualTo(Stage.COMMITTED);
                    continue;
                }
                assertThatThrownBy(() -> attempt.deploy(sent(jar)))
                        .as("full at " + at)
                        .isInstanceOf(TegaException.Unavailable.class)
                        .hasMessageContaining("No space left");
                assertThat(here.host.set()).isEqualTo(Map.of(LEAF, glance(before)));
                var after = here.restart();
                assertThat(here.host.set()).isEqualTo(Map.of(LEAF, glance(before)));
                assertThat(after.deploy(sent(jar)).stage())
                        .as("there is room again")
                        .isEqualTo(Stage.COMMITTED);
            }
        }
    }
}
