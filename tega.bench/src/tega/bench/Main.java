package tega.bench;

import java.util.Arrays;

/** {@code bench NAME [arguments]}: runs one measurement and prints a table for docs/benchmarks.md. */
public final class Main {
    private Main() {}

    /** Runs what was named. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        String[] rest = Arrays.copyOfRange(arguments, Math.min(1, arguments.length), arguments.length);
        switch (name) {
            case "start" -> StartBench.run(rest);
            case "store" -> StoreReport.run();
            case "tree" -> TreeBench.run();
            case "wire" -> WireBench.run(rest);
            case "sync" -> SyncBench.run();
            case "log" -> LogBench.run(rest);
            case "openwrt" -> tega.plugins.openwrt.OpenWrtBench.main(rest);
            case "micro" -> org.openjdk.jmh.Main.main(rest);
            default -> {
                System.err.println("""
                        usage: ./tega bench NAME
                          start [RUNS]      exec to first answer, memory and threads, beside a bare Jetty (15 runs)
                          store             commits, reads, watchers and memory of the store, each beside its aim
                          tree              single leaves read and changed, versions compared, memory of both
                          wire [ROUNDS]     requests, durable writes, notifications and calls, beside bare floors, Redis and etcd (4)
                          sync              a commit until it is applied elsewhere, calls across servers, catching up, 1000 links
                          log [ROUNDS] [DIR] the commit log beside a bare fdatasync, and how quickly it comes up (80)
                          openwrt [ROUTERS] a large package read and planned, and one commit brought to many routers (200)
                          drivers [TURNS]   what the drivers of drivers/ add to a request, beside a bare socket (2000)
                          micro [REGEX...]  JMH on the classes everything goes through; -h lists its options""");
                System.exit(2);
            }
        }
    }
}
