package tega.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import tega.bench.Contender.Run;

/**
 * How quick and how small an idle server is, beside a bare Jetty on the same Java with the same flags. The contenders
 * take turns, so that what else the machine does meets all of them alike; medians are told.
 */
final class StartBench {
    private static final Path HOME = Path.of(System.getProperty("tega.home"));
    private static final Path HELLO = Path.of(System.getProperty("hello.jar"));
    private static final boolean AOT = Runtime.version().feature() >= 25;
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private StartBench() {}

    static void run(String[] arguments) throws IOException, InterruptedException {
        int runs = arguments.length == 0 ? 15 : Integer.parseInt(arguments[0]);
        Path stage = Files.createTempDirectory("bench");
        List<String> flags = flags();
        String archive = stage.resolve("hello.archive").toString();
        hello("", with(flags, (AOT ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive))
                .rehearse();
        List<Contender> contenders = List.of(
                hello("bare Jetty", flags),
                hello(
                        "bare Jetty, class archive",
                        with(flags, (AOT ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive)),
                tega("tega, no class archive", "off"),
                tega("tega", stage.resolve("cache").toString()));
        contenders.get(3).run(); // the first start makes the archive
        List<List<Run>> results = new ArrayList<>();
        contenders.forEach(contender -> results.add(new ArrayList<>()));
        for (int i = 0; i < runs; i++) {
            for (int j = 0; j < contenders.size(); j++) {
                results.get(j).add(contenders.get(j).run());
            }
        }
        print(contenders, results, flags);
    }

    private static void print(List<Contender> contenders, List<List<Run>> results, List<String> flags)
            throws IOException {
        System.out.printf(
                "Java %s, %d processors, %d runs each in turns, `%s`%n%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                results.get(0).size(),
                String.join(" ", flags));
        System.out.println("| | exec to first 200, ms: least / median | resident, MB | threads |");
        System.out.println("|---|---|---|---|");
        for (int i = 0; i < contenders.size(); i++) {
            List<Run> runs = results.get(i);
            System.out.printf(
                    "| %s | %d / %.0f | %.0f | %.0f |%n",
                    contenders.get(i).name(),
                    runs.stream().mapToLong(Run::millis).min().orElseThrow(),
                    median(runs, Run::millis),
                    median(runs, Run::megabytes),
                    median(runs, Run::threads));
        }
        printRatio("tega : bare, neither with an archive", results.get(2), results.get(0));
        printRatio("tega : bare, both with an archive", results.get(3), results.get(1));
        Path packed = HOME.resolveSibling(HOME.getFileName() + ".tar.gz");
        System.out.printf("%nPacked: tega %.1f MB, hello jar %.1f MB%n", megabytes(packed), megabytes(HELLO));
    }

    private static void printRatio(String name, List<Run> one, List<Run> other) {
        System.out.printf(
                "| %s | × %.2f | × %.2f | |%n",
                name, ratio(one, other, Run::millis), ratio(one, other, Run::megabytes));
    }

    private static double ratio(List<Run> one, List<Run> other, ToDoubleFunction<Run> value) {
        return median(one, value) / median(other, value);
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double megabytes(Path file) throws IOException {
        return Files.size(file) / 1e6;
    }

    private static Contender hello(String name, List<String> flags) {
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(flags);
        command.addAll(List.of("-jar", HELLO.toString(), "PORT"));
        return new Contender(name, command);
    }

    private static Contender tega(String name, String cache) {
        return new Contender(
                name,
                List.of(
                        "env",
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        "TEGA_CACHE=" + cache,
                        HOME.resolve("bin/tega").toString(),
                        "server",
                        "--daemon",
                        "-p",
                        "PORT",
                        "-d",
                        "DATA"));
    }

    /** The flags tega gives its Java, as its script says them. */
    static List<String> flags() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "env",
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        HOME.resolve("bin/tega").toString(),
                        "flags")
                .start();
        String flags = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return List.of(flags.strip().split(" "));
    }

    private static List<String> with(List<String> flags, String flag) {
        List<String> more = new ArrayList<>(flags);
        more.add(flag);
        return more;
    }
}
