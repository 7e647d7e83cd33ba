package tega.api.spi;

import java.time.Duration;

/**
 * How the commit log of this machine's disk behaves.
 *
 * @param segmentBytes a segment that has grown so large is closed and the next begun
 * @param pictureAfterBytes a picture is written when so much was appended since the last one, and at least as much as that one
 *     is large
 * @param pictureBytesPerSecond how fast a picture is written, for the sake of flash; 0 is as fast as the disk
 * @param keepRevisions so many revisions of history are kept at least
 * @param keepAge history younger than this is kept
 * @param keepBytes when segments and pictures exceed this, the oldest go even if {@code keepRevisions} would keep them; 0: never
 */
public record LogOptions(
        int segmentBytes,
        long pictureAfterBytes,
        long pictureBytesPerSecond,
        long keepRevisions,
        Duration keepAge,
        long keepBytes) {
    /** Segments of 8 MiB, a picture every 16 MiB, written at 16 MiB/s, 10 000 revisions kept, no age, 1 GiB. */
    public static final LogOptions DEFAULT =
            new LogOptions(8 << 20, 16 << 20, 16 << 20, 10_000, Duration.ZERO, 1L << 30);
}
