package tega.shell;

/** Reads commands and has them done, until there are no more. */
final class Console {
    private final Interpreter interpreter;
    private final Lines lines;
    private final Screen screen;
    private final Surface out;
    private final Runnable before;
    private int prompts;

    /** {@code before} is run before each command. */
    Console(Interpreter interpreter, Lines lines, Screen screen, Surface out, Runnable before) {
        this.interpreter = interpreter;
        this.lines = lines;
        this.screen = screen;
        this.out = out;
        this.before = before;
    }

    /** Returns when the user has quit or the input ended; whether every command succeeded. */
    boolean run() {
        if (screen.terminal()) {
            out.line("tega CLI (q: quit, h:help)");
        }
        var well = true;
        while (!interpreter.left()) {
            try {
                var line = lines.command(prompt());
                if (line == null) {
                    break;
                }
                before.run();
                well &= interpreter.run(line);
            } catch (Lines.GivenUp e) {
                if (e.empty()) {
                    break;
                }
            }
            prompts++;
        }
        return well;
    }

    private String prompt() {
        var place = interpreter.workspace().place();
        return "[tega: " + prompts + (place.isEmpty() ? "" : " " + place) + "] ";
    }
}
