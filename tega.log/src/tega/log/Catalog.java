package tega.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Which files make up the log, immutable: segments and revisions of pictures, each oldest first.
 *
 * @param segments never empty once the log is open
 * @param pictures revisions
 */
record Catalog(List<Segment> segments, List<Long> pictures) {
    static final Catalog EMPTY = new Catalog(List.of(), List.of());
    private static final String PICTURE_PREFIX = "picture-";
    private static final String PICTURE_SUFFIX = ".tega";

    /** The name of a file under construction ends so; whatever bears it is of no use after a crash. */
    static final String UNFINISHED = ".tmp";

    Catalog {
        segments = List.copyOf(segments);
        pictures = List.copyOf(pictures);
    }

    /** What these files make up: nothing from before the log was last cleared or trimmed counts. */
    static Catalog of(List<String> names) {
        var all = names.stream()
                .filter(Segment::isName)
                .map(Segment::named)
                .sorted()
                .toList();
        var begin = 0;
        for (var i = 0; i < all.size(); i++) {
            if (all.get(i).isBeginning()) {
                begin = i;
            }
        }
        var segments = all.subList(begin, all.size());
        var from = segments.isEmpty() ? 0 : oldestPicture(segments.get(0));
        var pictures = names.stream()
                .map(Catalog::pictureRevision)
                .filter(revision -> revision >= from)
                .sorted()
                .toList();
        return new Catalog(segments, pictures);
    }

    /** The oldest picture that counts when the log begins with this segment. */
    private static long oldestPicture(Segment first) {
        return first.isCleared() ? first.first() : first.isBeginning() ? first.first() - 1 : 0;
    }

    static String pictureName(long revision) {
        return PICTURE_PREFIX + Digits.of(revision) + PICTURE_SUFFIX;
    }

    /** The revision in the name of a picture's file, or -1. */
    static long pictureRevision(String name) {
        return name.startsWith(PICTURE_PREFIX) && name.endsWith(PICTURE_SUFFIX)
                ? Digits.parse(name.substring(PICTURE_PREFIX.length(), name.length() - PICTURE_SUFFIX.length()))
                : -1;
    }

    /** Whether {@code name} is the log's own, but of no use to it any more. */
    boolean isLeftover(String name) {
        if (name.endsWith(UNFINISHED)) {
            return true;
        }
        return Segment.isName(name)
                ? !segments.contains(Segment.named(name))
                : pictureRevision(name) >= 0 && !pictures.contains(pictureRevision(name));
    }

    Segment newest() {
        return segments.get(segments.size() - 1);
    }

    Segment first() {
        return segments.get(0);
    }

    /** Where the segment is that holds {@code revision}, or -1 when all begin later. */
    int indexOf(long revision) {
        var found = -1;
        var low = 0;
        var high = segments.size() - 1;
        while (low <= high) {
            var middle = (low + high) >>> 1;
            if (segments.get(middle).first() <= revision) {
                found = middle;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return found;
    }

    /** The oldest revision whose state can be rebuilt. */
    long oldest() {
        if (first().isBase()) {
            return first().first() - 1;
        }
        for (var picture : pictures) {
            if (picture >= first().first() - 1) {
                return picture;
            }
        }
        return first().first() - 1;
    }

    /** With {@code segment} at the end, in place of one of the same name. */
    Catalog with(Segment segment) {
        var longer = new ArrayList<>(segments);
        longer.remove(segment);
        longer.add(segment);
        return new Catalog(longer, pictures);
    }

    Catalog withPicture(long revision) {
        var longer = new ArrayList<>(pictures);
        if (!longer.contains(revision)) {
            longer.add(revision);
        }
        longer.sort(null);
        return new Catalog(segments, longer);
    }

    Catalog withoutPicture(long revision) {
        return new Catalog(
                segments, pictures.stream().filter(other -> other != revision).toList());
    }

    Catalog withoutFirst() {
        return new Catalog(segments.subList(1, segments.size()), pictures);
    }

    /** Beginning with {@code remainder} in place of the segment that holds its first revision. */
    Catalog beginningWith(Segment remainder) {
        var rest = new ArrayList<Segment>();
        rest.add(remainder);
        rest.addAll(segments.subList(indexOf(remainder.first()) + 1, segments.size()));
        return new Catalog(
                rest,
                pictures.stream()
                        .filter(revision -> revision >= oldestPicture(remainder))
                        .toList());
    }

    /** Without pictures before {@code picture} and without segments that hold nothing after it. */
    Catalog from(long picture) {
        var index = Math.max(0, indexOf(picture + 1));
        return new Catalog(
                segments.subList(index, segments.size()),
                pictures.stream().filter(revision -> revision >= picture).toList());
    }
}
