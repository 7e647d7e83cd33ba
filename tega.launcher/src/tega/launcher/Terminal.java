package tega.launcher;

import java.io.Console;

/** Is a person there to type? */
final class Terminal {
    private Terminal() {}

    @SuppressWarnings("SystemConsoleNull") // the question that null no longer answers is put below
    static boolean isThere() {
        Console console = System.console();
        return console != null && isTerminal(console);
    }

    /** From JDK 22 on there is a console without a terminal too, and a method that tells; until then there is neither. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
