package tega.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Inspectable;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogHealth;
import tega.api.spi.LogOptions;
import tega.api.spi.Picture;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.Recovery;
import tega.api.spi.Scheduler;
import tega.api.spi.Sink;

/**
 * The commit log of the data folder that {@code tega.data} names. Takes the folder when it begins; where that fails, or what is
 * in it is damaged, the server is told why it cannot go on.
 */
@Component(
        service = {CommitLog.class, Inspectable.class},
        immediate = true)
public final class LogComponent implements CommitLog, Inspectable {
    private final SegmentedLog log;
    private final @Nullable Consumer<String> fatal;

    /** Takes the folder. */
    @Activate
    public LogComponent(
            BundleContext context,
            @Reference CommitCodec commits,
            @Reference JsonCodec json,
            @Reference Scheduler scheduler,
            @Reference(target = "(tega.fatal=true)", cardinality = ReferenceCardinality.OPTIONAL) @Nullable
                    Consumer<String> fatal) {
        this.fatal = fatal;
        var data = context.getProperty("tega.data");
        var folder = Path.of(data == null ? "var" : data, FolderLogProvider.FOLDER);
        try {
            log = new SegmentedLog(new FolderStorage(folder), options(context), commits, json, scheduler);
            log.lock();
        } catch (TegaException e) {
            throw told(e);
        }
    }

    /** The launcher has checked that {@code tega.history}, where given, is a number. */
    private static LogOptions options(BundleContext context) {
        var usual = LogOptions.DEFAULT;
        return new LogOptions(
                usual.segmentBytes(),
                usual.pictureAfterBytes(),
                usual.pictureBytesPerSecond(),
                Math.max(usual.keepRevisions(), number(context, "tega.history", 0)),
                Duration.ofDays(number(context, "tega.keep.age", usual.keepAge().toDays())),
                number(context, "tega.keep.bytes", usual.keepBytes()));
    }

    private static long number(BundleContext context, String name, long usual) {
        var text = context.getProperty(name);
        if (text == null || text.isEmpty()) {
            return usual;
        }
        if (!text.matches("\\d{1,15}")) {
            throw new TegaException.Invalid("'" + name + "' is '" + text + "', which is not a number");
        }
        return Long.parseLong(text);
    }

    private TegaException told(TegaException e) {
        if (fatal != null) {
            fatal.accept(e.getMessage());
        }
        return e;
    }

    /** Gives up the folder. */
    @Override
    @Deactivate
    public void close() {
        log.close();
    }

    @Override
    public Recovery open(Sink sink) {
        try {
            return log.open(sink);
        } catch (TegaException e) {
            throw told(e);
        }
    }

    @Override
    public List<Receipt> append(List<Proposal> batch) {
        return log.append(batch);
    }

    @Override
    public long last() {
        return log.last();
    }

    @Override
    public long oldest() {
        return log.oldest();
    }

    @Override
    public int maxPayload() {
        return log.maxPayload();
    }

    @Override
    public Reader read(long revision) {
        return log.read(revision);
    }

    @Override
    public List<Long> pictures() {
        return log.pictures();
    }

    @Override
    public Picture picture(long revision) {
        return log.picture(revision);
    }

    @Override
    public long snapshot() {
        return log.snapshot();
    }

    @Override
    public void compact(long needed) {
        log.compact(needed);
    }

    @Override
    public void clear() {
        log.clear();
    }

    @Override
    public LogHealth health() {
        return log.health();
    }

    @Override
    public String subject() {
        return "log";
    }

    @Override
    public Optional<String> trouble() {
        var health = log.health();
        var sentence = health.writable() ? log.hindrance() : health.reason();
        return sentence.isEmpty() ? Optional.empty() : Optional.of(sentence);
    }

    @Override
    public ErrorCode code() {
        return log.code();
    }

    @Override
    public ObjectValue figures() {
        var figures = ObjectValue.builder();
        log.health().metrics().forEach((name, figure) -> figures.put(name, Value.of(figure)));
        return figures.build();
    }
}
