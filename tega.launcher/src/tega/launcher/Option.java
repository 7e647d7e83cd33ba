package tega.launcher;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** One option of the server: how it is typed, what it takes, and the framework property it becomes. */
enum Option {
    DATA('d', "data", "DIR", Argument.FOLDER, "tega.data", "the data folder, made if it is not there (./var)"),
    ID('t', "id", "NAME", Argument.WORD, "tega.id", "name of this server (the host's name)"),
    PORT('p', "port", "PORT", Argument.number(0, 65535), "tega.port", "port to listen on, 0 for any free one (8739)"),
    BIND('b', "bind", "ADDRESS", Argument.WORD, "tega.bind", "address to listen on (127.0.0.1)"),
    TLS(
            "tls",
            "PATH",
            Argument.FILE,
            "tega.tls",
            "serve HTTPS with server.pem and server.key of this folder, or a keystore (TEGA_TLS_PASSWORD)"),
    LIMIT("limit", "NAME=N...", Argument.SETTING, "tega.limits", "bounds of what clients may cost; see docs/bounds.md"),
    GLOBAL_HOST('H', "global-host", "HOST", Argument.WORD, "tega.global.host", "host of the global server"),
    GLOBAL_PORT('P', "global-port", "PORT", Argument.number(1, 65535), "tega.global.port", "port of the global server"),
    GLOBAL(
            "global",
            "URL",
            Argument.ANY,
            "tega.global.url",
            "the global server as ws://HOST:PORT or wss://HOST:PORT, in place of -H and -P"),
    GLOBAL_TOKEN("global-token", "FILE", Argument.FILE, "tega.global.token", "file with the token to show there"),
    GLOBAL_TLS(
            "global-tls",
            "DIR",
            Argument.FILE,
            "tega.global.tls",
            "ca.pem to know the global server by, and client.pem and client.key to be known by"),
    PROXY("proxy", "HOST:PORT", Argument.WORD, "tega.global.proxy", "HTTP proxy on the way to the global server"),
    OFFLINE(
            "offline-reject",
            "ROOT...",
            Argument.ROOT,
            "tega.offline.reject",
            "roots that may not be written while their home is out of reach"),
    CONFIG('C', "config", "ROOT...", Argument.ROOT, "tega.config.roots", "roots that live at the global server"),
    OPERATIONAL(
            'O', "operational", "ROOT...", Argument.ROOT, "tega.operational.roots", "roots that live here, sent up"),
    VOLATILE("volatile", "ROOT...", Argument.ROOT, "tega.volatile.roots", "roots kept in memory only, gone at the end"),
    PLUGINS('e', "plugins", "DIR...", Argument.FOLDER, "tega.plugins", "more folders with plugins, beside plugins/"),
    HISTORY(
            'l',
            "history",
            "N",
            Argument.number(0, Integer.MAX_VALUE),
            "tega.history",
            "versions to keep of each root"),
    LOG_LEVEL('L', "log-level", "LEVEL", Argument.LEVEL, "tega.log.level", "error, warn, info, debug or trace (info)"),
    COMMAND('c', "command", "COMMANDS", Argument.ANY, "tega.command", "run these shell commands, then stop"),
    ORIGIN(
            "origin",
            "ORIGIN...",
            Argument.ANY,
            "tega.http.origins",
            "web sites whose pages may read and write here (none)"),
    CLOSED("closed", "tega.access.closed", "ask programs on this machine for credentials, too"),
    INSECURE("insecure", "tega.insecure", "let anybody from anywhere in, without TLS and without credentials"),
    SSH(
            "ssh",
            "PORT",
            Argument.number(0, 65_535),
            "tega.ssh",
            "the shell by SSH on this port too, for the public keys in DATA/ssh/authorized_keys"),
    DAEMON("daemon", "no shell, even on a terminal; also --no-shell"),
    /** Start, ask a few things over HTTP, stop: how the class archive gets to know the classes. */
    REHEARSE("rehearse", ""),
    HELP('h', "help", "", Argument.ANY, "", "this text");

    final char letter;
    final String word;
    /** What stands for the argument in the help: empty when there is none, "X..." when there may be many. */
    final String placeholder;

    @SuppressWarnings("ImmutableEnumChecker") // it is: texts and a function without state
    final Argument argument;
    /** The framework property; empty when it is no concern of the bundles. */
    final String property;

    final String meaning;

    Option(char letter, String word, String placeholder, Argument argument, String property, String meaning) {
        this.letter = letter;
        this.word = word;
        this.placeholder = placeholder;
        this.argument = argument;
        this.property = property;
        this.meaning = meaning;
    }

    Option(String word, String placeholder, Argument argument, String property, String meaning) {
        this('\0', word, placeholder, argument, property, meaning);
    }

    Option(String word, String meaning) {
        this(word, "", meaning);
    }

    Option(String word, String property, String meaning) {
        this('\0', word, "", Argument.ANY, property, meaning);
    }

    static Optional<Option> byLetter(char letter) {
        return first(option -> option.letter == letter && letter != '\0');
    }

    static Optional<Option> byWord(String word) {
        return word.equals("no-shell") ? Optional.of(DAEMON) : first(option -> option.word.equals(word));
    }

    boolean takesNothing() {
        return placeholder.isEmpty();
    }

    boolean takesMany() {
        return placeholder.endsWith("...");
    }

    /** The argument as the bundles get it. */
    String read(String text) throws UsageException {
        return argument.read()
                .apply(text)
                .orElseThrow(() ->
                        new UsageException("--" + word + " takes " + argument.expected() + ", not '" + text + "'"));
    }

    /** Its line of the help; nothing for what only tega's own scripts use. */
    String help() {
        if (meaning.isEmpty()) {
            return "";
        }
        String letters = letter == '\0' ? "   " : "-" + letter + ",";
        return String.format("  %s --%-22s %s%n", letters, (word + " " + placeholder).strip(), meaning);
    }

    private static Optional<Option> first(Predicate<Option> matches) {
        return Arrays.stream(values()).filter(matches).findFirst();
    }
}
