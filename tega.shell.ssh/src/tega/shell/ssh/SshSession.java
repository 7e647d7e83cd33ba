package tega.shell.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Function;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.spi.Shells;

/** One shell by SSH: at the terminal of whoever came, or the commands that came with them, or those that they pipe in. */
final class SshSession implements Command {
    private final Shells shells;
    private final Function<ServerSession, Identity> who;
    private final @Nullable String commands;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private OutputStream err = OutputStream.nullOutputStream();
    private ExitCallback exit = (status, message, immediately) -> {};
    private @Nullable Thread thread;

    /** {@code commands}: what to run, or null. */
    SshSession(Shells shells, Function<ServerSession, Identity> who, @Nullable String commands) {
        this.shells = shells;
        this.who = who;
        this.commands = commands;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        var session = channel.getServerSession();
        var type = environment.getEnv().get(Environment.ENV_TERM);
        var screen = type == null ? null : new SshScreen(type, environment);
        var begun = new Thread(
                () -> {
                    var well = false;
                    try {
                        well = shells.run(who.apply(session), new Shells.Seat(in, out, err, commands, screen));
                    } finally {
                        exit.onExit(well ? 0 : 1);
                    }
                },
                "tega-ssh");
        begun.setDaemon(true);
        thread = begun;
        begun.start();
    }

    /** The connection is gone, or the server goes. */
    @Override
    public void destroy(ChannelSession channel) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** The terminal at the other end. */
    private record SshScreen(String type, Environment environment) implements Shells.Screen {
        @Override
        public int columns() {
            return number(Environment.ENV_COLUMNS, 80);
        }

        @Override
        public int lines() {
            return number(Environment.ENV_LINES, 24);
        }

        private int number(String name, int otherwise) {
            try {
                var number = Integer.parseInt(environment.getEnv().getOrDefault(name, ""));
                return number > 0 ? number : otherwise;
            } catch (NumberFormatException e) {
                return otherwise;
            }
        }

        @Override
        public boolean colour() {
            return !environment.getEnv().containsKey("NO_COLOR");
        }

        @Override
        public void onResize(Runnable signal) {
            environment.addSignalListener((channel, what) -> signal.run(), Signal.WINCH);
        }
    }
}
