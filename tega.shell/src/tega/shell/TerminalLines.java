package tega.shell;

import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** Lines from a person at a terminal: editing, history, completion. */
final class TerminalLines implements Lines {
    private final LineReader reader;

    TerminalLines(Terminal terminal, Suggestions suggestions, @Nullable Path history) {
        var builder = LineReaderBuilder.builder()
                .appName("tega")
                .terminal(terminal)
                .parser(TerminalLines::parse)
                .completer(completer(suggestions))
                .variable(LineReader.HISTORY_SIZE, 1000)
                // A pasted session is many commands, not one text of many lines.
                .option(LineReader.Option.BRACKETED_PASTE, false)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true);
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        reader = builder.build();
    }

    private static Completer completer(Suggestions suggestions) {
        return (reader, line, candidates) -> {
            for (var suggestion : suggestions.of(line.line().substring(0, line.cursor()))) {
                var help = suggestion.help().isEmpty() ? null : suggestion.help();
                candidates.add(new Candidate(
                        suggestion.text(), suggestion.shown(), null, help, null, null, suggestion.whole()));
            }
        };
    }

    /** Words as {@link Tail} sees them; whatever is typed is a whole line. */
    private static ParsedLine parse(String line, int cursor, Parser.ParseContext context) {
        var words = Suggestions.words(line.substring(0, cursor));
        return new Typed(line, cursor, words);
    }

    private record Typed(String line, int cursor, List<String> words) implements CompletingParsedLine {
        @Override
        public String word() {
            return words.get(words.size() - 1);
        }

        @Override
        public int wordCursor() {
            return word().length();
        }

        @Override
        public int wordIndex() {
            return words.size() - 1;
        }

        /** Suggestions are written as they must be typed. */
        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return wordCursor();
        }

        @Override
        public int rawWordLength() {
            return wordCursor();
        }
    }

    /** Puts lines above the one being typed, which stays as it is; without one, where the cursor is. */
    void above(String text) {
        reader.printAbove(text);
    }

    @Override
    public @Nullable String command(String prompt) throws GivenUp {
        return read(prompt, true);
    }

    @Override
    public @Nullable String value() throws GivenUp {
        return read("", false);
    }

    private @Nullable String read(String prompt, boolean command) throws GivenUp {
        reader.setVariable(LineReader.DISABLE_HISTORY, !command);
        reader.setVariable(LineReader.DISABLE_COMPLETION, !command);
        try {
            return reader.readLine(prompt);
        } catch (EndOfFileException e) {
            return null;
        } catch (UserInterruptException e) {
            throw new GivenUp(e.getPartialLine().isEmpty());
        }
    }
}
